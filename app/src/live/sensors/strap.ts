/** A heart-rate strap. */

import { parseHeartRate, type HeartRate } from './gatt';
import { connectSensor, hasSensors, type Sensor, type SensorState } from './sensor';

export type StrapState = SensorState;
export type Strap = Sensor;

export type StrapListener = {
  onReading: (reading: HeartRate) => void;
  onState: (state: StrapState) => void;
};

export const hasStraps = hasSensors;

/** Null = the athlete chose none. */
export const connectStrap = ({ onReading, onState }: StrapListener): Promise<Strap | null> =>
  connectSensor('heartRate', {
    onMessage: (octets) => {
      const reading = parseHeartRate(octets);
      if (reading !== null) onReading(reading);
    },
    onState,
  });
