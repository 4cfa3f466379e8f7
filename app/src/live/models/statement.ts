/** What the server says of the form model for devices: one signed statement, read only once its signature holds. */
import type { Checker, Octets } from './checker';

/** The statement as it was signed, and a signature by each of the server's keys. */
export type Offer = { statement: string; signatures: Readonly<Record<string, string>> };

/** Some frames, and what the model says of them one after the other. */
export type Golden = {
  frames: readonly { xy: readonly number[]; score: readonly number[]; step_s: number }[];
  outputs: readonly (readonly number[])[];
};

export type ModelFile = { number: number; sha256: string; sizeBytes: number; golden: Golden };

/** `release` grows with every change, rollbacks too; without a file the model that ships with the app is meant. */
export type Statement = { release: number; keys: Keys; file: ModelFile | null };

/** Ed25519 keys in base64, by id. */
export type Keys = Readonly<Record<string, string>>;

const FORMAT = 'topform-device-model';
const VERSION = 1;
const KEY_OCTETS = 32;

/** Whether one of the keys signed the statement; throws where the platform knows no such signatures. */
export async function isSigned(offer: Offer, keys: Keys, checker: Checker): Promise<boolean> {
  const said = new TextEncoder().encode(offer.statement);
  for (const [id, key] of Object.entries(keys)) {
    const signature = decoded(offer.signatures[id] ?? '');
    const raw = decoded(key);
    if (signature !== null && raw?.length === KEY_OCTETS && (await checker.isSigned(signature, said, raw)))
      return true;
  }
  return false;
}

/** The statement of an offer about a model; null if it is none that this app can read. */
export function statementOf(offer: Offer, model: string): Statement | null {
  const said = parsed(offer.statement);
  if (!isRecord(said) || said.format !== FORMAT || said.version !== VERSION || said.model !== model)
    return null;
  const { release, keys, file } = said;
  if (!isCount(release) || !isRecord(keys) || !Object.values(keys).every(isText)) return null;
  const known = file === null ? null : fileOf(file);
  return known === undefined ? null : { release, keys: keys as Keys, file: known };
}

function fileOf(said: unknown): ModelFile | undefined {
  if (!isRecord(said)) return undefined;
  const { number, sha256, size_bytes: sizeBytes, golden } = said;
  if (!isCount(number) || !isText(sha256) || !/^[0-9a-f]{64}$/.test(sha256) || !isCount(sizeBytes))
    return undefined;
  return isGolden(golden) ? { number, sha256, sizeBytes, golden } : undefined;
}

function isGolden(said: unknown): said is Golden {
  return (
    isRecord(said) &&
    Array.isArray(said.frames) &&
    Array.isArray(said.outputs) &&
    said.frames.length > 0 &&
    said.frames.length === said.outputs.length &&
    said.outputs.every(areNumbers) &&
    said.frames.every(
      (frame: unknown) =>
        isRecord(frame) && areNumbers(frame.xy) && areNumbers(frame.score) && Number.isFinite(frame.step_s),
    )
  );
}

function decoded(base64: string): Octets | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isRecord = (said: unknown): said is Record<string, unknown> =>
  typeof said === 'object' && said !== null && !Array.isArray(said);
const isText = (said: unknown): said is string => typeof said === 'string';
const isCount = (said: unknown): said is number => Number.isSafeInteger(said) && Number(said) >= 0;
const areNumbers = (said: unknown): said is number[] => Array.isArray(said) && said.every(Number.isFinite);
