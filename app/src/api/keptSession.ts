/** An app's session: an access token for a quarter of an hour, and a refresh token that works once. */

export type Tokens = {
  token: string | null;
  expires_at: string | null;
  refresh_token: string | null;
};

type Options = {
  read: () => Promise<string | null>;
  write: (text: string) => Promise<void>;
  erase: () => Promise<void>;
  renew: (refreshToken: string) => Promise<Response>;
  now?: () => number;
};

/** Renewed this long before its end, a token does not run out on the way to the server. */
const EARLY_MS = 60_000;

export class KeptSession {
  private tokens: Tokens | null = null;
  private renewal: Promise<boolean> | null = null;

  constructor(private readonly options: Options) {}

  token(): string | null {
    return this.tokens?.token ?? null;
  }

  async restore(): Promise<void> {
    const text = await this.options.read();
    this.tokens = text === null ? null : parse(text);
  }

  /** Stores first and uses then: what is lost between the two is a session that can still be renewed. */
  async keep(next: Tokens | null): Promise<void> {
    if (next === null) await this.options.erase();
    else await this.options.write(JSON.stringify(next));
    this.tokens = next;
  }

  async fresh(): Promise<void> {
    const now = (this.options.now ?? Date.now)();
    const ends = this.tokens?.expires_at;
    if (ends && Date.parse(ends) - now < EARLY_MS) await this.renew();
  }

  /** One renewal at a time: the refresh token works once. */
  renew(): Promise<boolean> {
    this.renewal ??= this.ask().finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  private async ask(): Promise<boolean> {
    const refreshToken = this.tokens?.refresh_token;
    if (!refreshToken) return false;
    let answer: Response;
    try {
      answer = await this.options.renew(refreshToken);
    } catch {
      return false; // Offline: the same token is tried again with the next request.
    }
    if (answer.ok) await this.keep(parse(await answer.text()));
    else if (answer.status === 401) await this.keep(null);
    return answer.ok;
  }
}

function parse(text: string): Tokens | null {
  try {
    const { token, expires_at, refresh_token } = JSON.parse(text) as Tokens;
    return { token, expires_at, refresh_token };
  } catch {
    return null;
  }
}
