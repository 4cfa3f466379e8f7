/** Nothing to read in a browser. */
export function HealthOnOpen() {
  return null;
}
