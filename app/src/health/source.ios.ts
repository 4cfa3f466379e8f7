import { healthKit } from './healthKit.ios';
import type { HealthStore } from './types';

export const healthStore: HealthStore | null = healthKit;
