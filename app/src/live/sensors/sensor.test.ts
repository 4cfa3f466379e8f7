import { parseCyclingPower, parseHeartRate } from './gatt';
import type { SensorState } from './sensor';
import { connectSensor, hasSensors } from './sensor.web';

/** A sensor that speaks GATT's bytes, and can go out of reach. */
function simulated() {
  let isInReach = true;
  const asked: number[] = [];
  const characteristic = Object.assign(new EventTarget(), {
    value: undefined as DataView | undefined,
    startNotifications: async () => undefined,
  });
  const device = Object.assign(new EventTarget(), {
    name: 'Sensor',
    gatt: {
      connect: async () => {
        if (!isInReach) throw new DOMException('out of reach', 'NetworkError');
        return {
          getPrimaryService: async (service: number) => {
            asked.push(service);
            return {
              getCharacteristic: async (id: number) => {
                asked.push(id);
                return characteristic;
              },
            };
          },
          disconnect: () => undefined,
        };
      },
    },
  });
  Object.defineProperty(navigator, 'bluetooth', {
    value: {
      requestDevice: async ({ filters }: { filters: { services: number[] }[] }) => {
        asked.push(...filters.flatMap((filter) => filter.services));
        return device;
      },
    },
    configurable: true,
  });
  return {
    asked,
    send: (...octets: number[]) => {
      characteristic.value = new DataView(Uint8Array.from(octets).buffer);
      characteristic.dispatchEvent(new Event('characteristicvaluechanged'));
    },
    leave: () => {
      isInReach = false;
      device.dispatchEvent(new Event('gattserverdisconnected'));
    },
    flicker: () => {
      device.dispatchEvent(new Event('gattserverdisconnected'));
      device.dispatchEvent(new Event('gattserverdisconnected'));
    },
    comeBack: () => {
      isInReach = true;
    },
  };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a strap is read, lost, found again and closed; no reading is heard twice', async () => {
  const strap = simulated();
  const bpm: (number | undefined)[] = [];
  const states: SensorState[] = [];
  const connected = await connectSensor('heartRate', {
    onMessage: (octets) => bpm.push(parseHeartRate(octets)?.bpm),
    onState: (state) => states.push(state),
  });
  strap.send(0x10, 150, 0x9a, 0x01);
  strap.leave();
  await jest.advanceTimersByTimeAsync(3_500);
  strap.comeBack();
  await jest.advanceTimersByTimeAsync(10_000);
  strap.send(0x00, 151);
  connected?.close();
  strap.send(0x00, 152);
  expect(hasSensors()).toBe(true);
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
});

test('a power meter is asked for by its service and its characteristic', async () => {
  const meter = simulated();
  const watts: (number | undefined)[] = [];
  await connectSensor('cyclingPower', {
    onMessage: (octets) => watts.push(parseCyclingPower(octets)?.powerW),
    onState: () => undefined,
  });
  meter.send(0x00, 0x00, 0xfa, 0x00);
  expect(meter.asked).toEqual([0x1818, 0x1818, 0x2a63]);
  expect(watts).toEqual([250]);
});

test('a sensor that is lost twice at once is sought once', async () => {
  const pod = simulated();
  const states: SensorState[] = [];
  await connectSensor('runningSpeedCadence', {
    onMessage: () => undefined,
    onState: (state) => states.push(state),
  });
  pod.flicker();
  await jest.advanceTimersByTimeAsync(20_000);
  expect(states).toEqual(['connecting', 'connected', 'lost', 'lost', 'connecting', 'connected']);
});
