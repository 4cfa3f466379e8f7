/** Checks with the browser's own WebCrypto, which secure pages have. */
import type { Checker } from './checker';

const ALGORITHM = 'Ed25519';

export const browserChecker = (subtle: SubtleCrypto): Checker => ({
  isSigned: async (signature, said, key) =>
    subtle.verify(
      ALGORITHM,
      await subtle.importKey('raw', key, ALGORITHM, false, ['verify']),
      signature,
      said,
    ),
  sha256: async (content) => new Uint8Array(await subtle.digest('SHA-256', content)),
});
