/**
 * Which form models a device takes and keeps; the server's signatures are made with WebCrypto here, as it makes them.
 *
 * @jest-environment node
 */
import { webcrypto } from 'node:crypto';

import { chosenStepGraph } from '@/live/pose/stepGraph';
import { FORM_OUTPUTS, type StepGraph } from '@/live/pose/formModel';

import { browserChecker } from './browserChecker';
import type { Checker } from './checker';
import { formModels, type Kept, type Shelf } from './keeping';
import { phoneChecker } from './phoneChecker';
import { type Golden, isSigned, type Offer } from './statement';

const subtle = webcrypto.subtle as unknown as SubtleCrypto;
const GOLDEN: Golden = {
  frames: [
    { xy: Array.from({ length: 66 }, () => 1), score: Array.from({ length: 33 }, () => 1), step_s: 0.1 },
    { xy: Array.from({ length: 66 }, () => 2), score: Array.from({ length: 33 }, () => 1), step_s: 0.1 },
  ],
  outputs: [Array.from({ length: FORM_OUTPUTS }, () => 1), Array.from({ length: FORM_OUTPUTS }, () => 3)],
};

const hex = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('hex');
const base64 = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('base64');
const fileOf = (text: string) => new Uint8Array(new TextEncoder().encode(text));

async function newKey() {
  const { publicKey, privateKey } = (await subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const raw = base64(await subtle.exportKey('raw', publicKey));
  const sign = async (text: string) =>
    base64(await subtle.sign('Ed25519', privateKey, new TextEncoder().encode(text)));
  return { raw, sign };
}

type Key = Awaited<ReturnType<typeof newKey>>;

/** A server with keys, the one that decides now, and the files of its versions. */
class Server {
  readonly files: Record<string, Uint8Array<ArrayBuffer>> = {};
  fetched = 0;

  constructor(readonly keys: Record<string, Key>) {}

  async offer(release: number, number: number | null): Promise<Offer> {
    let file = null;
    if (number !== null) {
      const content = fileOf(`version ${number}`);
      const sha256 = hex(await subtle.digest('SHA-256', content));
      this.files[sha256] ??= content;
      file = { number, sha256, size_bytes: content.length, golden: GOLDEN };
    }
    const keys = Object.fromEntries(Object.entries(this.keys).map(([id, { raw }]) => [id, raw]));
    const said = { format: 'topform-device-model', version: 1, model: 'push_up_form', release, keys, file };
    const statement = JSON.stringify(said);
    const signed = Object.entries(this.keys).map(async ([id, key]) => [id, await key.sign(statement)]);
    return { statement, signatures: Object.fromEntries(await Promise.all(signed)) };
  }

  readonly give = (sha256: string) => {
    this.fetched += 1;
    return Promise.resolve(this.files[sha256]!);
  };
}

function memory(): Shelf & { files: Map<string, Uint8Array<ArrayBuffer>> } {
  let kept: string | null = null;
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    files,
    read: () => Promise.resolve(kept === null ? null : (JSON.parse(kept) as Kept)),
    write: (said) => {
      kept = JSON.stringify(said);
      return Promise.resolve();
    },
    file: (sha256) => Promise.resolve(files.get(sha256) ?? null),
    put: (sha256, content) => Promise.resolve(void files.set(sha256, content)),
    keepOnly: (digests) => {
      [...files.keys()].filter((one) => !digests.includes(one)).forEach((one) => files.delete(one));
      return Promise.resolve();
    },
  };
}

async function started(checker: Checker) {
  const server = new Server({ first: await newKey() });
  const shelf = memory();
  const models = formModels(shelf, checker);
  const numbers = async () => (await models.candidates()).map(({ number }) => number);
  return { server, shelf, models, numbers };
}

describe.each([
  ['browser', browserChecker(subtle)],
  ['phone', phoneChecker],
] as const)('checked by a %s', (_, checker) => {
  test('a signature of RFC 8032 holds, and none of another key or text does', async () => {
    // RFC 8032, section 7.1, test 2: the message is the one byte 0x72, the letter r.
    const key = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex');
    const signature = Buffer.from(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
        '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      'hex',
    ).toString('base64');
    const keys = { one: key.toString('base64') };
    expect(await isSigned({ statement: 'r', signatures: { one: signature } }, keys, checker)).toBe(true);
    expect(await isSigned({ statement: 's', signatures: { one: signature } }, keys, checker)).toBe(false);
    expect(await isSigned({ statement: 'r', signatures: { two: signature } }, keys, checker)).toBe(false);
    expect(await isSigned({ statement: 'r', signatures: { one: 'no base64!' } }, keys, checker)).toBe(false);
  });

  test('the newest signed version is kept with the one before, and each is fetched once', async () => {
    const { server, shelf, models, numbers } = await started(checker);
    expect(await models.take(await server.offer(0, null), server.give)).toBe('current');
    expect(await numbers()).toEqual([]);
    expect(await models.take(await server.offer(1, 1), server.give)).toBe('updated');
    expect(await models.take(await server.offer(1, 1), server.give)).toBe('current');
    expect(await models.take(await server.offer(3, 2), server.give)).toBe('updated');
    expect(await models.take(await server.offer(5, 3), server.give)).toBe('updated');
    expect(await numbers()).toEqual([3, 2]);
    expect([server.fetched, shelf.files.size]).toEqual([3, 2]);
  });

  test('what was changed on the way or on the device is refused, and what was there stays', async () => {
    const { server, shelf, models, numbers } = await started(checker);
    await models.take(await server.offer(1, 1), server.give);
    const next = await server.offer(3, 2);
    const tampered = { ...next, statement: next.statement.replace('"release":3', '"release":4') };
    expect(await models.take(tampered, server.give)).toBe('unsigned');
    const other = () => Promise.resolve(fileOf('version X'));
    expect(await models.take(next, other)).toBe('damaged');
    expect(await numbers()).toEqual([1]);
    expect(await models.take(next, server.give)).toBe('updated');
    // A file that went bad on the device is passed over for the one before.
    const [newest] = await models.candidates();
    shelf.files.set(newest!.sha256, fileOf('version Y'));
    expect(await numbers()).toEqual([1]);
    // And fetched anew.
    expect(await models.take(next, server.give)).toBe('updated');
    expect(await numbers()).toEqual([2, 1]);
  });

  test('another key is refused, unless a known one introduces it', async () => {
    const { server, models, numbers } = await started(checker);
    await models.take(await server.offer(1, 1), server.give);
    const stranger = new Server({ first: await newKey() });
    expect(await models.take(await stranger.offer(9, 9), stranger.give)).toBe('unsigned');
    const changing = new Server({ second: await newKey(), first: server.keys.first! });
    expect(await models.take(await changing.offer(3, 2), changing.give)).toBe('updated');
    const changed = new Server({ second: changing.keys.second! });
    expect(await models.take(await changed.offer(5, 3), changed.give)).toBe('updated');
    expect((await numbers())[0]).toBe(3);
    expect(await models.take(await server.offer(7, 4), server.give)).toBe('unsigned');
  });

  test('what was said earlier is refused; going back is a newer word, and what it left is not kept', async () => {
    const { server, shelf, models, numbers } = await started(checker);
    const first = await server.offer(1, 1);
    await models.take(first, server.give);
    await models.take(await server.offer(3, 2), server.give);
    expect(await models.take(first, server.give)).toBe('older');
    expect(await models.take(await server.offer(3, 1), server.give)).toBe('older');
    expect(await numbers()).toEqual([2, 1]);
    expect(await models.take(await server.offer(5, 1), server.give)).toBe('updated');
    expect(await numbers()).toEqual([1]);
    expect([server.fetched, shelf.files.size]).toEqual([2, 1]);
    expect(await models.take(await server.offer(6, null), server.give)).toBe('updated');
    expect([await numbers(), shelf.files.size]).toEqual([[], 0]);
  });

  test('a model that fails here is passed over for good', async () => {
    const { server, models, numbers } = await started(checker);
    await models.take(await server.offer(1, 1), server.give);
    await models.take(await server.offer(3, 2), server.give);
    const [newest] = await models.candidates();
    await models.refuse([newest!.sha256]);
    expect(await numbers()).toEqual([1]);
    expect(await models.take(await server.offer(5, 2), server.give)).toBe('failed');
    expect(await numbers()).toEqual([1]);
  });

  test('statements that are none are refused', async () => {
    const { server, models } = await started(checker);
    const key = server.keys.first!;
    for (const statement of ['', '[]', '{"format":"topform-device-model","version":2}', 'null']) {
      const offer = { statement, signatures: { first: await key.sign(statement) } };
      expect(await models.take(offer, server.give)).toBe('unsigned');
    }
  });
});

describe('on the device', () => {
  /** Says how often it was asked, in twos. */
  const graphOf = (add: number): StepGraph => ({
    memorySize: 2,
    run: (_xy, _score, _stepS, memory) =>
      Promise.resolve({
        outputs: new Float32Array(FORM_OUTPUTS).fill(1 + memory[0]! + add),
        memory: Float32Array.of(memory[0]! + 2, 0),
      }),
  });
  const load = ({ content }: { content: Uint8Array }): Promise<StepGraph> => {
    const text = new TextDecoder().decode(content);
    if (text === 'no model') return Promise.reject(new Error('cannot be read'));
    return Promise.resolve(graphOf(text === 'other' ? 0.5 : 0));
  };
  const candidate = (number: number, text: string) => ({
    number,
    sha256: `${number}`,
    golden: GOLDEN,
    content: fileOf(text),
  });
  const shipped = () => Promise.resolve(graphOf(0));

  test('the first model runs that says of the golden frames what it should', async () => {
    const candidates = [candidate(3, 'no model'), candidate(2, 'other'), candidate(1, 'good')];
    expect(await chosenStepGraph(candidates, shipped, load)).toMatchObject({ number: 1, failed: ['3', '2'] });
  });

  test('without one that does, the one that ships with the app runs', async () => {
    const chosen = await chosenStepGraph([candidate(2, 'other')], shipped, load);
    expect(chosen).toMatchObject({ number: null, failed: ['2'] });
    expect((await chosenStepGraph([], shipped, load)).number).toBeNull();
  });
});
