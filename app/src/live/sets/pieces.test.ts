/** The pieces of a set as files of a phone. */
import { packed, newBlock } from './piece';

const { takePieces } = jest.requireActual<typeof import('./pieces')>('./pieces.ts');

/** The phone's files; and after how many more steps the app is killed. */
const mockFiles = new Map<string, Uint8Array>();
const mockLife = { steps: Infinity };

jest.mock('expo-file-system', () => {
  const step = () => {
    mockLife.steps -= 1;
    if (mockLife.steps < 0) throw new Error('killed');
  };
  class File {
    uri: string;
    constructor(folder: { uri: string }, name: string) {
      this.uri = `${folder.uri}/${name}`;
    }
    get exists() {
      return mockFiles.has(this.uri);
    }
    create() {
      step();
      mockFiles.set(this.uri, new Uint8Array());
    }
    write(octets: Uint8Array) {
      mockFiles.set(this.uri, octets.slice(0, octets.length / 2));
      step();
      mockFiles.set(this.uri, octets);
    }
    moveSync(to: File) {
      step();
      mockFiles.set(to.uri, mockFiles.get(this.uri) ?? new Uint8Array());
      mockFiles.delete(this.uri);
    }
    async bytes() {
      return mockFiles.get(this.uri);
    }
  }
  class Directory {
    uri: string;
    exists = true;
    constructor(...parts: string[]) {
      this.uri = parts.join('/');
    }
    delete() {
      mockFiles.clear();
    }
  }
  return { File, Directory, Paths: { document: 'file:///documents' } };
});

jest.mock('./pieces', () => jest.requireActual<object>('./pieces.ts'));

const piece = (owner: string) =>
  packed({
    block: newBlock(),
    pictures: 2,
    owner: { owner, place: 'push_ups', formModel: null },
    notes: { reps: [], open: null, droppedS: [] },
  });

beforeEach(() => {
  mockFiles.clear();
  mockLife.steps = Infinity;
});

test('one set at a time has the pieces, and a crash in the middle of one leaves the one before', async () => {
  const pieces = await takePieces();
  expect(await takePieces()).toBeNull();
  await pieces?.put(0, piece('lena'));
  for (let steps = 0; steps < 3; steps += 1) {
    mockLife.steps = steps;
    await expect(pieces?.put(0, piece('otto'))).rejects.toThrow('killed');
    expect(await pieces?.get(0)).toEqual(piece('lena'));
  }
  mockLife.steps = Infinity;
  expect(await pieces?.get(1)).toBeNull();
  await pieces?.clear();
  expect(await pieces?.get(0)).toBeNull();
  pieces?.release();
  (await takePieces())?.release();
});

test('a set that a crash left is told and forgotten for its athlete alone', async () => {
  const { isSetLeft, forgetLeftSet } = jest.requireActual<typeof import('./underWay')>('./underWay');
  const pieces = await takePieces();
  await pieces?.put(0, piece('lena'));
  expect(await isSetLeft('lena')).toBe(false);
  pieces?.release();
  expect([await isSetLeft('lena'), await isSetLeft('otto')]).toEqual([true, false]);
  await forgetLeftSet('otto');
  expect(await isSetLeft('lena')).toBe(true);
  await forgetLeftSet('lena');
  expect(await isSetLeft('lena')).toBe(false);
});
