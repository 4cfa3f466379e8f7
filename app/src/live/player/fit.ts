/** Writes a finished workout as a FIT activity file, which is stored like that of any watch; pure. */

import type { Sample, Workout } from './workout';

/** Seconds between 1970 and 1989-12-31, where FIT begins to count. */
const FIT_EPOCH_S = 631_065_600;
const SPORTS: Record<string, readonly [number, number]> = {
  running: [1, 0],
  cycling: [2, 0],
  swimming: [5, 0],
  strength: [10, 20],
  walking: [11, 0],
};
const GENERIC = [0, 0] as const;

/** Base types of the FIT protocol: number, size, how it is written. */
const TYPES = {
  enum: [0x00, 1],
  u8: [0x02, 1],
  u16: [0x84, 2],
  u32: [0x86, 4],
  s32: [0x85, 4],
} as const;

type Field = readonly [number: number, type: keyof typeof TYPES, value: number | null];

const MESSAGES = {
  file_id: 0,
  session: 18,
  lap: 19,
  record: 20,
  event: 21,
  activity: 34,
  hrv: 78,
  set: 225,
} as const;

const HRV_SLOTS = 5;
const SERIAL = 1;

class Writer {
  private readonly octets: number[] = [];
  private readonly defined = new Map<string, number>();

  message(name: keyof typeof MESSAGES, fields: readonly Field[]): void {
    const local = this.define(name, fields);
    this.octets.push(local);
    for (const [, type, value] of fields) this.number(value ?? invalid(type), TYPES[type][1]);
  }

  /** Times between beats go as an array of five. */
  intervals(values: readonly number[]): void {
    const [type, size] = TYPES.u16;
    const local = this.layout('hrv', [[0, HRV_SLOTS * size, type]]);
    this.octets.push(local);
    for (let slot = 0; slot < HRV_SLOTS; slot++) this.number(values[slot] ?? 0xffff, size);
  }

  file(): Uint8Array<ArrayBuffer> {
    const header = [14, 0x20, 0x5c, 0x08, ...split(this.octets.length, 4), 0x2e, 0x46, 0x49, 0x54];
    const whole = [...header, ...split(checksum(header), 2), ...this.octets];
    return Uint8Array.from([...whole, ...split(checksum(whole), 2)]);
  }

  private define(name: keyof typeof MESSAGES, fields: readonly Field[]): number {
    return this.layout(
      name,
      fields.map(([number, type]) => [number, TYPES[type][1], TYPES[type][0]]),
    );
  }

  private layout(name: keyof typeof MESSAGES, layout: readonly (readonly number[])[]): number {
    const known = this.defined.get(name);
    if (known !== undefined) return known;
    const local = this.defined.size;
    this.defined.set(name, local);
    this.octets.push(0x40 | local, 0, 0, ...split(MESSAGES[name], 2), layout.length, ...layout.flat());
    return local;
  }

  private number(value: number, size: number): void {
    this.octets.push(...split(value, size));
  }
}

const invalid = (type: keyof typeof TYPES): number =>
  type === 's32' ? 0x7fffffff : 256 ** TYPES[type][1] - 1;

const split = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, place) => {
    // Two's complement below nought.
    const octets = value < 0 ? value + 256 ** size : value;
    return Math.floor(octets / 256 ** place) % 256;
  });

const CRC = [
  0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401, 0xa001, 0x6c00, 0x7800, 0xb401, 0x5000,
  0x9c01, 0x8801, 0x4400,
];

/** The checksum of the FIT protocol, four bits at a time. */
function checksum(octets: readonly number[]): number {
  let crc = 0;
  for (const octet of octets) {
    for (const nibble of [octet & 0xf, octet >> 4]) {
      crc = (crc >> 4) ^ (CRC[crc & 0xf] ?? 0) ^ (CRC[nibble] ?? 0);
    }
  }
  return crc;
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.round(values.reduce((a, b) => a + b, 0) / values.length);
const most = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b));

const at = (ms: number): number => Math.floor(ms / 1000) - FIT_EPOCH_S;
const milli = (seconds: number): number => Math.round(seconds * 1000);

const ON_FOOT: readonly string[] = ['running', 'walking', 'hiking'];
const FRACTIONS_OF_CADENCE = 128;

/** 180 degrees are 2^31 semicircles; the very last one means that there is none. */
const semicircles = (degrees: number): number => Math.min(Math.round((degrees / 180) * 2 ** 31), 2 ** 31 - 2);

/** What was measured, as fields of a record: cadence on foot is that of one foot. */
function measured(sport: string, sample: Sample | null): Field[] {
  const { cadence = null, distanceM = null, speedMS = null, powerW = null, place = null } = sample ?? {};
  const turns = cadence === null ? null : cadence / (ON_FOOT.includes(sport) ? 2 : 1);
  const scaled = (value: number | null, scale: number, most: number): number | null =>
    value === null || value < 0 ? null : Math.min(Math.round(value * scale), most);
  return [
    [0, 's32', place === null ? null : semicircles(place[0])],
    [1, 's32', place === null ? null : semicircles(place[1])],
    [4, 'u8', turns === null ? null : Math.min(Math.floor(turns), 254)],
    [53, 'u8', turns === null ? null : Math.floor((turns % 1) * FRACTIONS_OF_CADENCE)],
    [5, 'u32', scaled(distanceM, 100, 0xfffffffe)],
    [6, 'u16', scaled(speedMS, 1000, 0xfffe)],
    [7, 'u16', scaled(powerW, 1, 0xfffe)],
  ];
}

/** The laps and the session they add up to. */
function summaries(out: Writer, workout: Workout, endMs: number): void {
  const [sport, subSport] = SPORTS[workout.sport] ?? GENERIC;
  const { startedMs } = workout;
  const bpms = workout.beats.map((one) => one.bpm);
  const watts = workout.samples.flatMap(({ powerW }) => (powerW === null ? [] : [Math.max(powerW, 0)]));
  workout.laps.forEach((lap, index) => {
    out.message('lap', [
      [254, 'u16', index],
      [253, 'u32', at(lap.endMs)],
      [2, 'u32', at(lap.startMs)],
      [7, 'u32', Math.round(lap.endMs - lap.startMs)],
      [8, 'u32', milli(lap.timerS)],
      [25, 'enum', sport],
    ]);
  });
  out.message('session', [
    [253, 'u32', at(endMs)],
    [2, 'u32', at(startedMs)],
    [5, 'enum', sport],
    [6, 'enum', subSport],
    [7, 'u32', Math.round(endMs - startedMs)],
    [8, 'u32', milli(workout.timerS)],
    [9, 'u32', workout.distanceM === null ? null : Math.round(workout.distanceM * 100)],
    [16, 'u8', mean(bpms)],
    [17, 'u8', most(bpms)],
    [20, 'u16', mean(watts)],
    [21, 'u16', most(watts)],
    [26, 'u16', workout.laps.length],
  ]);
}

/** Return the file; the zone is what `Date.getTimezoneOffset` says. [min] */
export function fitFile(workout: Workout, zoneOffsetMin: number): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  const { startedMs } = workout;
  const endMs = Math.max(workout.sinceMs, workout.laps.at(-1)?.endMs ?? startedMs);
  out.message('file_id', [
    [0, 'enum', 4],
    [1, 'u16', 255],
    [2, 'u16', 0],
    [3, 'u32', SERIAL],
    [4, 'u32', at(startedMs)],
  ]);
  const event = (ms: number, type: number) =>
    out.message('event', [
      [253, 'u32', at(ms)],
      [0, 'enum', 0],
      [1, 'enum', type],
    ]);
  event(startedMs, 0);
  for (const entry of inOrder(workout)) {
    if (entry.kind === 'timer') event(entry.ms, entry.type);
    else {
      out.message('record', [
        [253, 'u32', at(entry.ms)],
        [3, 'u8', entry.bpm],
        ...(workout.samples.length === 0 ? [] : measured(workout.sport, entry.sample)),
      ]);
    }
  }
  for (let i = 0; i < workout.rrMs.length; i += HRV_SLOTS) {
    out.intervals(workout.rrMs.slice(i, i + HRV_SLOTS).map(Math.round));
  }
  workout.sets.forEach((set, index) => {
    out.message('set', [
      [254, 'u32', at(set.endMs)],
      [0, 'u32', Math.round(set.endMs - set.startMs)],
      [3, 'u16', set.reps],
      [4, 'u16', set.massKg === null ? null : Math.round(set.massKg * 16)],
      [5, 'u8', 1],
      [6, 'u32', at(set.startMs)],
      [10, 'u16', index],
    ]);
  });
  event(endMs, 4);
  summaries(out, workout, endMs);
  out.message('activity', [
    [253, 'u32', at(endMs)],
    [0, 'u32', milli(workout.timerS)],
    [1, 'u16', 1],
    [2, 'enum', 0],
    [5, 'u32', at(endMs) - zoneOffsetMin * 60],
  ]);
  return out.file();
}

type Entry =
  | { ms: number; kind: 'timer'; type: number }
  | { ms: number; kind: 'record'; bpm: number | null; sample: Sample | null };

/** What was heard and measured, at most one record a second, between the stops and starts of the timer. */
function inOrder(workout: Workout): Entry[] {
  const seconds = new Map<number, Extract<Entry, { kind: 'record' }>>();
  const secondOf = (ms: number) => {
    const second = Math.floor(ms / 1000);
    const found = seconds.get(second) ?? { ms, kind: 'record' as const, bpm: null, sample: null };
    seconds.set(second, found);
    return found;
  };
  for (const { ms, bpm } of workout.beats) secondOf(ms).bpm ??= Math.min(bpm, 254);
  for (const sample of workout.samples) secondOf(sample.ms).sample ??= sample;
  const timer: Entry[] = workout.pauses.flatMap(({ fromMs, toMs }) => [
    { ms: fromMs, kind: 'timer' as const, type: 4 },
    { ms: toMs, kind: 'timer' as const, type: 0 },
  ]);
  return [...seconds.values(), ...timer].sort((a, b) => a.ms - b.ms);
}
