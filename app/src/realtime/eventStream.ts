/** The live connection: resumes from the last event it saw, waits longer after each failure, and says its state. */

export type ServerEvent = { id: number; type: string; data: unknown };
export type StreamState = 'connecting' | 'live' | 'down';

export type StreamSocket = {
  send: (text: string) => void;
  close: () => void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
};

export type StreamOptions = {
  open: () => StreamSocket;
  token: () => string | null;
  /** Gets another token after the server has refused or outlived this one; false when there is none to get. */
  renew: () => Promise<boolean>;
  /** What to say first; by default from which event on to be told. */
  hello?: (lastId: number | null) => unknown;
  onEvent: (event: ServerEvent) => void;
  /** What was listened to is not there any more; there is no point in trying again. */
  onGone?: () => void;
  onState: (state: StreamState) => void;
  schedule?: (run: () => void, delayMs: number) => () => void;
};

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const GONE = 4404;
const SIGNED_OUT = new Set([1008, 4401]);

export function reconnectDelayMs(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
}

export function parseEvent(text: unknown): ServerEvent | null {
  if (typeof text !== 'string') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { id, type, data } = value as Record<string, unknown>;
  if (typeof type !== 'string') return null;
  return { id: typeof id === 'number' ? id : 0, type, data: data ?? null };
}

function defaultSchedule(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

export class EventStream {
  private socket: StreamSocket | null = null;
  private cancelRetry: (() => void) | null = null;
  private failures = 0;
  private lastId: number | null = null;
  private stopped = true;
  private isOpen = false;

  constructor(private readonly options: StreamOptions) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.cancelRetry?.();
    this.cancelRetry = null;
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    if (this.isOpen) socket.close();
    // A browser complains about what is closed before it has opened.
    else socket.onopen = () => socket.close();
  }

  /** Tries at once, for example when the device says that the network is back. */
  retryNow(): void {
    if (this.stopped || this.socket !== null) return;
    this.cancelRetry?.();
    this.failures = 0;
    this.connect();
  }

  private connect(): void {
    this.options.onState('connecting');
    const socket = this.options.open();
    this.socket = socket;
    this.isOpen = false;
    socket.onopen = () => {
      this.isOpen = true;
      const token = this.options.token();
      if (token !== null) socket.send(JSON.stringify({ token }));
      socket.send(JSON.stringify(this.options.hello?.(this.lastId) ?? { after: this.lastId }));
      this.failures = 0;
      this.options.onState('live');
    };
    socket.onmessage = ({ data }) => {
      const event = parseEvent(data);
      if (event === null) return;
      if (event.id > 0) this.lastId = Math.max(this.lastId ?? 0, event.id);
      this.options.onEvent(event);
    };
    socket.onerror = () => undefined;
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.options.onState('down');
      if (this.stopped) return;
      if (code === GONE) this.options.onGone?.();
      else if (SIGNED_OUT.has(code)) {
        void this.options.renew().then((renewed) => {
          if (renewed && !this.stopped && this.socket === null) this.connectLater();
        });
      } else this.connectLater();
    };
  }

  private connectLater(): void {
    this.failures += 1;
    const schedule = this.options.schedule ?? defaultSchedule;
    this.cancelRetry = schedule(() => this.connect(), reconnectDelayMs(this.failures));
  }
}
