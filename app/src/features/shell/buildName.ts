import Constants from 'expo-constants';

/** What tells two builds of the app apart: answers kept by another one may have another shape. */
export function buildName(): string {
  return Constants.expoConfig?.version ?? '';
}
