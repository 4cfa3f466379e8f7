import type { Fix } from './gps';
import type { PlaceState } from './place';
import { newSteps, stepsStep } from './steps';

const { followPlace } = jest.requireActual<typeof import('./place')>('./place.ts');
const { followShakes } = jest.requireActual<typeof import('./shake')>('./shake.ts');
const { stayAwake } = jest.requireActual<typeof import('./awake')>('./awake.ts');

type Coords = { latitude: number; longitude: number; accuracy: number | null; speed: number | null };
type Position = { coords: Coords; timestamp: number };

/** The phone's sensors, as the libraries tell them. */
const mockPhone = {
  granted: true,
  hasAccelerometer: true,
  position: null as ((position: Position) => void) | null,
  trouble: null as ((reason: string) => void) | null,
  shake: null as ((felt: { x: number; y: number; z: number; timestamp: number }) => void) | null,
  awake: new Set<string>(),
  mayStayOn: true,
};

jest.mock('expo-location', () => ({
  Accuracy: { BestForNavigation: 6 },
  requestForegroundPermissionsAsync: async () => ({ granted: mockPhone.granted }),
  watchPositionAsync: async (_: object, found: (position: Position) => void, trouble: () => void) => {
    Object.assign(mockPhone, { position: found, trouble });
    return { remove: () => Object.assign(mockPhone, { position: null }) };
  },
}));
jest.mock('expo-sensors', () => ({
  Accelerometer: {
    isAvailableAsync: async () => mockPhone.hasAccelerometer,
    requestPermissionsAsync: async () => ({ granted: mockPhone.granted }),
    setUpdateInterval: () => undefined,
    addListener: (listener: typeof mockPhone.shake) => {
      mockPhone.shake = listener;
      return { remove: () => Object.assign(mockPhone, { shake: null }) };
    },
  },
}));
jest.mock('expo-keep-awake', () => ({
  activateKeepAwakeAsync: async (tag: string) => {
    if (!mockPhone.mayStayOn) throw new Error('no activity');
    mockPhone.awake.add(tag);
  },
  deactivateKeepAwake: async (tag: string) => void mockPhone.awake.delete(tag),
}));

const settle = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  Object.assign(mockPhone, { granted: true, hasAccelerometer: true, mayStayOn: true });
});

test('positions come as the phone has them, without a speed where it has none, until the end', async () => {
  const fixes: Fix[] = [];
  const states: PlaceState[] = [];
  const end = followPlace({ onFix: (fix) => fixes.push(fix), onState: (state) => states.push(state) });
  await settle();
  const coords = { latitude: 47.1, longitude: 8.2, accuracy: 6, speed: 2.5 };
  mockPhone.position?.({ coords, timestamp: 1000 });
  mockPhone.trouble?.('no satellites');
  mockPhone.position?.({ coords: { ...coords, speed: -1 }, timestamp: 2000 });
  mockPhone.position?.({ coords: { ...coords, accuracy: null }, timestamp: 3000 });
  const { position } = mockPhone;
  end();
  position?.({ coords, timestamp: 4000 });
  expect(states).toEqual(['asking', 'found', 'silent', 'found']);
  expect(fixes).toEqual([
    { ms: 1000, latitudeDeg: 47.1, longitudeDeg: 8.2, accuracyM: 6, speedMS: 2.5 },
    { ms: 2000, latitudeDeg: 47.1, longitudeDeg: 8.2, accuracyM: 6, speedMS: null },
  ]);
  expect(mockPhone.position).toBeNull();
});

test('a refusal is told, and one who ends before the answer hears nothing', async () => {
  mockPhone.granted = false;
  const states: PlaceState[] = [];
  followPlace({ onFix: () => undefined, onState: (state) => states.push(state) });
  const end = followPlace({ onFix: () => undefined, onState: (state) => states.push(state) });
  end();
  await settle();
  expect(states).toEqual(['asking', 'asking', 'denied']);
});

test('steps are counted out of what the accelerometer says in g and seconds', async () => {
  let state = newSteps();
  let cadence: number | null | undefined;
  const end = await followShakes((shake) => {
    const [after, found] = stepsStep(state, shake);
    state = after;
    cadence = found ?? cadence;
  });
  // 170 steps a minute, a swing of 0.4 g about gravity, told fifty times a second.
  for (let i = 0; i <= 50 * 8; i++) {
    const timestamp = 1000 + i / 50;
    mockPhone.shake?.({ x: 0, y: 0, z: 1 + 0.4 * Math.sin((2 * Math.PI * 170 * timestamp) / 60), timestamp });
  }
  end?.();
  expect(cadence).toBeCloseTo(170, 0);
  expect(mockPhone.shake).toBeNull();
});

test('without an accelerometer, or leave to use it, nothing is counted', async () => {
  mockPhone.hasAccelerometer = false;
  expect(await followShakes(() => undefined)).toBeNull();
  Object.assign(mockPhone, { hasAccelerometer: true, granted: false });
  expect(await followShakes(() => undefined)).toBeNull();
});

test('the screen stays on until the last who asked has ended', async () => {
  const held: boolean[] = [];
  const ends = [stayAwake((isHeld) => held.push(isHeld)), stayAwake((isHeld) => held.push(isHeld))];
  await settle();
  ends[0]?.();
  await settle();
  expect(mockPhone.awake.size).toBe(1);
  ends[1]?.();
  await settle();
  expect(mockPhone.awake.size).toBe(0);
  mockPhone.mayStayOn = false;
  stayAwake((isHeld) => held.push(isHeld))();
  stayAwake((isHeld) => held.push(isHeld));
  await settle();
  expect(held).toEqual([true, true, false]);
});
