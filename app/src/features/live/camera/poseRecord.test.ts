/** What is kept of the pictures of a set: in memory, away from it, and after a crash. */
import { pushUpFrame } from '@/live/engine/testBodies';
import type { Seen } from '@/live/pose/messages';
import { BLOCK, type Part } from '@/live/sets/piece';
import type { Pieces } from '@/live/sets/piecesTypes';

import { Coach, recordingOf } from './coach';
import { type Keeping, LostPieceError, PoseRecord } from './poseRecord';

const PICTURES = 10 * BLOCK + 7;
const OWNER = { owner: 'lena', place: 'push_ups', formModel: 3 };

/** A device with so much room, in pieces. */
class Device implements Pieces {
  readonly pieces = new Map<number, Uint8Array<ArrayBuffer>>();
  holders = 1;

  constructor(private readonly room = Infinity) {}

  put = async (place: number, octets: Uint8Array<ArrayBuffer>): Promise<void> => {
    if (!this.pieces.has(place) && this.pieces.size >= this.room) throw new Error('The disk is full');
    this.pieces.set(place, octets);
  };
  get = async (place: number) => this.pieces.get(place) ?? null;
  clear = async () => this.pieces.clear();
  release = () => {
    this.holders -= 1;
  };
}

const on = (pieces: Pieces): Keeping => ({ pieces, owner: OWNER });

const picture = (index: number): Seen => {
  const isThere = index % 7 !== 3;
  return {
    kind: 'seen',
    tS: 5 + index / 30,
    widthPx: 640,
    heightPx: 480,
    xy: isThere ? new Float32Array(66).fill(index) : null,
    score: isThere ? new Float32Array(33).fill(0.9) : null,
    worldM: isThere ? new Float32Array(99).fill(-index) : null,
    form: null,
    tookMs: 20,
  };
};

const recorded = (keeping: Keeping | null): PoseRecord => {
  const record = new PoseRecord(keeping);
  for (let index = 0; index < PICTURES; index += 1) {
    const one = picture(index);
    record.add(one);
    one.xy?.fill(-1);
  }
  return record;
};

const all = async (record: PoseRecord, part: Part | 'tS'): Promise<number[]> => {
  const values: number[] = [];
  await record.each(part, (some) => void values.push(...some));
  return values;
};

/** How many blocks the record holds in memory. */
const held = (record: PoseRecord): number =>
  (record as unknown as { blocks: unknown[] }).blocks.filter((block) => block !== null).length;

it.each([
  ['in memory', null],
  ['on the device', on(new Device())],
  ['on a device that is soon full', on(new Device(4))],
])('gives every picture as it was seen: %s', async (_, keeping) => {
  const record = recorded(keeping);
  expect([record.length, record.firstS, record.lastS]).toEqual([PICTURES, 5, 5 + (PICTURES - 1) / 30]);
  const [xy, world, score, times] = [
    await all(record, 'xy'),
    await all(record, 'worldM'),
    await all(record, 'score'),
    await all(record, 'tS'),
  ];
  expect([xy.length, world.length, score.length, times.length]).toEqual(
    [66, 99, 33, 1].map((each) => each * PICTURES),
  );
  for (const index of [0, 3, BLOCK - 1, BLOCK, 5 * BLOCK, PICTURES - 1]) {
    const isThere = index % 7 !== 3;
    expect(xy[66 * index + 65]).toBe(isThere ? index : NaN);
    expect(world[99 * index]).toBe(isThere ? -index : NaN);
    expect(score[33 * index]).toBeCloseTo(isThere ? 0.9 : 0, 6);
    expect(times[index]).toBe(5 + index / 30);
  }
});

it('holds the same memory after ten blocks as after one, and all of it where there is no room', async () => {
  const [away, full] = [recorded(on(new Device())), recorded(on(new Device(4)))];
  await all(away, 'tS');
  await all(full, 'tS');
  expect([held(away), held(full), held(recorded(null))]).toEqual([1, 7, 11]);
});

it('says so when a piece is gone, and deletes the rest once', async () => {
  const device = new Device();
  const record = recorded(on(device));
  await all(record, 'tS');
  device.pieces.delete(4);
  await expect(all(record, 'xy')).rejects.toBeInstanceOf(LostPieceError);
  await record.discard();
  await record.discard();
  expect([device.pieces.size, device.holders]).toEqual([0, 0]);
});

/** Ten seconds of push-ups, two seconds each. */
const doing = (index: number): Seen => {
  const tS = index / 20;
  const frame = pushUpFrame(tS, tS < 3 ? 0.55 : 0.37 + 0.18 * Math.cos(Math.PI * (tS - 3)));
  return { kind: 'seen', ...frame, form: null, tookMs: 1 };
};

it('finds every repetition that was counted before a crash, and the pictures until the last of them', async () => {
  const device = new Device();
  const coach = new Coach('en', 3, on(device));
  for (let index = 0; index < 20 * 11.2; index += 1) {
    if (index === 30) coach.passOver(1.475);
    coach.take(doing(index));
  }
  const reps = coach.snapshot().count;
  expect(reps).toBeGreaterThan(2);
  await all(coach.recorded, 'tS');

  const found = await PoseRecord.cutOff(on(device));
  const rescued = found === null ? null : recordingOf(found.record, found.notes, found.owner.formModel);
  const ended = coach.finish();
  expect(rescued?.reps.slice(0, -1)).toEqual(ended.reps.slice(0, reps - 1));
  expect(rescued?.reps.at(-1)?.turnS).toBe(ended.reps[reps - 1]?.turnS);
  expect(rescued?.count).toBe(reps);
  expect(rescued).toMatchObject({ formModel: 3, droppedS: [1.475] });
  expect(rescued?.durationS).toBeGreaterThan(9);
  const seen = found?.record ?? new PoseRecord();
  expect(seen.length).toBeGreaterThan(BLOCK);
  expect(await all(seen, 'xy')).toEqual((await all(coach.recorded, 'xy')).slice(0, 66 * seen.length));
});

it('leaves the set of another athlete, and of another place, alone', async () => {
  const device = new Device();
  await all(recorded(on(device)), 'tS');
  const find = (owner: string, place: string) =>
    PoseRecord.cutOff({ pieces: device, owner: { owner, place, formModel: null } });
  expect(await find('otto', 'push_ups')).toBeNull();
  expect(await find('lena', 'workout/2')).toBeNull();
  expect((await find('lena', 'push_ups'))?.record.length).toBe(10 * BLOCK);
  expect(await PoseRecord.cutOff(on(new Device()))).toBeNull();
});
