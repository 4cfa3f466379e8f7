/** The files of a phone for tests, in memory: `expo-file-system` where an app can be killed between any two steps. */

/** What each file holds. */
export const files = new Map<string, string | Uint8Array>();
/** After how many more steps the app is killed. */
export const life = { steps: Infinity };

/** A phone with nothing on it. */
export function newPhone(): void {
  files.clear();
  life.steps = Infinity;
}

function step(): void {
  life.steps -= 1;
  if (life.steps < 0) throw new Error('killed');
}

export class File {
  uri: string;
  constructor(folder: { uri: string }, name: string) {
    this.uri = `${folder.uri}/${name}`;
  }
  get exists(): boolean {
    return files.has(this.uri);
  }
  get name(): string {
    return this.uri.split('/').at(-1) ?? '';
  }
  create(): void {
    step();
    files.set(this.uri, '');
  }
  write(content: string | Uint8Array): void {
    step();
    // Half of it is there when the app is killed in the middle.
    files.set(this.uri, content.slice(0, content.length / 2));
    step();
    files.set(this.uri, content);
  }
  moveSync(to: File): void {
    step();
    files.delete(to.uri);
    step();
    files.set(to.uri, files.get(this.uri) ?? '');
    files.delete(this.uri);
    this.uri = to.uri;
  }
  delete(): void {
    files.delete(this.uri);
  }
  async text(): Promise<string | Uint8Array> {
    return files.get(this.uri) ?? '';
  }
  async bytes(): Promise<string | Uint8Array | undefined> {
    return files.get(this.uri);
  }
}

export class Directory {
  uri: string;
  exists = true;
  constructor(...parts: string[]) {
    this.uri = parts.join('/');
  }
  list(): File[] {
    return [...files.keys()].map((uri) => new File(this, uri.split('/').at(-1) ?? ''));
  }
  delete(): void {
    files.clear();
  }
}

export const Paths = { document: 'file:///documents' };
