/** A Bluetooth sensor; phones reach it by their own Bluetooth. */

export { connectSensor, hasSensors, isOutOfReach } from './bluetooth';

export type SensorState = 'connecting' | 'connected' | 'lost' | 'closed';

export type Sensor = { name: string; close: () => void };

export type SensorListener = {
  /** A message as the sensor sent it. */
  onMessage: (octets: DataView) => void;
  onState: (state: SensorState) => void;
};
