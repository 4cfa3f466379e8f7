import { chooser } from './chooser';
import { parseCyclingPower, parseHeartRate } from './gatt';
import type { SensorState } from './sensor';

type Listener = (error: unknown, characteristic: { value: string } | null) => void;
type OnDevice = (error: unknown, device: object | null) => void;

/** What the simulated sensors and phone do, as the library tells it. */
const mockPhone = {
  platform: { OS: 'ios', Version: 18 as number | string },
  answer: 'granted',
  asked: [] as string[],
  state: 'PoweredOn',
  inReach: true,
  connected: new Set<string>(),
  services: ['180d'] as string[],
  hear: [] as Listener[],
  part: [] as { id: string; listener: () => void }[],
  found: null as OnDevice | null,
  scanError: null as unknown,
  onState: null as ((state: string) => void) | null,
  isScanning: false,
};

// What tests have in place of the phone's system is react-native-web.
jest.mock('react-native-web/dist/exports/NativeModules', () => ({
  __esModule: true,
  default: { BlePlx: {} },
}));
jest.mock('react-native-web/dist/exports/Platform', () => ({
  __esModule: true,
  default: mockPhone.platform,
}));
jest.mock('react-native-web/dist/index', () => ({
  PermissionsAndroid: {
    PERMISSIONS: { BLUETOOTH_SCAN: 'scan', BLUETOOTH_CONNECT: 'connect', ACCESS_FINE_LOCATION: 'location' },
    RESULTS: { GRANTED: 'granted' },
    requestMultiple: async (wanted: string[]) => {
      mockPhone.asked.push(...wanted);
      return Object.fromEntries(wanted.map((one) => [one, mockPhone.answer]));
    },
  },
}));

jest.mock('react-native-ble-plx', () => {
  class BleError extends Error {
    errorCode: number;
    constructor(code: number) {
      super(`Bluetooth error ${code}`);
      this.errorCode = code;
    }
  }
  const subscription = <T>(all: T[], one: T) => {
    all.push(one);
    return { remove: () => void all.splice(all.indexOf(one), 1) };
  };
  const short = (uuid: string) => uuid.slice(4, 8);
  class BleManager {
    onStateChange(listener: (state: string) => void) {
      mockPhone.onState = listener;
      Promise.resolve().then(() => listener(mockPhone.state));
      return { remove: () => void (mockPhone.onState = null) };
    }
    async connectedDevices() {
      return [];
    }
    async startDeviceScan(uuids: string[], _options: object, listener: OnDevice) {
      mockPhone.asked.push(...uuids.map(short));
      if (mockPhone.scanError !== null) throw mockPhone.scanError;
      mockPhone.isScanning = true;
      mockPhone.found = listener;
    }
    async stopDeviceScan() {
      mockPhone.isScanning = false;
    }
    async isDeviceConnected(id: string) {
      return mockPhone.connected.has(id);
    }
    async connectToDevice(id: string) {
      if (!mockPhone.inReach) throw new BleError(200);
      mockPhone.connected.add(id);
    }
    async cancelDeviceConnection(id: string) {
      if (!mockPhone.connected.delete(id)) throw new BleError(205);
    }
    async discoverAllServicesAndCharacteristicsForDevice() {}
    async characteristicsForDevice(_id: string, service: string) {
      if (!mockPhone.services.includes(short(service))) throw new BleError(302);
      return [];
    }
    monitorCharacteristicForDevice(_id: string, service: string, characteristic: string, hear: Listener) {
      mockPhone.asked.push(short(service), short(characteristic));
      return subscription(mockPhone.hear, hear);
    }
    onDeviceDisconnected(id: string, listener: () => void) {
      return subscription(mockPhone.part, { id, listener });
    }
  }
  const State = {
    PoweredOn: 'PoweredOn',
    PoweredOff: 'PoweredOff',
    Unauthorized: 'Unauthorized',
    Unsupported: 'Unsupported',
  };
  const BleErrorCode = {
    BluetoothUnsupported: 100,
    BluetoothUnauthorized: 101,
    BluetoothPoweredOff: 102,
    LocationServicesDisabled: 601,
  };
  return { BleError, BleErrorCode, BleManager, State };
});

const { connectSensor, hasSensors, isOutOfReach } =
  jest.requireActual<typeof import('./bluetooth')>('./bluetooth');

/** Let promises that wait for nothing but each other go on. */
const settle = () => jest.advanceTimersByTimeAsync(0);

const show = (id: string, name: string | null, rssi: number) =>
  mockPhone.found?.(null, { id, name, localName: null, rssi });

const send = (...octets: number[]) =>
  [...mockPhone.hear].forEach((hear) => hear(null, { value: btoa(String.fromCharCode(...octets)) }));

function part(id: string) {
  mockPhone.connected.delete(id);
  [...mockPhone.part].filter((one) => one.id === id).forEach(({ listener }) => listener());
}

beforeEach(() => {
  jest.useFakeTimers();
  Object.assign(mockPhone.platform, { OS: 'ios', Version: 18 });
  Object.assign(mockPhone, { answer: 'granted', asked: [], state: 'PoweredOn', inReach: true });
  Object.assign(mockPhone, { services: ['180d', '1818', '1816'], hear: [], part: [], scanError: null });
  mockPhone.connected.clear();
});
afterEach(() => jest.useRealTimers());

test('a strap is chosen, read, lost, found again and closed; no reading is heard twice', async () => {
  const bpm: (number | undefined)[] = [];
  const states: SensorState[] = [];
  const connecting = connectSensor('heartRate', {
    onMessage: (octets) => bpm.push(parseHeartRate(octets)?.bpm),
    onState: (state) => states.push(state),
  });
  await settle();
  show('strap-2', null, -90);
  show('strap-1', 'H10', -50);
  show('strap-1', 'H10', -70);
  expect(chooser.snapshot()).toEqual({
    kind: 'heartRate',
    found: [
      { id: 'strap-2', name: '', signal: 'weak' },
      { id: 'strap-1', name: 'H10', signal: 'medium' },
    ],
    problem: null,
  });
  chooser.choose('strap-1');
  const strap = await connecting;
  expect(mockPhone.isScanning).toBe(false);
  expect(chooser.snapshot()).toBeNull();
  send(0x10, 150, 0x9a, 0x01);
  mockPhone.inReach = false;
  part('strap-1');
  await jest.advanceTimersByTimeAsync(3_500);
  mockPhone.inReach = true;
  await jest.advanceTimersByTimeAsync(10_000);
  send(0x00, 151);
  strap?.close();
  send(0x00, 152);
  expect(hasSensors()).toBe(true);
  expect(strap?.name).toBe('H10');
  expect(bpm).toEqual([150, 151]);
  expect(states).toEqual([
    'connecting',
    'connected',
    'lost',
    'connecting',
    'lost',
    'connecting',
    'lost',
    'connecting',
    'connected',
    'closed',
  ]);
  expect(mockPhone.asked).toEqual(['180d', '180d', '2a37', '180d', '2a37']);
  expect([...mockPhone.connected]).toEqual([]);
});

test('two sensors at once, of one device, are closed one after the other', async () => {
  const watts: (number | undefined)[] = [];
  const open = async (kind: 'cyclingPower' | 'cyclingSpeedCadence') => {
    const connecting = connectSensor(kind, {
      onMessage: (octets) => kind === 'cyclingPower' && watts.push(parseCyclingPower(octets)?.powerW),
      onState: () => undefined,
    });
    await settle();
    show('crank', 'Crank', -60);
    chooser.choose('crank');
    return connecting;
  };
  const power = await open('cyclingPower');
  const turns = await open('cyclingSpeedCadence');
  send(0x00, 0x00, 0xfa, 0x00);
  turns?.close();
  await settle();
  expect([...mockPhone.connected]).toEqual(['crank']);
  send(0x00, 0x00, 0xfb, 0x00);
  power?.close();
  await settle();
  expect([...mockPhone.connected]).toEqual([]);
  expect(watts).toEqual([250, 251]);
});

test('one that is not what it said it is cannot be connected, and is let go', async () => {
  mockPhone.services = [];
  const connecting = connectSensor('heartRate', { onMessage: () => undefined, onState: () => undefined });
  const failure = connecting.then(
    () => null,
    (error: unknown) => error,
  );
  await settle();
  show('other', 'Other', -60);
  chooser.choose('other');
  expect(isOutOfReach(await failure)).toBe(true);
  await settle();
  expect([...mockPhone.connected]).toEqual([]);
  expect(mockPhone.part).toEqual([]);
});

test('Bluetooth that is off is told, and scanning begins when it is turned on', async () => {
  mockPhone.state = 'PoweredOff';
  const connecting = connectSensor('heartRate', { onMessage: () => undefined, onState: () => undefined });
  await settle();
  expect(chooser.snapshot()?.problem).toBe('off');
  expect(mockPhone.isScanning).toBe(false);
  mockPhone.onState?.('PoweredOn');
  await settle();
  expect(chooser.snapshot()?.problem).toBeNull();
  expect(mockPhone.isScanning).toBe(true);
  chooser.dismiss('cyclingPower');
  expect(chooser.snapshot()).not.toBeNull();
  chooser.dismiss('heartRate');
  expect(await connecting).toBeNull();
  expect(mockPhone.isScanning).toBe(false);
});

test.each([
  [33, ['scan', 'connect']],
  [29, ['location']],
])('Android %i is asked for what its Bluetooth needs, and a refusal is told', async (Version, asked) => {
  Object.assign(mockPhone.platform, { OS: 'android', Version });
  mockPhone.answer = 'denied';
  const connecting = connectSensor('heartRate', { onMessage: () => undefined, onState: () => undefined });
  await settle();
  expect(mockPhone.asked).toEqual(asked);
  expect(chooser.snapshot()?.problem).toBe('denied');
  chooser.dismiss('heartRate');
  expect(await connecting).toBeNull();
});

test('location services that are off are told where scanning needs them', async () => {
  const { BleError } = jest.requireMock<{ BleError: new (code: number) => Error }>('react-native-ble-plx');
  mockPhone.scanError = new BleError(601);
  const connecting = connectSensor('heartRate', { onMessage: () => undefined, onState: () => undefined });
  await settle();
  expect(chooser.snapshot()?.problem).toBe('location');
  chooser.dismiss('heartRate');
  expect(await connecting).toBeNull();
});
