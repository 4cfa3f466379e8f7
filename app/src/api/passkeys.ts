import { type PasskeyAssertion, type PasskeyCreation, PasskeyNotUsedError } from './passkeyTypes';

/** Whether this device can use passkeys at one of the server's addresses: in browsers only. */
export function canUsePasskeys(_origins: readonly string[]): boolean {
  return false;
}

export async function createPasskey(_publicKey: unknown): Promise<PasskeyCreation> {
  throw new PasskeyNotUsedError();
}

export async function askForPasskey(_publicKey: unknown): Promise<PasskeyAssertion> {
  throw new PasskeyNotUsedError();
}
