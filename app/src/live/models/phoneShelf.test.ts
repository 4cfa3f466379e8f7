/**
 * What the apps keep of form models: in files of the phone, under the memory of a server.
 *
 * @jest-environment node
 */
import { webcrypto } from 'node:crypto';

import { formModels } from './keeping';
import { phoneChecker } from './phoneChecker';
import { addressOfModel, phoneShelf } from './phoneShelf';

/** The phone's files. */
const mockFiles = new Map<string, Uint8Array | string>();

jest.mock('../store', () => jest.requireActual<object>('../store.ts'));
jest.mock('expo-file-system', () => {
  class File {
    uri: string;
    constructor(folder: { uri: string }, name: string) {
      this.uri = `${folder.uri}/${name}`;
    }
    get name() {
      return this.uri.split('/').at(-1);
    }
    get exists() {
      return mockFiles.has(this.uri);
    }
    create() {
      mockFiles.set(this.uri, '');
    }
    write(content: Uint8Array | string) {
      mockFiles.set(this.uri, content);
    }
    moveSync(to: File) {
      mockFiles.set(to.uri, mockFiles.get(this.uri)!);
      mockFiles.delete(this.uri);
    }
    delete() {
      mockFiles.delete(this.uri);
    }
    async bytes() {
      return mockFiles.get(this.uri);
    }
    async text() {
      return mockFiles.get(this.uri);
    }
  }
  class Directory {
    uri: string;
    exists = true;
    constructor(...parts: string[]) {
      this.uri = parts.join('/');
    }
    list() {
      const inside = [...mockFiles.keys()].filter((uri) => uri.startsWith(`${this.uri}/`));
      return inside.map((uri) => new File(this, uri.slice(this.uri.length + 1)));
    }
  }
  return { File, Directory, Paths: { document: 'file:///documents' } };
});

const subtle = webcrypto.subtle;
const GOLDEN = { frames: [{ xy: [1], score: [1], step_s: 0.1 }], outputs: [[1]] };
const base64 = (octets: ArrayBuffer) => Buffer.from(octets).toString('base64');
const content = (number: number) => Uint8Array.from({ length: 100 }, (_, place) => place + number);

/** A server that signs, as the servers do, and gives its files. */
async function newServer() {
  const made = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const { publicKey, privateKey } = made as CryptoKeyPair;
  const keys = { key: base64(await subtle.exportKey('raw', publicKey)) };
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const offer = async (release: number, number: number) => {
    const octets = content(number);
    const sha256 = Buffer.from(await subtle.digest('SHA-256', octets)).toString('hex');
    files.set(sha256, octets);
    const file = { number, sha256, size_bytes: octets.length, golden: GOLDEN };
    const said = { format: 'topform-device-model', version: 1, model: 'push_up_form', release, keys, file };
    const statement = JSON.stringify(said);
    const signature = await subtle.sign('Ed25519', privateKey, Buffer.from(statement));
    return { statement, signatures: { key: base64(signature) } };
  };
  return { offer, give: async (sha256: string) => files.get(sha256)! };
}

/** The app, begun anew each time: all it knows is what is on the phone. */
const app = (server = 'https://one.example') => formModels(phoneShelf(server), phoneChecker);
const numbers = async (server?: string) => (await app(server).candidates()).map(({ number }) => number);

const models = () => [...mockFiles.keys()].filter((uri) => uri.endsWith('.tflite'));

beforeEach(() => mockFiles.clear());

test('newer models are there after the app was closed, with the one before; a rollback leaves no file behind', async () => {
  const { offer, give } = await newServer();
  expect(await numbers()).toEqual([]);
  expect(await app().take(await offer(1, 1), give)).toBe('updated');
  expect(await app().take(await offer(3, 2), give)).toBe('updated');
  const [newest, before] = await app().candidates();
  expect([newest?.number, before?.number]).toEqual([2, 1]);
  expect(mockFiles.get(addressOfModel(newest!.sha256))).toEqual(content(2));
  expect(await app().take(await offer(5, 1), give)).toBe('updated');
  expect([await numbers(), models().length]).toEqual([[1], 1]);
});

test('a file that was cut off or exchanged on the phone is passed over, and fetched anew', async () => {
  const { offer, give } = await newServer();
  await app().take(await offer(1, 1), give);
  const second = await offer(3, 2);
  await app().take(second, give);
  const [newest] = await app().candidates();
  for (const spoilt of [content(2).slice(0, 40), content(9)]) {
    mockFiles.set(addressOfModel(newest!.sha256), spoilt);
    expect(await numbers()).toEqual([1]);
    expect(await app().take(second, give)).toBe('updated');
    expect(await numbers()).toEqual([2, 1]);
  }
});

test('another server has keys of its own, and what the first one said is not forgotten', async () => {
  const [one, other] = [await newServer(), await newServer()];
  await app().take(await one.offer(5, 1), one.give);
  expect(await app().take(await other.offer(6, 7), other.give)).toBe('unsigned');
  expect(await app('https://two.example').take(await other.offer(1, 7), other.give)).toBe('updated');
  expect(await numbers('https://two.example')).toEqual([7]);
  expect(await app().take(await one.offer(4, 2), one.give)).toBe('older');
  expect(await app().take(await one.offer(5, 1), one.give)).toBe('updated');
  expect(await numbers()).toEqual([1]);
});
