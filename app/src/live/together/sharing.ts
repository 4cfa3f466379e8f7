/** What goes from a session into a room: the newest values, about once a second, and nothing that waits. No screen in here. */

export type RoomValues = {
  count: number | null;
  elapsed_s: number | null;
  hr_bpm: number | null;
  zone: number | null;
  speed_m_s: number | null;
  power_w: number | null;
};

export const NOTHING: RoomValues = {
  count: null,
  elapsed_s: null,
  hr_bpm: null,
  zone: null,
  speed_m_s: null,
  power_w: null,
};

/** What the server takes; a value that a broken sensor makes up is left out. */
const LIMITS: Record<keyof RoomValues, readonly [number, number]> = {
  count: [0, 10_000],
  elapsed_s: [0, 86_400],
  hr_bpm: [25, 250],
  zone: [1, 7],
  speed_m_s: [0, 40],
  power_w: [0, 3_000],
};

const WHOLE = new Set<keyof RoomValues>(['count', 'elapsed_s', 'hr_bpm', 'zone', 'power_w']);

export function soundValues(values: RoomValues): RoomValues {
  const sound = { ...NOTHING };
  for (const name of Object.keys(LIMITS) as (keyof RoomValues)[]) {
    const value = values[name];
    if (value === null || !Number.isFinite(value)) continue;
    const [low, high] = LIMITS[name];
    const told = WHOLE.has(name) ? Math.round(value) : Math.round(value * 100) / 100;
    if (told >= low && told <= high) sound[name] = told;
  }
  return sound;
}

/** Others who hear nothing for so long see it. [s] */
export const QUIET_S = 12;
/** Unchanged values are said again after so long, so that the others know that one is there. [ms] */
const STILL_HERE_MS = 5_000;
const EVERY_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

export type Said = RoomValues & { seq: number };

type Options = {
  /** The newest values, or null for who only watches. */
  read: () => RoomValues | null;
  send: (said: Said) => Promise<void>;
  /** Number of the last message that the server knows. */
  seq: number;
  now?: () => number;
};

/** Says the newest values. One message is on its way at a time: what was measured meanwhile goes with the next. */
export class Sharing {
  private seq: number;
  private isSending = false;
  private isOver = false;
  private saidMs = -Infinity;
  private said = '';
  private failures = 0;
  private waitUntilMs = 0;
  private timer: ReturnType<typeof setInterval> | null = null;
  private readonly now: () => number;

  constructor(private readonly options: Options) {
    this.seq = options.seq;
    this.now = options.now ?? Date.now;
  }

  start(): void {
    this.timer ??= setInterval(() => void this.tick(), EVERY_MS);
    void this.tick();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  /** The session is over: nothing more is said of it, and what was said is taken back at once. */
  async end(): Promise<void> {
    this.stop();
    this.isOver = true;
    this.seq += 1;
    // A message still on its way has a lower number: the server does not take it after this one.
    await this.options.send({ ...NOTHING, seq: this.seq }).catch(() => undefined);
  }

  /** Goes on from a number that the server knows from another device. */
  atLeast(seq: number): void {
    this.seq = Math.max(this.seq, seq);
  }

  async tick(): Promise<void> {
    const nowMs = this.now();
    if (this.isOver || this.isSending || nowMs < this.waitUntilMs) return;
    const values = soundValues(this.options.read() ?? NOTHING);
    const text = JSON.stringify(values);
    if (text === this.said && nowMs - this.saidMs < STILL_HERE_MS) return;
    this.isSending = true;
    this.seq += 1;
    try {
      await this.options.send({ ...values, seq: this.seq });
      this.said = text;
      this.saidMs = nowMs;
      this.failures = 0;
    } catch {
      // Nothing is sent twice: the next message says what is so then.
      this.failures += 1;
      this.waitUntilMs = this.now() + Math.min(LONGEST_WAIT_MS, EVERY_MS * 2 ** (this.failures - 1));
    } finally {
      this.isSending = false;
    }
  }
}

/** How long ago somebody was heard of; by the server's clock when the room came, by ours since. [s] */
export function quietS(lastSeenAt: string, asOf: string, receivedMs: number, nowMs: number): number {
  const before = (Date.parse(asOf) - Date.parse(lastSeenAt)) / 1000;
  return Math.max(0, Math.floor(before + (nowMs - receivedMs) / 1000));
}

/** Of two messages about a room the later one; each is the whole room, so nothing of the earlier one is missed. */
export function later<Message extends { as_of: string }>(held: Message | undefined, came: Message): Message {
  return held !== undefined && Date.parse(held.as_of) > Date.parse(came.as_of) ? held : came;
}

type Zone = { low: number | null; high: number | null };

/** The number of the zone that a heart rate lies in; null where the zones are not known. */
export function zoneOf(hrBpm: number | null, zones: readonly Zone[] | null): number | null {
  if (hrBpm === null || zones === null || zones.length === 0) return null;
  const above = zones.findIndex(({ high }) => high === null || hrBpm < high);
  return above === -1 ? zones.length : above + 1;
}
