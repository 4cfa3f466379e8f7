import type { HealthStore } from './types';

/** A browser has no health store; its export can be imported as a file. */
export const healthStore: HealthStore | null = null;
