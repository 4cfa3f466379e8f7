/** A sensor over Web Bluetooth; a lost one is asked for again until it is back or closed. */

import { CHARACTERISTICS, type SensorKind, SERVICES } from './gatt';
import { seeker } from './seeking';
import type { Sensor, SensorListener } from './sensor';

type Characteristic = EventTarget & { value?: DataView; startNotifications: () => Promise<unknown> };
type Service = { getCharacteristic: (id: number) => Promise<Characteristic> };
type Server = { getPrimaryService: (id: number) => Promise<Service>; disconnect: () => void };
type Device = EventTarget & { name?: string; gatt?: { connect: () => Promise<Server> } };
type Bluetooth = { requestDevice: (wish: { filters: { services: number[] }[] }) => Promise<Device> };

const bluetooth = (): Bluetooth | undefined =>
  typeof navigator === 'undefined' ? undefined : (navigator as { bluetooth?: Bluetooth }).bluetooth;

export const hasSensors = (): boolean => bluetooth() !== undefined;

/** Not worn, out of reach, or not what it said it is. */
export const isOutOfReach = (error: unknown): boolean => error instanceof DOMException;

export async function connectSensor(kind: SensorKind, listener: SensorListener): Promise<Sensor | null> {
  const device = await chosen(kind);
  if (device === null) return null;
  let isClosed = false;
  let server: Server | null = null;
  // One function for all connections: a characteristic that is met again is not heard twice.
  const hear = (event: Event): void => {
    const { value } = event.target as Characteristic;
    if (value !== undefined && !isClosed) listener.onMessage(value);
  };
  const follow = async (): Promise<void> => {
    listener.onState('connecting');
    server = (await device.gatt?.connect()) ?? null;
    if (server === null) throw new DOMException('The sensor offers no connection', 'NetworkError');
    const service = await server.getPrimaryService(SERVICES[kind]);
    const characteristic = await service.getCharacteristic(CHARACTERISTICS[kind]);
    characteristic.addEventListener('characteristicvaluechanged', hear);
    await characteristic.startNotifications();
    if (isClosed) server.disconnect();
    else listener.onState('connected');
  };
  const again = seeker({
    meet: follow,
    isOutOfReach,
    isClosed: () => isClosed,
    onLost: () => listener.onState('lost'),
  });
  device.addEventListener('gattserverdisconnected', () => {
    if (isClosed) return;
    listener.onState('lost');
    void again();
  });
  await follow();
  return {
    name: device.name ?? '',
    close: () => {
      isClosed = true;
      server?.disconnect();
      listener.onState('closed');
    },
  };
}

async function chosen(kind: SensorKind): Promise<Device | null> {
  try {
    return (await bluetooth()?.requestDevice({ filters: [{ services: [SERVICES[kind]] }] })) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}
