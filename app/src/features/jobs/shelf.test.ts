import AsyncStorage from '@react-native-async-storage/async-storage';

import { NoRoomError } from './shelfTypes';

const { shelf } = jest.requireActual<typeof import('./shelf')>('./shelf.ts');

/** The phone's files, and how much room is left. */
const mockFiles = new Map<string, string>();
const mockDisk = { free: 1000 };

jest.mock('expo-file-system', () => {
  class File {
    uri: string;
    constructor(...parts: (string | { uri: string })[]) {
      this.uri = parts.map((part) => (typeof part === 'string' ? part : part.uri)).join('/');
    }
    get exists() {
      return mockFiles.has(this.uri);
    }
    get name() {
      return this.uri.split('/').at(-1);
    }
    copySync(to: File) {
      const content = mockFiles.get(this.uri);
      if (content === undefined) throw new Error('no such file');
      mockFiles.set(to.uri, content);
    }
    delete() {
      mockFiles.delete(this.uri);
    }
  }
  class Directory {
    uri: string;
    exists = true;
    constructor(...parts: string[]) {
      this.uri = parts.join('/');
    }
    list() {
      return [...mockFiles.keys()]
        .filter((uri) => uri.startsWith(`${this.uri}/`))
        .map((uri) => new File(uri));
    }
  }
  const Paths = {
    document: 'file:///documents',
    get availableDiskSpace() {
      return mockDisk.free;
    },
  };
  return { File, Directory, Paths };
});

const CACHED = 'file:///cache/run.fit';
const chosen = (id: string, owner = 'lena', size = 3) => ({
  id,
  owner,
  kind: 'activity' as const,
  exercise: 'auto',
  file: { name: 'run.fit', size, part: { uri: CACHED, name: 'run.fit', type: 'application/fit' } },
});
const copies = () => [...mockFiles.keys()].filter((uri) => uri !== CACHED);

beforeEach(async () => {
  await AsyncStorage.clear();
  mockFiles.clear();
  mockFiles.set(CACHED, 'abc');
  mockDisk.free = 1000;
});

test('a copy stays when the system empties the place it was picked from', async () => {
  await Promise.all([shelf.put(chosen('one')), shelf.put(chosen('two')), shelf.put(chosen('max', 'max'))]);
  mockFiles.delete(CACHED);
  const waiting = await shelf.waiting('lena');
  expect(waiting.map(({ id }) => id)).toEqual(['one', 'two']);
  const uri = 'file:///documents/topform-uploads/one';
  expect(waiting[0]).toEqual({
    ...chosen('one'),
    file: { name: 'run.fit', size: 3, part: { uri, name: 'run.fit', type: 'application/fit' } },
  });
  expect(mockFiles.get(uri)).toBe('abc');
  await shelf.take('one');
  expect(await shelf.holds('one')).toBe(false);
  await shelf.clear('lena');
  expect(await shelf.holds('two')).toBe(false);
  expect(copies()).toEqual(['file:///documents/topform-uploads/max']);
});

test('a full phone says so and leaves nothing behind', async () => {
  mockDisk.free = 2;
  await expect(shelf.put(chosen('one'))).rejects.toBeInstanceOf(NoRoomError);
  mockDisk.free = 1000;
  mockFiles.delete(CACHED);
  await expect(shelf.put(chosen('two'))).rejects.toBeInstanceOf(NoRoomError);
  expect(copies()).toEqual([]);
  expect(await shelf.waiting('lena')).toEqual([]);
});

test('a copy that a crash left without its line is swept away', async () => {
  mockFiles.set('file:///documents/topform-uploads/lost', 'abc');
  await shelf.put(chosen('one'));
  await shelf.waiting('lena');
  expect(copies()).toEqual(['file:///documents/topform-uploads/one']);
});
