/** Reads what Bluetooth sensors say, as the GATT specification supplement lays out the bytes; pure. */

export const SERVICES = {
  heartRate: 0x180d,
  runningSpeedCadence: 0x1814,
  cyclingSpeedCadence: 0x1816,
  cyclingPower: 0x1818,
} as const;

export const CHARACTERISTICS = {
  heartRate: 0x2a37,
  runningSpeedCadence: 0x2a53,
  cyclingSpeedCadence: 0x2a5b,
  cyclingPower: 0x2a63,
} as const;

export type SensorKind = keyof typeof SERVICES;

export type HeartRate = {
  bpm: number;
  /** Whether the skin is felt; null where the sensor cannot tell. */
  contact: boolean | null;
  energyKj: number | null;
  /** Times between beats, oldest first. [ms] */
  rrMs: number[];
};

export type RunningSpeedCadence = {
  speedMS: number;
  /** As the sensor says it, steps of one foot. [1/min] */
  cadenceRpm: number;
  strideM: number | null;
  distanceM: number | null;
  isRunning: boolean;
};

/** Turns so far and when the last one was noticed; both roll over, see `pods.ts`. */
export type Turns = { turns: number; timeTicks: number };
export type CyclingSpeedCadence = { wheel: Turns | null; crank: Turns | null };
export type CyclingPower = {
  powerW: number;
  balancePct: number | null;
  wheel: Turns | null;
  crank: Turns | null;
};

/** Takes bytes one after the other; a message that is too short is none. */
class Reader {
  private place = 0;
  constructor(private readonly view: DataView) {}
  u8 = (): number => this.view.getUint8(this.take(1));
  u16 = (): number => this.view.getUint16(this.take(2), true);
  s16 = (): number => this.view.getInt16(this.take(2), true);
  u32 = (): number => this.view.getUint32(this.take(4), true);
  has = (bytes: number): boolean => this.place + bytes <= this.view.byteLength;
  private take(bytes: number): number {
    const here = this.place;
    this.place += bytes;
    return here;
  }
}

/** Return what the bytes say, null where they end too early. */
function whole<T>(view: DataView, read: (from: Reader) => T): T | null {
  try {
    return read(new Reader(view));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export const parseHeartRate = (view: DataView): HeartRate | null =>
  whole(view, (from) => {
    const flags = from.u8();
    const bpm = flags & 0x01 ? from.u16() : from.u8();
    const contact = flags & 0x04 ? (flags & 0x02) !== 0 : null;
    const energyKj = flags & 0x08 ? from.u16() : null;
    const rrMs: number[] = [];
    if (flags & 0x10) while (from.has(2)) rrMs.push((from.u16() * 1000) / 1024);
    return { bpm, contact, energyKj, rrMs };
  });

export const parseRunningSpeedCadence = (view: DataView): RunningSpeedCadence | null =>
  whole(view, (from) => {
    const flags = from.u8();
    const speedMS = from.u16() / 256;
    const cadenceRpm = from.u8();
    const strideM = flags & 0x01 ? from.u16() / 100 : null;
    const distanceM = flags & 0x02 ? from.u32() / 10 : null;
    return { speedMS, cadenceRpm, strideM, distanceM, isRunning: (flags & 0x04) !== 0 };
  });

export const parseCyclingSpeedCadence = (view: DataView): CyclingSpeedCadence | null =>
  whole(view, (from) => {
    const flags = from.u8();
    const wheel = flags & 0x01 ? { turns: from.u32(), timeTicks: from.u16() } : null;
    const crank = flags & 0x02 ? { turns: from.u16(), timeTicks: from.u16() } : null;
    return { wheel, crank };
  });

export const parseCyclingPower = (view: DataView): CyclingPower | null =>
  whole(view, (from) => {
    const flags = from.u16();
    const powerW = from.s16();
    const balancePct = flags & 0x01 ? from.u8() / 2 : null;
    if (flags & 0x04) from.u16();
    const wheel = flags & 0x10 ? { turns: from.u32(), timeTicks: from.u16() } : null;
    const crank = flags & 0x20 ? { turns: from.u16(), timeTicks: from.u16() } : null;
    return { powerW, balancePct, wheel, crank };
  });
