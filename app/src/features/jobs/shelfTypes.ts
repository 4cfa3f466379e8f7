import type { PickedFile } from '@/design';

export type UploadKind = 'activity' | 'form_check';

/** A file that an athlete chose. The id is the key under which the server stores it once, however often it is sent. */
export type Chosen = { id: string; owner: string; kind: UploadKind; exercise: string; file: PickedFile };

/** Files on this device that the server does not have yet, over the end of the app. */
export type Shelf = {
  /** Keep a file; throws `NoRoomError` where it cannot be kept. */
  put: (chosen: Chosen) => Promise<void>;
  /** What waits of an athlete, in the order in which it was chosen. */
  waiting: (owner: string) => Promise<Chosen[]>;
  holds: (id: string) => Promise<boolean>;
  take: (id: string) => Promise<void>;
  /** Delete everything of an athlete. */
  clear: (owner: string) => Promise<void>;
  /** Ask that what waits is not the first thing to go when the disk fills up; a refusal changes nothing. */
  askToStay: () => Promise<void>;
  /** Run something in one window at a time. */
  alone: <T>(work: () => Promise<T>) => Promise<T>;
};

/** The device, or the bound on what is kept on it, leaves no room for a file. */
export class NoRoomError extends Error {
  constructor(options?: ErrorOptions) {
    super('There is no room to keep the file on this device', options);
    this.name = 'NoRoomError';
  }
}

export const MOST_FILES = 1000;
export const MOST_BYTES = 4 * 2 ** 30;

/** Whether one more file stays within what is kept on a device in all; what has no size is taken on trust. */
export function hasRoom(sizes: readonly (number | null)[], more: number | null): boolean {
  const total = sizes.reduce<number>((sum, size) => sum + (size ?? 0), more ?? 0);
  return sizes.length < MOST_FILES && total <= MOST_BYTES;
}
