import {
  type PasskeyAssertion,
  type PasskeyCreation,
  PasskeyKnownError,
  PasskeyNotUsedError,
} from './passkeyTypes';

/** Options as the server writes them: like the browser's own, with bytes as base64url. */
type Json<Options> = Omit<Options, 'challenge'> & { challenge: string };

export function canUsePasskeys(origins: readonly string[]): boolean {
  return 'PublicKeyCredential' in window && origins.includes(window.location.origin);
}

export async function createPasskey(publicKey: unknown): Promise<PasskeyCreation> {
  const options = publicKey as Json<PublicKeyCredentialCreationOptions> & { user: { id: string } };
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: descriptors(options.excludeCredentials),
      },
    }),
  );
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...named(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

export async function askForPasskey(publicKey: unknown): Promise<PasskeyAssertion> {
  const options = publicKey as Json<PublicKeyCredentialRequestOptions>;
  const used = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: descriptors(options.allowCredentials),
      },
    }),
  );
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    ...named(used),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle === null ? null : text(response.userHandle),
    },
  };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let answer: Credential | null;
  try {
    answer = await ask();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError')
      throw new PasskeyKnownError({ cause: error });
    throw new PasskeyNotUsedError({ cause: error });
  }
  if (answer === null) throw new PasskeyNotUsedError();
  return answer as PublicKeyCredential;
}

function named(credential: PublicKeyCredential) {
  const id = text(credential.rawId);
  return { id, rawId: id, type: 'public-key' as const };
}

function descriptors(listed: readonly PublicKeyCredentialDescriptor[] | undefined) {
  return (listed ?? []).map((one) => ({ ...one, id: bytes(one.id as unknown as string) }));
}

function bytes(encoded: string): Uint8Array<ArrayBuffer> {
  const letters = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function text(content: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(content), (code) => String.fromCharCode(code)).join('');
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
