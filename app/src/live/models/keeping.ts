/**
 * Which form models this device keeps: the newest that the server signed and the one before it. Nothing takes their
 * place that is unsigned, damaged, older than what was seen before, or that failed its test on this device.
 */
import type { Checker, Octets } from './checker';
import { isSigned, type Keys, type ModelFile, type Offer, type Statement, statementOf } from './statement';

export const FORM_MODEL = 'push_up_form';

/** What the device remembers: keys trusted since first sight, the last release seen, and what came with it. */
export type Kept = {
  keys: Keys;
  release: number;
  /** The newest first, two at most; none: the model that ships with the app. */
  offers: readonly Offer[];
  /** Digests of files that failed their test here; they are never tried again. */
  failed: readonly string[];
};

/** Where it is remembered. */
export interface Shelf {
  read(): Promise<Kept | null>;
  write(kept: Kept): Promise<void>;
  file(sha256: string): Promise<Octets | null>;
  put(sha256: string, content: Octets): Promise<void>;
  /** Let all other files go. */
  keepOnly(digests: readonly string[]): Promise<void>;
}

export type Outcome =
  /** A file was fetched or taken back, or the shipped model is meant again. */
  | 'updated'
  | 'current'
  /** No trusted key signed it, or it cannot be read. */
  | 'unsigned'
  /** It was said before what this device has seen. */
  | 'older'
  /** What came is not the file that was signed. */
  | 'damaged'
  /** It failed its test on this device before. */
  | 'failed';

/** A model that may be tried. */
export type Candidate = Pick<ModelFile, 'number' | 'sha256' | 'golden'> & {
  content: Octets;
};

export function formModels(shelf: Shelf, checker: Checker) {
  const read = async (offer: Offer, keys: Keys): Promise<Statement | null> =>
    (await isSigned(offer, keys, checker)) ? statementOf(offer, FORM_MODEL) : null;

  const isRight = async (content: Octets, file: ModelFile): Promise<boolean> =>
    content.length === file.sizeBytes && hexOf(await checker.sha256(content)) === file.sha256;

  const checked = async (file: ModelFile): Promise<Octets | null> => {
    const content = await shelf.file(file.sha256);
    return content !== null && (await isRight(content, file)) ? content : null;
  };

  /** Take over what the server offers, if all of it is right. */
  async function take(offer: Offer, fetched: (sha256: string) => Promise<Octets>): Promise<Outcome> {
    const kept = await shelf.read();
    // At first sight the server's own keys are believed, and from then on no others but those these introduce.
    const said = await read(offer, kept?.keys ?? statementOf(offer, FORM_MODEL)?.keys ?? {});
    if (said === null) return 'unsigned';
    const before = await Promise.all((kept?.offers ?? []).map((one) => read(one, kept?.keys ?? {})));
    const [newest] = before;
    const isSame = newest?.file?.sha256 === said.file?.sha256;
    if (kept !== null && (said.release < kept.release || (said.release === kept.release && !isSame)))
      return 'older';
    const failed = kept?.failed ?? [];
    const { keys, release, file } = said;
    if (file === null) {
      await shelf.write({ keys, release, offers: [], failed });
      await shelf.keepOnly([]);
      return newest === undefined ? 'current' : 'updated';
    }
    if (failed.includes(file.sha256)) return 'failed';
    let content = await checked(file);
    const isThere = content !== null;
    content ??= await fetched(file.sha256);
    if (!(await isRight(content, file))) return 'damaged';
    if (!isThere) await shelf.put(file.sha256, content);
    // What a rollback left behind was taken back for a reason: only what is earlier still stays as the way out.
    const earlier = (kept?.offers ?? []).filter((_, place) => {
      const one = before[place]?.file;
      return one !== null && one !== undefined && one.sha256 !== file.sha256 && one.number < file.number;
    });
    const offers = [offer, ...earlier.slice(0, 1)];
    await shelf.write({ keys, release, offers, failed });
    await shelf.keepOnly(offers.flatMap((one) => statementOf(one, FORM_MODEL)?.file?.sha256 ?? []));
    return isSame && isThere ? 'current' : 'updated';
  }

  /** The models to try, the newest first; signature and digest are checked again. */
  async function candidates(): Promise<Candidate[]> {
    const kept = await shelf.read();
    const found: Candidate[] = [];
    for (const offer of kept?.offers ?? []) {
      const file = (await read(offer, kept?.keys ?? {}))?.file ?? null;
      if (file === null || kept?.failed.includes(file.sha256)) continue;
      const content = await checked(file);
      if (content !== null)
        found.push({ number: file.number, sha256: file.sha256, golden: file.golden, content });
    }
    return found;
  }

  /** Remember that files failed their test on this device. */
  async function refuse(digests: readonly string[]): Promise<void> {
    const kept = await shelf.read();
    if (kept === null || digests.length === 0) return;
    await shelf.write({ ...kept, failed: [...new Set([...kept.failed, ...digests])] });
  }

  return { take, candidates, refuse };
}

const hexOf = (octets: Uint8Array): string =>
  Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
