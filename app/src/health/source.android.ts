import { healthConnect } from './healthConnect.android';
import type { HealthStore } from './types';

export const healthStore: HealthStore | null = healthConnect;
