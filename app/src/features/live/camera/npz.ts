/** Body points as a NumPy archive, the form in which poses are exchanged everywhere in TopForm; written as it is read. */
import { type Part, sidesOf } from '@/live/sets/piece';

import type { PoseRecord } from './poseRecord';

const HEADER_ALIGN = 64;
const PREAMBLE = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]; // "\x93NUMPY", version 1.0
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
const FIRST_OF_1980 = 0x21;
const CRC_POLYNOMIAL = 0xedb88320;
const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? CRC_POLYNOMIAL : 0);
  return crc;
});

type Octets = Uint8Array<ArrayBuffer>;
type Values = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Takes what is written, one piece after the other. */
export type Write = (octets: Octets) => void | Promise<void>;

/** A file of an archive; it can be read more than once. */
export type ArchiveFile = { name: string; each: (take: Write) => Promise<void> };

/** The checksum of ZIP archives; of more than one piece with that of those before. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_OF_BYTE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

/** What stands before the values in a `.npy` file. */
export function npyHead(kind: '<f4' | '<f8', shape: readonly number[]): Octets {
  const sides = shape.map((side) => `${side},`).join(' ');
  const described = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${sides}), }`;
  const unpadded = PREAMBLE.length + 2 + described.length + 1;
  const header = `${described}${' '.repeat((HEADER_ALIGN - (unpadded % HEADER_ALIGN)) % HEADER_ALIGN)}\n`;
  const front = new Uint8Array(PREAMBLE.length + 2 + header.length);
  front.set(PREAMBLE);
  new DataView(front.buffer).setUint16(PREAMBLE.length, header.length, true);
  front.set(ascii(header), PREAMBLE.length + 2);
  return front;
}

/** Write files as a ZIP archive, stored as they are; each is read twice, first for its checksum. */
export async function writeZip(files: readonly ArchiveFile[], write: Write): Promise<void> {
  const directory: Octets[] = [];
  let offset = 0;
  const put = async (octets: Octets) => {
    offset += octets.length;
    await write(octets);
  };
  for (const { name, each } of files) {
    const start = offset;
    const known = ascii(name);
    const common = [VERSION, 0, 0, 0, FIRST_OF_1980];
    let [crc, length] = [0, 0];
    await each((octets) => {
      crc = crc32(octets, crc);
      length += octets.length;
    });
    const sizes: Field[] = [
      [crc, 4],
      [length, 4],
      [length, 4],
    ];
    await put(packed([[LOCAL_HEADER, 4], ...shorts(common), ...sizes, ...shorts([known.length, 0])]));
    await put(known);
    await each(put);
    directory.push(
      packed([[CENTRAL_HEADER, 4], ...shorts([VERSION, ...common]), ...sizes]),
      packed([...shorts([known.length, 0, 0, 0, 0]), [0, 4], [start, 4]]),
      known,
    );
  }
  const start = offset;
  for (const part of directory) await put(part);
  const count = files.length;
  await put(
    packed([
      [END_OF_DIRECTORY, 4],
      ...shorts([0, 0, count, count]),
      [offset - start, 4],
      [start, 4],
      ...shorts([0]),
    ]),
  );
}

/**
 * Write the body points of a recording, its first picture at time 0, and when those were taken that were passed over; where
 * nobody was seen the points are not a number.
 */
export function writePoses(seen: PoseRecord, droppedS: readonly number[], write: Write): Promise<void> {
  const column = (name: string, part: Part): ArchiveFile => ({
    name,
    each: async (take) => {
      await take(npyHead('<f4', [seen.length, ...sidesOf(part)]));
      await seen.each(part, (values) => take(octetsOf(values)));
    },
  });
  const times: ArchiveFile = {
    name: 't_s.npy',
    each: async (take) => {
      await take(npyHead('<f8', [seen.length]));
      await seen.each('tS', (values) => take(octetsOf(values.map((tS) => tS - seen.firstS))));
    },
  };
  const dropped: ArchiveFile = {
    name: 'dropped_s.npy',
    each: async (take) => {
      await take(npyHead('<f8', [droppedS.length]));
      await take(octetsOf(Float64Array.from(droppedS)));
    },
  };
  const points = [column('xy.npy', 'xy'), column('score.npy', 'score'), column('world_m.npy', 'worldM')];
  return writeZip([...points, times, dropped], write);
}

const octetsOf = ({ buffer, byteOffset, byteLength }: Values): Octets =>
  new Uint8Array(buffer, byteOffset, byteLength);

const ascii = (text: string): Octets => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

type Field = [value: number, bytes: 2 | 4];

const shorts = (values: readonly number[]): Field[] => values.map((value) => [value, 2]);

function packed(fields: readonly Field[]): Octets {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [value, bytes] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}
