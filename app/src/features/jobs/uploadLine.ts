/** Files on their way to the server: put on the shelf of this device before anything is sent, taken off when it answered. */

import { isPassing, isSignedOut, UnreachableError } from '@/api/errors';
import type { Job } from '@/api/types';
import type { PickedFile } from '@/design';

import type { Chosen, Shelf, UploadKind } from './shelfTypes';

export type UploadEntry = Chosen & {
  /** Whether it is still there after the end of the app. */
  isKept: boolean;
  sent: number;
  error: unknown;
};

type Wires = {
  shelf: Shelf;
  post: (chosen: Chosen, onProgress: (sentFraction: number) => void, signal: AbortSignal) => Promise<Job>;
  /** The athlete to whom the server would give a file that is sent now. */
  whoIsIn: () => Promise<string>;
};

type Listener = () => void;

/** Whether a file only waits for a connection. */
export function isWaiting({ error }: Pick<UploadEntry, 'error'>): boolean {
  return isPassing(error);
}

function newId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
}

export function uploadLine({ shelf, post, whoIsIn }: Wires) {
  let entries: readonly UploadEntry[] = [];
  let owner: string | null = null;
  let sending: Promise<void> | null = null;
  /** What is to be tried now; what waits keeps its error until the server has been reached. */
  const due = new Set<string>();
  const stops = new Map<string, AbortController>();
  const listeners = new Set<Listener>();
  const jobListeners = new Set<(job: Job) => void>();

  const set = (next: readonly UploadEntry[]): void => {
    entries = next;
    listeners.forEach((listener) => listener());
  };
  const change = (id: string, part: Partial<UploadEntry>): void =>
    set(entries.map((entry) => (entry.id === id ? { ...entry, ...part } : entry)));
  const leave = (id: string): void => {
    stops.get(id)?.abort();
    due.delete(id);
    set(entries.filter((entry) => entry.id !== id));
  };
  const has = (id: string): boolean => entries.some((entry) => entry.id === id);
  const next = (): UploadEntry | undefined => entries.find(({ id }) => due.has(id));

  /** Off the device; where that fails, the key keeps the server from storing it a second time. */
  const off = (id: string): Promise<void> => shelf.take(id).catch(() => undefined);
  const isGone = async (id: string): Promise<boolean> => !(await shelf.holds(id).catch(() => true));

  /** Sends one file; it goes when the server has taken it and stays with its error when it has not. */
  async function attempt(entry: UploadEntry): Promise<void> {
    const { id } = entry;
    due.delete(id);
    const stop = new AbortController();
    stops.set(id, stop);
    try {
      // Another window may have sent it, or taken it back.
      if (entry.isKept && (await isGone(id))) return leave(id);
      // Somebody else may have signed in there.
      if ((await whoIsIn()) !== entry.owner) return close();
      if (!has(id)) return;
      change(id, { sent: 0, error: null });
      const job = await post(entry, (sent) => change(id, { sent }), stop.signal);
      await off(id);
      leave(id);
      jobListeners.forEach((listener) => listener(job));
    } catch (error) {
      if (!has(id)) return;
      if (!isPassing(error)) {
        // The athlete is told, has it on the screen, and can try again as long as the page is open.
        await off(id);
        change(id, { error, isKept: false });
      } else if (error instanceof UnreachableError || isSignedOut(error)) {
        // What comes after it would find the same.
        due.clear();
        set(entries.map((one) => (one.error === null ? { ...one, error, sent: 0 } : one)));
        void shelf.askToStay();
      } else {
        change(id, { error, sent: 0 });
      }
    } finally {
      stops.delete(id);
    }
  }

  async function run(): Promise<void> {
    for (let entry = next(); entry !== undefined; entry = next()) {
      const { id } = entry;
      await shelf.alone(async () => {
        const current = entries.find((one) => one.id === id);
        if (current !== undefined && due.has(id)) await attempt(current);
      });
    }
  }

  /** Sends what stands in line, one file after the other. */
  async function send(): Promise<void> {
    sending ??= run().finally(() => {
      sending = null;
    });
    await sending;
    if (next() !== undefined) await send();
  }

  /** Forget what is on the screen; what is kept stays on the shelf of its owner. */
  function close(): void {
    owner = null;
    due.clear();
    stops.forEach((stop) => stop.abort());
    set([]);
  }

  async function takeOver(athleteId: string): Promise<void> {
    if (owner === athleteId) return;
    close();
    owner = athleteId;
    const left = await shelf.waiting(athleteId).catch(() => []);
    if (owner !== athleteId) return;
    const fresh = left.filter(({ id }) => !has(id));
    fresh.forEach(({ id }) => due.add(id));
    set([...fresh.map((chosen) => ({ ...chosen, isKept: true, sent: 0, error: null })), ...entries]);
  }

  return {
    /** Show and send what an athlete left on this device. */
    open: async (athleteId: string): Promise<void> => {
      await takeOver(athleteId);
      await send();
    },
    /** Put files in line: all of them first, then they are sent. */
    add: async (
      athleteId: string,
      files: readonly PickedFile[],
      kindOf: (name: string) => UploadKind,
      exercise = 'auto',
    ): Promise<void> => {
      await takeOver(athleteId);
      for (const file of files) {
        const chosen = { id: newId(), owner: athleteId, kind: kindOf(file.name), exercise, file };
        const isKept = await shelf.put(chosen).then(
          () => true,
          () => false,
        );
        due.add(chosen.id);
        if (!has(chosen.id)) set([...entries, { ...chosen, isKept, sent: 0, error: null }]);
      }
      await send();
    },
    /** Try again what waits for a connection. */
    sendWaiting: async (): Promise<void> => {
      entries.filter(isWaiting).forEach(({ id }) => due.add(id));
      await send();
    },
    /** Try one file again, whatever was wrong with it. */
    retry: async (id: string): Promise<void> => {
      due.add(id);
      await send();
    },
    /** Take a file out of the line and off the device. */
    cancel: async (id: string): Promise<void> => {
      leave(id);
      await off(id);
    },
    /** Delete what an athlete who signs out leaves on this device. */
    clear: async (athleteId: string): Promise<void> => {
      close();
      // Where nothing could be kept there is nothing to delete.
      await shelf.clear(athleteId).catch(() => undefined);
    },
    /** How many files of an athlete the server does not have yet. */
    unsent: async (athleteId: string): Promise<number> => {
      const shown = entries.filter((entry) => entry.owner === athleteId);
      const kept = await shelf.waiting(athleteId).catch(() => []);
      return new Set([...shown, ...kept].map(({ id }) => id)).size;
    },
    entries: (): readonly UploadEntry[] => entries,
    subscribe: (listener: Listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Hear of the jobs that sent files have become. */
    onJob: (listener: (job: Job) => void) => {
      jobListeners.add(listener);
      return () => void jobListeners.delete(listener);
    },
  };
}
