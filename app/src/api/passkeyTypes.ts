import type { components } from './schema';

export type PasskeyAssertion = components['schemas']['PasskeyAssertion'];
export type PasskeyCreation = components['schemas']['PasskeyCreation'];
export type PasskeyOptions = components['schemas']['PasskeyOptions'];

/** The person closed the browser's question, did not answer in time, or has no passkey that fits. */
export class PasskeyNotUsedError extends Error {
  constructor(options?: ErrorOptions) {
    super('No passkey was used', options);
    this.name = 'PasskeyNotUsedError';
  }
}

/** This device holds a passkey for the account already. */
export class PasskeyKnownError extends Error {
  constructor(options?: ErrorOptions) {
    super('There is a passkey on this device already', options);
    this.name = 'PasskeyKnownError';
  }
}
