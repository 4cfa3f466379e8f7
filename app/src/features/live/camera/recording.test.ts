/** What is kept of a live set: an archive that NumPy reads, and numbers without body points. */
import type { Seen } from '@/live/pose/messages';

import { sparsity } from './cameraRecord';
import { Coach } from './coach';
import { crc32, npyHead, writePoses } from './npz';
import { PoseRecord } from './poseRecord';
import { liveSet } from './saving';

const seen = (tS: number, isThere: boolean): Seen => ({
  kind: 'seen',
  tS,
  widthPx: 640,
  heightPx: 480,
  xy: isThere ? new Float32Array(66).fill(100) : null,
  score: isThere ? new Float32Array(33).fill(0.9) : null,
  worldM: isThere ? new Float32Array(99).fill(0.1) : null,
  form: null,
  tookMs: 20,
});

const recordOf = (all: readonly Seen[]): PoseRecord => {
  const record = new PoseRecord();
  all.forEach((one) => record.add(one));
  return record;
};

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const ascii = (letters: string) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));

/** All that is written, in one piece. */
const written = async (fill: (write: (octets: Uint8Array) => void) => Promise<void>): Promise<Uint8Array> => {
  const all: number[] = [];
  await fill((octets) => void all.push(...octets));
  return Uint8Array.from(all);
};

it('has the checksum of the ZIP format, also piece by piece', () => {
  expect(crc32(ascii('123456789'))).toBe(0xcbf43926);
  expect(crc32(ascii('6789'), crc32(ascii('12345')))).toBe(0xcbf43926);
});

it('says what an array is as the NumPy format says', () => {
  const head = npyHead('<f8', [2]);
  expect(text(head.slice(1, 6))).toBe('NUMPY');
  const length = new DataView(head.buffer).getUint16(8, true);
  expect([(10 + length) % 64, head.length]).toEqual([0, 10 + length]);
  expect(text(head.slice(10)).trim()).toBe("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }");
});

it('puts five arrays into one archive, its directory at the end', async () => {
  const record = recordOf([seen(10, true), seen(10.05, false)]);
  const file = await written((write) => writePoses(record, [0.02], write));
  const view = new DataView(file.buffer);
  const end = file.length - 22;
  expect(view.getUint32(end, true)).toBe(0x06054b50);
  expect(view.getUint16(end + 10, true)).toBe(5);
  let at = view.getUint32(end + 16, true);
  const names = [0, 1, 2, 3, 4].map(() => {
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    const length = view.getUint16(at + 28, true);
    const name = text(file.slice(at + 46, at + 46 + length));
    const local = view.getUint32(at + 42, true);
    expect(view.getUint32(local, true)).toBe(0x04034b50);
    const size = view.getUint32(local + 22, true);
    const content = file.slice(local + 30 + length, local + 30 + length + size);
    expect(crc32(content)).toBe(view.getUint32(local + 14, true));
    expect(text(content.slice(1, 6))).toBe('NUMPY');
    at += 46 + length;
    return name;
  });
  expect(names).toEqual(['xy.npy', 'score.npy', 'world_m.npy', 't_s.npy', 'dropped_s.npy']);
});

it('tells who is not seen, after a while aloud, and keeps no points of what is saved', () => {
  const coach = new Coach('de-DE');
  const said = Array.from({ length: 60 }, (_, index) => coach.take(seen(100 + index / 15, false)));
  expect(said.find((one) => one !== null)?.text).toBe(
    'Ich sehe dich nicht. Bring den ganzen Körper ins Bild.',
  );
  expect(coach.view).toMatchObject({ phase: 'calibrate', count: 0, isSeen: false, bend: null });
  const recording = coach.finish();
  expect(recording).toMatchObject({ count: 0, seen: { length: 60, found: 0 }, reps: [] });
  expect(recording.durationS).toBeCloseTo(59 / 15, 6);
  expect(JSON.stringify(liveSet(recording))).not.toContain('xy');
});

it('lists every picture that was passed over, in order, and the longest gaps', () => {
  const coach = new Coach('en');
  coach.passOver(99.5);
  [100, 100.1, 100.2, 101.2, 101.3, 101.7].forEach((tS) => coach.take(seen(tS, true)));
  [100.75, 100.5, 101.5].forEach((tS) => coach.passOver(tS));
  const { camera } = liveSet(coach.finish());
  expect(camera).toEqual({
    dropped: 3,
    dropped_s: [0.5, 0.75, 1.5],
    gaps: [
      { start_s: 0.2, end_s: 1.2 },
      { start_s: 1.3, end_s: 1.7 },
    ],
  });
});

it('says that repetitions may be missing where too few pictures were looked at, or none for a while', () => {
  const at = (perS: number) => Array.from({ length: 10 * perS + 1 }, (_, index) => seen(index / perS, true));
  expect(sparsity({ seen: recordOf(at(15)), durationS: 10 })).toBeNull();
  expect(sparsity({ seen: recordOf(at(5)), durationS: 10 })).toEqual({ perS: 5.1, gap: null });
  const withGap = at(15).filter(({ tS }) => tS <= 4 || tS >= 5);
  expect(sparsity({ seen: recordOf(withGap), durationS: 10 })?.gap).toEqual([4, 5]);
  expect(recordOf([]).gaps).toEqual([]);
});
