import { gpsStep, newGps, type Fix, type Gps, type Place } from './gps';

const HOME = [52.5, 13.4] as const;
const M_PER_DEGREE = 111_195;

/** A repeatable normal deviate. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state + 0.5) / 2_147_483_648;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function fix(s: number, eastM: number, northM: number, more: Partial<Fix> = {}): Fix {
  const shrink = Math.cos((HOME[0] * Math.PI) / 180);
  return {
    ms: s * 1000,
    latitudeDeg: HOME[0] + northM / M_PER_DEGREE,
    longitudeDeg: HOME[1] + eastM / M_PER_DEGREE / shrink,
    accuracyM: 6,
    speedMS: null,
    ...more,
  };
}

function recorded(fixes: readonly Fix[]) {
  let gps: Gps = newGps();
  let wayM = 0;
  const speeds: (number | null)[] = [];
  const places: Place[] = [];
  for (const one of fixes) {
    const [after, said] = gpsStep(gps, one);
    gps = after;
    if (said === null) continue;
    wayM += said.motion.wayM ?? 0;
    speeds.push(said.motion.speedMS);
    places.push(said.place);
  }
  return { wayM, speeds, places };
}

const seconds = (count: number) => Array.from({ length: count }, (_, s) => s);

test('a kilometre at 3 m/s with noise of 2.4 m is a kilometre within two in a hundred', () => {
  const deviate = noise(7);
  const run = seconds(335).map((s) => fix(s, 3 * s + 2.4 * deviate(), 2.4 * deviate()));
  const { wayM, speeds } = recorded(run);
  expect(Math.abs(wayM / 1002 - 1)).toBeLessThan(0.02);
  const late = speeds.slice(60).map((speed) => speed ?? NaN);
  expect(Math.min(...late)).toBeGreaterThan(2.2);
  expect(Math.max(...late)).toBeLessThan(3.8);
});

test('laps of a track of 400 m keep their length', () => {
  const deviate = noise(3);
  const radius = 400 / (2 * Math.PI);
  const lap = seconds(401).map((s) => {
    const angle = (4 * s) / radius;
    return fix(s, radius * Math.cos(angle) + 1.5 * deviate(), radius * Math.sin(angle) + 1.5 * deviate());
  });
  expect(Math.abs(recorded(lap).wayM / 1600 - 1)).toBeLessThan(0.02);
});

test('ten minutes at a traffic light make no way to speak of', () => {
  const deviate = noise(11);
  const still = seconds(600).map((s) => fix(s, 2.4 * deviate(), 2.4 * deviate(), { speedMS: 0.1 }));
  expect(recorded(still).wayM).toBe(0);
  const untold = seconds(600).map((s) => fix(s, 2.4 * deviate(), 2.4 * deviate()));
  expect(recorded(untold).wayM).toBeLessThan(150);
});

test('the speed of the Doppler shift counts where there is one', () => {
  const { wayM, speeds } = recorded(seconds(101).map((s) => fix(s, 3 * s, 0, { speedMS: 2.9 })));
  expect(wayM).toBeCloseTo(290, 6);
  expect(speeds.at(-1)).toBeCloseTo(2.9, 6);
});

test('a position that is poor, late, or far away is left out', () => {
  const run = [
    ...seconds(20).map((s) => fix(s, 3 * s, 0)),
    fix(19, 900, 0),
    fix(20, 60, 0, { accuracyM: 80 }),
    fix(21, 700, 0),
    fix(22, 66, 0),
  ];
  const { wayM, places } = recorded(run);
  expect(places).toHaveLength(21);
  expect(wayM).toBeLessThan(75);
});

test('a jump that stays is where the athlete is, and no way', () => {
  const run = [...seconds(20).map((s) => fix(s, 0, 0)), ...seconds(20).map((s) => fix(20 + s, 600, 0))];
  const { wayM, places } = recorded(run);
  expect(wayM).toBeLessThan(20);
  expect(places.at(-1)?.[1]).toBeCloseTo(fix(0, 600, 0).longitudeDeg, 5);
});

test('a tunnel is the straight line through it, and its speed is not made up', () => {
  const run = [...seconds(11).map((s) => fix(s, 8 * s, 0)), fix(40, 320, 0)];
  const { wayM, speeds } = recorded(run);
  expect(Math.abs(wayM - 320)).toBeLessThan(12);
  expect(speeds.at(-1)).toBeNull();
});

test('over the date line the way goes on', () => {
  const east = (s: number): Fix => ({ ...fix(s, 0, 0), latitudeDeg: 0, longitudeDeg: 0 });
  const run = seconds(100).map((s) => {
    const degrees = 179.999 + (3 * s) / M_PER_DEGREE;
    return { ...east(s), longitudeDeg: degrees > 180 ? degrees - 360 : degrees };
  });
  const { wayM, places } = recorded(run);
  expect(Math.abs(wayM / 297 - 1)).toBeLessThan(0.05);
  expect(places.at(-1)?.[1]).toBeLessThan(-179.99);
});
