/** Body points as a NumPy archive, the form in which poses are exchanged everywhere in TopForm. */
import type { Part, PoseRecord } from './poseRecord';

const HEADER_ALIGN = 64;
const PREAMBLE = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]; // "\x93NUMPY", version 1.0
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
const FIRST_OF_1980 = 0x21;
const CRC_POLYNOMIAL = 0xedb88320;

/** The checksum of ZIP archives. */
export function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? CRC_POLYNOMIAL : 0);
  }
  return ~crc >>> 0;
}

/** One array as a `.npy` file. */
export function npy(values: Float32Array | Float64Array, shape: readonly number[]): Uint8Array {
  const kind = values instanceof Float64Array ? '<f8' : '<f4';
  const sides = shape.map((side) => `${side},`).join(' ');
  const described = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${sides}), }`;
  const unpadded = PREAMBLE.length + 2 + described.length + 1;
  const header = `${described}${' '.repeat((HEADER_ALIGN - (unpadded % HEADER_ALIGN)) % HEADER_ALIGN)}\n`;
  const start = PREAMBLE.length + 2 + header.length;
  const file = new Uint8Array(start + values.byteLength);
  file.set(PREAMBLE);
  new DataView(file.buffer).setUint16(PREAMBLE.length, header.length, true);
  file.set(ascii(header), PREAMBLE.length + 2);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  return file;
}

/** Files as a ZIP archive, stored as they are. */
export function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const known = ascii(name);
    const common = [VERSION, 0, 0, 0, FIRST_OF_1980];
    const [crc, length] = [crc32(content), content.length];
    const local = packed([[LOCAL_HEADER, 4], ...shorts(common), [crc, 4], [length, 4], [length, 4]]);
    const sizes = packed([...shorts([known.length, 0])]);
    parts.push(local, sizes, known, content);
    directory.push(
      packed([[CENTRAL_HEADER, 4], ...shorts([VERSION, ...common]), [crc, 4], [length, 4], [length, 4]]),
      packed([...shorts([known.length, 0, 0, 0, 0]), [0, 4], [offset, 4]]),
      known,
    );
    offset += local.length + sizes.length + known.length + content.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = Object.keys(files).length;
  const end = packed([
    [END_OF_DIRECTORY, 4],
    ...shorts([0, 0, count, count]),
    [size, 4],
    [offset, 4],
    ...shorts([0]),
  ]);
  return joined([...parts, ...directory, end]);
}

/**
 * The body points of a recording, its first picture at time 0, and when those were taken that were passed over; where
 * nobody was seen the points are not a number.
 */
export function posesFile(seen: PoseRecord, droppedS: readonly number[]): Uint8Array<ArrayBuffer> {
  const column = (part: Part) => {
    const { values, shape } = seen.all(part);
    return npy(values, shape);
  };
  return zip({
    'xy.npy': column('xy'),
    'score.npy': column('score'),
    'world_m.npy': column('worldM'),
    't_s.npy': npy(seen.timesS(), [seen.length]),
    'dropped_s.npy': npy(Float64Array.from(droppedS), [droppedS.length]),
  });
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

type Field = [value: number, bytes: 2 | 4];

const shorts = (values: readonly number[]): Field[] => values.map((value) => [value, 2]);

function packed(fields: readonly Field[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [value, bytes] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
