/** Checks in JavaScript: the apps' engine has no WebCrypto. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';

import type { Checker } from './checker';

const SIGNATURE_OCTETS = 64;

export const phoneChecker: Checker = {
  // As strict as the browsers: RFC 8032, not the looser rule that chains of blocks agree on.
  isSigned: async (signature, said, key) =>
    signature.length === SIGNATURE_OCTETS && ed25519.verify(signature, said, key, { zip215: false }),
  sha256: async (content) => sha256(content),
};
