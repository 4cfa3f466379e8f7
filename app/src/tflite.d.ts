/** A model that is a part of the app, as Metro numbers it. */
declare module '*.tflite' {
  const asset: number;
  export default asset;
}
