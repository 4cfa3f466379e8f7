/** A sensor over the phone's Bluetooth; a lost one is asked for again until it is back or closed. */

import { NativeModules, PermissionsAndroid, Platform } from 'react-native';
import { BleError, BleErrorCode, BleManager, State, type Subscription } from 'react-native-ble-plx';

import { type ChoiceProblem, chooser, type Found, signalOf } from './chooser';
import { CHARACTERISTICS, type SensorKind, SERVICES } from './gatt';
import { seeker } from './seeking';
import type { Sensor, SensorListener } from './sensor';

const CONNECT_MS = 15_000;
/** Android asks for Bluetooth itself since then; before, scanning counted as looking where one is. */
const ANDROID_12 = 31;

const PROBLEMS: Partial<Record<State, ChoiceProblem>> = {
  [State.PoweredOff]: 'off',
  [State.Unauthorized]: 'denied',
  [State.Unsupported]: 'unsupported',
};
const SCAN_PROBLEMS: Partial<Record<BleErrorCode, ChoiceProblem>> = {
  [BleErrorCode.BluetoothPoweredOff]: 'off',
  [BleErrorCode.BluetoothUnauthorized]: 'denied',
  [BleErrorCode.BluetoothUnsupported]: 'unsupported',
  [BleErrorCode.LocationServicesDisabled]: 'location',
};

/** The library has one manager for the whole app. */
let shared: BleManager | null = null;
const bluetooth = (): BleManager => (shared ??= new BleManager());

/** How many follow a device: a power meter may tell of power and of turns. */
const followers = new Map<string, number>();

/** The app was built with Bluetooth; whether the phone has it and it is on, is told when one is chosen. */
export const hasSensors = (): boolean => Boolean((NativeModules as { BlePlx?: unknown }).BlePlx);

/** Not worn, out of reach, or not what it said it is. */
export const isOutOfReach = (error: unknown): boolean => error instanceof BleError;

/** Null = the athlete chose none. */
export async function connectSensor(kind: SensorKind, listener: SensorListener): Promise<Sensor | null> {
  const found = await chosen(kind);
  return found === null ? null : follow(kind, found, listener);
}

async function chosen(kind: SensorKind): Promise<Found | null> {
  const answer = chooser.ask(kind);
  if (!(await isAllowed())) {
    chooser.report('denied');
    return answer;
  }
  const manager = bluetooth();
  const states = manager.onStateChange((state) => {
    chooser.report(PROBLEMS[state] ?? null);
    if (state === State.PoweredOn) void scan(manager, kind);
  }, true);
  try {
    return await answer;
  } finally {
    states.remove();
    await unlessGone(manager.stopDeviceScan());
  }
}

async function isAllowed(): Promise<boolean> {
  // Apple's system asks by itself when Bluetooth is first used, and tells the answer as a state.
  if (Platform.OS !== 'android') return true;
  const { BLUETOOTH_SCAN, BLUETOOTH_CONNECT, ACCESS_FINE_LOCATION } = PermissionsAndroid.PERMISSIONS;
  const wanted =
    Number(Platform.Version) >= ANDROID_12 ? [BLUETOOTH_SCAN, BLUETOOTH_CONNECT] : [ACCESS_FINE_LOCATION];
  const answers = await PermissionsAndroid.requestMultiple(wanted);
  return wanted.every((one) => answers[one] === PermissionsAndroid.RESULTS.GRANTED);
}

async function scan(manager: BleManager, kind: SensorKind): Promise<void> {
  const service = uuid(SERVICES[kind]);
  const fail = (error: BleError) => chooser.report(SCAN_PROBLEMS[error.errorCode] ?? 'failed');
  try {
    // What another app is connected to does not call out any more.
    for (const { id, name } of await manager.connectedDevices([service])) {
      chooser.find({ id, name: name ?? '', signal: null });
    }
    await manager.startDeviceScan([service], { allowDuplicates: true }, (error, device) => {
      if (error !== null) fail(error);
      if (device === null) return;
      const name = device.localName ?? device.name ?? '';
      chooser.find({ id: device.id, name, signal: signalOf(device.rssi) });
    });
  } catch (error) {
    if (!(error instanceof BleError)) throw error;
    fail(error);
  }
}

async function follow(kind: SensorKind, { id, name }: Found, listener: SensorListener): Promise<Sensor> {
  const manager = bluetooth();
  let isClosed = false;
  let isHeld = false;
  let messages: Subscription | null = null;
  const meet = async (): Promise<void> => {
    listener.onState('connecting');
    if (!(await manager.isDeviceConnected(id))) await manager.connectToDevice(id, { timeout: CONNECT_MS });
    await manager.discoverAllServicesAndCharacteristicsForDevice(id);
    // Fails for one that is not what it said it is.
    await manager.characteristicsForDevice(id, uuid(SERVICES[kind]));
    messages?.remove();
    messages = manager.monitorCharacteristicForDevice(
      id,
      uuid(SERVICES[kind]),
      uuid(CHARACTERISTICS[kind]),
      (_error, characteristic) => {
        const value = characteristic?.value;
        if (value && !isClosed) listener.onMessage(octetsOf(value));
      },
    );
    if (isClosed) messages.remove();
    else listener.onState('connected');
  };
  const again = seeker({
    meet,
    isOutOfReach,
    isClosed: () => isClosed,
    onLost: () => listener.onState('lost'),
  });
  const partings = manager.onDeviceDisconnected(id, () => {
    if (isClosed || !isHeld) return;
    listener.onState('lost');
    void again();
  });
  followers.set(id, (followers.get(id) ?? 0) + 1);
  const leave = (): void => {
    isClosed = true;
    partings.remove();
    messages?.remove();
    const left = (followers.get(id) ?? 1) - 1;
    followers.set(id, left);
    if (left === 0) void unlessGone(manager.cancelDeviceConnection(id));
  };
  try {
    await meet();
    isHeld = true;
  } catch (error) {
    leave();
    throw error;
  }
  return {
    name,
    close: () => {
      leave();
      listener.onState('closed');
    },
  };
}

/** The assigned numbers as the library writes them, on the Bluetooth base UUID. */
const uuid = (assigned: number): string =>
  `0000${assigned.toString(16).padStart(4, '0')}-0000-1000-8000-00805f9b34fb`;

const octetsOf = (base64: string): DataView =>
  new DataView(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);

/** Ending what has ended already is no error. */
async function unlessGone(ending: Promise<unknown>): Promise<void> {
  try {
    await ending;
  } catch (error) {
    if (!(error instanceof BleError)) throw error;
  }
}
