import {
  parseCyclingPower,
  parseCyclingSpeedCadence,
  parseHeartRate,
  parseRunningSpeedCadence,
} from './gatt';

const bytes = (...values: number[]) => new DataView(Uint8Array.from(values).buffer);

test('a heart rate in one octet', () => {
  expect(parseHeartRate(bytes(0x00, 72))).toEqual({ bpm: 72, contact: null, energyKj: null, rrMs: [] });
});

test('a heart rate in two octets with contact, energy and two intervals in 1/1024 s', () => {
  // Flags: 16 bits, contact supported and felt, energy, intervals.
  const reading = parseHeartRate(bytes(0x1f, 0xa2, 0x00, 0x2c, 0x01, 0x00, 0x04, 0x00, 0x02));
  expect(reading).toEqual({ bpm: 162, contact: true, energyKj: 300, rrMs: [1000, 500] });
});

test('contact that is supported and not felt', () => {
  expect(parseHeartRate(bytes(0x04, 0))?.contact).toBe(false);
});

test('messages that end too early are none', () => {
  expect(parseHeartRate(bytes())).toBeNull();
  expect(parseHeartRate(bytes(0x01, 72))).toBeNull();
  expect(parseRunningSpeedCadence(bytes(0x03, 0, 3, 90))).toBeNull();
  expect(parseCyclingPower(bytes(0x20, 0, 200))).toBeNull();
});

test('running speed in 1/256 m/s with stride in cm and distance in dm', () => {
  expect(parseRunningSpeedCadence(bytes(0x07, 0x80, 0x03, 88, 120, 0, 0x10, 0x27, 0, 0))).toEqual({
    speedMS: 3.5,
    cadenceRpm: 88,
    strideM: 1.2,
    distanceM: 1000,
    isRunning: true,
  });
});

test('wheel turns in four octets, crank turns in two, each with its time in 1/1024 s', () => {
  // Flags 0x03; 305,419,896 turns = 0x12345678, at 0xabcd; 513 turns = 0x0201, at 0x0400.
  const both = parseCyclingSpeedCadence(bytes(0x03, 0x78, 0x56, 0x34, 0x12, 0xcd, 0xab, 1, 2, 0, 4));
  expect(both).toEqual({
    wheel: { turns: 305_419_896, timeTicks: 0xabcd },
    crank: { turns: 513, timeTicks: 1024 },
  });
  // A sensor on the crank alone: its counter stands where the wheel's would.
  expect(parseCyclingSpeedCadence(bytes(0x02, 9, 0, 0, 8))).toEqual({
    wheel: null,
    crank: { turns: 9, timeTicks: 2048 },
  });
});

test('power with balance and crank counter, torque in between; negative power exists', () => {
  expect(parseCyclingPower(bytes(0x25, 0, 0xfa, 0, 101, 9, 9, 7, 0, 0, 4))).toEqual({
    powerW: 250,
    balancePct: 50.5,
    wheel: null,
    crank: { turns: 7, timeTicks: 1024 },
  });
  expect(parseCyclingPower(bytes(0, 0, 0xf6, 0xff))?.powerW).toBe(-10);
});

test('every flag of a power meter moves what follows', () => {
  // Flags 0x00b5: balance, torque, wheel and crank turns, largest and least force; 300 W = 0x012c.
  const all = [0xb5, 0x00, 0x2c, 0x01, 98, 0x11, 0x22, 5, 0, 0, 0, 0, 8, 6, 0, 0, 4, 1, 2, 3, 4];
  expect(parseCyclingPower(bytes(...all))).toEqual({
    powerW: 300,
    balancePct: 49,
    wheel: { turns: 5, timeTicks: 2048 },
    crank: { turns: 6, timeTicks: 1024 },
  });
  // Flag 1 says whose balance it is, flag 3 where the torque comes from; neither brings octets.
  expect(parseCyclingPower(bytes(0x0a, 0, 100, 0))?.powerW).toBe(100);
});
