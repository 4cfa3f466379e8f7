import type { Fix } from './gps';
import type { PlaceState } from './place';
import { newSteps, stepsStep } from './steps';

const { followPlace } = jest.requireActual<typeof import('./place')>('./place.ts');
const { followShakes } = jest.requireActual<typeof import('./shake')>('./shake.ts');
const { stayAwake } = jest.requireActual<typeof import('./awake')>('./awake.ts');

type Coords = { latitude: number; longitude: number; accuracy: number | null; speed: number | null };
type Position = { coords: Coords; timestamp: number };

type Task = (body: { data: { locations: Position[] }; error: Error | null }) => Promise<void>;
type Following = { pausesUpdatesAutomatically: boolean; foregroundService: { notificationBody: string } };

/** The phone's sensors, as the libraries tell them. */
const mockPhone = {
  granted: true,
  hasServices: true,
  hasAccelerometer: true,
  /** What the system calls with positions, whether the screen is on or off. */
  task: null as Task | null,
  following: null as Following | null,
  shake: null as ((felt: { x: number; y: number; z: number; timestamp: number }) => void) | null,
  awake: new Set<string>(),
  mayStayOn: true,
};

jest.mock('expo-task-manager', () => ({
  defineTask: (_: string, task: Task) => void setTimeout(() => Object.assign(mockPhone, { task })),
}));
jest.mock('expo-location', () => ({
  Accuracy: { BestForNavigation: 6 },
  ActivityType: { Fitness: 3 },
  requestForegroundPermissionsAsync: async () => ({ granted: mockPhone.granted }),
  enableNetworkProviderAsync: async () => {
    if (!mockPhone.hasServices) throw new Error('settings unsatisfied');
  },
  hasStartedLocationUpdatesAsync: async () => mockPhone.following !== null,
  startLocationUpdatesAsync: async (_: string, following: Following) =>
    void Object.assign(mockPhone, { following }),
  stopLocationUpdatesAsync: async () => {
    if (mockPhone.following === null) throw new Error('no such task');
    mockPhone.following = null;
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
  Object.assign(mockPhone, { granted: true, hasServices: true, hasAccelerometer: true, mayStayOn: true });
});

/** Follow the place; what comes of it is written down. */
function followed() {
  const fixes: Fix[] = [];
  const heardMs: number[] = [];
  const states: PlaceState[] = [];
  const end = followPlace({
    onFix: (fix, ms) => {
      fixes.push(fix);
      heardMs.push(ms);
    },
    onState: (state) => states.push(state),
    notice: 'Your route is being recorded.',
  });
  return { fixes, heardMs, states, end };
}

const COORDS = { latitude: 47.1, longitude: 8.2, accuracy: 6, speed: 2.5 };
const tell = (...positions: Position[]) => mockPhone.task?.({ data: { locations: positions }, error: null });

test('positions come as the phone has them, without a speed where it has none, until the end', async () => {
  const { fixes, states, end } = followed();
  await settle();
  expect(mockPhone.following?.foregroundService.notificationBody).toBe('Your route is being recorded.');
  expect(mockPhone.following?.pausesUpdatesAutomatically).toBe(false);
  await tell({ coords: COORDS, timestamp: 1000 });
  await mockPhone.task?.({ data: { locations: [] }, error: new Error('no satellites') });
  await tell({ coords: { ...COORDS, speed: -1 }, timestamp: 2000 });
  await tell({ coords: { ...COORDS, accuracy: null }, timestamp: 3000 });
  end();
  await tell({ coords: COORDS, timestamp: 4000 });
  expect(states).toEqual(['asking', 'found', 'silent', 'found']);
  expect(fixes).toEqual([
    { ms: 1000, latitudeDeg: 47.1, longitudeDeg: 8.2, accuracyM: 6, speedMS: 2.5 },
    { ms: 2000, latitudeDeg: 47.1, longitudeDeg: 8.2, accuracyM: 6, speedMS: null },
  ]);
  await settle();
  expect(mockPhone.following).toBeNull();
});

test('positions that come at once were found one after the other', async () => {
  const { heardMs, end } = followed();
  await settle();
  const beganMs = Date.now();
  await tell(...[0, 1000, 2500].map((timestamp) => ({ coords: COORDS, timestamp })));
  expect(heardMs.map((ms) => ms - heardMs[0]!)).toEqual([0, 1000, 2500]);
  // The last was found now, by our clock, whatever that of the satellites says.
  expect(heardMs[2]).toBeGreaterThanOrEqual(beganMs);
  expect(heardMs[2]).toBeLessThanOrEqual(Date.now());
  end();
});

test('a refusal is told, and one who ends before the answer hears nothing and is not followed', async () => {
  mockPhone.granted = false;
  const refused = followed();
  const ended = followed();
  ended.end();
  await settle();
  expect([refused.states, ended.states]).toEqual([['asking', 'denied'], ['asking']]);
  mockPhone.granted = true;
  followed().end();
  await settle();
  expect(mockPhone.following).toBeNull();
});

test('where location is off in the whole phone, it is silent', async () => {
  mockPhone.hasServices = false;
  const { states, end } = followed();
  await settle();
  expect(states).toEqual(['asking', 'silent']);
  expect(mockPhone.following).toBeNull();
  end();
});

test('nobody is followed any more who was followed when the app was closed', async () => {
  mockPhone.following = { pausesUpdatesAutomatically: false, foregroundService: { notificationBody: '' } };
  await tell({ coords: COORDS, timestamp: 1000 });
  expect(mockPhone.following).toBeNull();
});

test('the phone goes on being followed until the last who listens has ended', async () => {
  const [one, other] = [followed(), followed()];
  await settle();
  one.end();
  await settle();
  await tell({ coords: COORDS, timestamp: 1000 });
  expect([one.fixes.length, other.fixes.length]).toEqual([0, 1]);
  other.end();
  await settle();
  expect(mockPhone.following).toBeNull();
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
