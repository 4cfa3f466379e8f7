/** The pieces of the one set before the camera that is kept on this device. */
export type Pieces = {
  put(place: number, octets: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Null where there is none. */
  get(place: number): Promise<Uint8Array<ArrayBuffer> | null>;
  clear(): Promise<void>;
  /** Another page may have them; what is kept stays. */
  release(): void;
};
