const { store } = jest.requireActual<typeof import('./store')>('./store.ts');

/** The phone's files: what each holds; and after how many more steps the app is killed. */
const mockFiles = new Map<string, string>();
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
    get name() {
      return this.uri.split('/').at(-1);
    }
    create() {
      step();
      mockFiles.set(this.uri, '');
    }
    write(text: string) {
      step();
      // Half of it is there when the app is killed in the middle.
      mockFiles.set(this.uri, text.slice(0, text.length / 2));
      step();
      mockFiles.set(this.uri, text);
    }
    moveSync(to: File) {
      step();
      mockFiles.delete(to.uri);
      step();
      mockFiles.set(to.uri, mockFiles.get(this.uri) ?? '');
      mockFiles.delete(this.uri);
      this.uri = to.uri;
    }
    delete() {
      mockFiles.delete(this.uri);
    }
    async text() {
      return mockFiles.get(this.uri) ?? '';
    }
  }
  class Directory {
    uri: string;
    exists = true;
    constructor(...parts: string[]) {
      this.uri = parts.join('/');
    }
    list() {
      return [...mockFiles.keys()].map((uri) => new File(this, uri.split('/').at(-1) ?? ''));
    }
  }
  return { File, Directory, Paths: { document: 'file:///documents' } };
});

beforeEach(() => {
  mockFiles.clear();
  mockLife.steps = Infinity;
});

test('texts are kept by name until they are removed', async () => {
  await store.set('topform.live.workout', 'one');
  await store.set('topform.live.samples.0', 'two');
  await store.set('topform.live.workout', 'three');
  expect(await store.get('topform.live.workout')).toBe('three');
  expect((await store.keys()).sort()).toEqual(['topform.live.samples.0', 'topform.live.workout']);
  await store.remove('topform.live.workout');
  expect(await store.get('topform.live.workout')).toBeNull();
  expect(await store.keys()).toEqual(['topform.live.samples.0']);
});

test('wherever the app is killed while it writes, the old text or the new one is there as a whole', async () => {
  for (let steps = 0; steps < 6; steps++) {
    mockFiles.clear();
    mockLife.steps = Infinity;
    await store.set('a', 'what was before');
    mockLife.steps = steps;
    const isKilled = await store.set('a', 'what is new').then(
      () => false,
      () => true,
    );
    mockLife.steps = Infinity;
    expect(['what was before', 'what is new']).toContain(await store.get('a'));
    expect(isKilled).toBe(steps < 5);
    // And it can be changed again.
    await store.set('a', 'later');
    expect(await store.get('a')).toBe('later');
  }
});
