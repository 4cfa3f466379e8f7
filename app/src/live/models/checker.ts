/** What the signatures and digests of models are checked with, whatever the platform has for it. */
export interface Checker {
  /** Whether an Ed25519 key (32 octets) signed what was said; throws where the platform knows no such signatures. */
  isSigned(signature: Octets, said: Octets, key: Octets): Promise<boolean>;
  sha256(content: Octets): Promise<Uint8Array>;
}

export type Octets = Uint8Array<ArrayBuffer>;
