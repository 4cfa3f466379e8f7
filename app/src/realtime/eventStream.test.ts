import {
  EventStream,
  parseEvent,
  reconnectDelayMs,
  type ServerEvent,
  type StreamSocket,
} from './eventStream';

class Line implements StreamSocket {
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.onclose?.({ code: 1000 });
  }
}

function setUp(token: string | null = null, renewed = false) {
  const lines: Line[] = [];
  const events: ServerEvent[] = [];
  const states: string[] = [];
  let retry: (() => void) | null = null;
  const delays: number[] = [];
  const stream = new EventStream({
    open: () => {
      const line = new Line();
      lines.push(line);
      return line;
    },
    token: () => token,
    renew: () => Promise.resolve(renewed),
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
    schedule: (run, delayMs) => {
      retry = run;
      delays.push(delayMs);
      return () => {
        retry = null;
      };
    },
  });
  return { stream, lines, events, states, delays, runRetry: () => retry?.(), hasRetry: () => retry !== null };
}

test('it asks for what comes after the last event it saw', () => {
  const { stream, lines, runRetry, events } = setUp();
  stream.start();
  lines[0]?.onopen?.();
  expect(lines[0]?.sent).toEqual([{ after: null }]);
  lines[0]?.onmessage?.({ data: '{"id": 41, "type": "job.updated", "data": {}}' });
  lines[0]?.onclose?.({ code: 1006 });
  runRetry();
  lines[1]?.onopen?.();
  expect(lines[1]?.sent).toEqual([{ after: 41 }]);
  expect(events.map((event) => event.id)).toEqual([41]);
});

test('a native app says who it is first', () => {
  const { stream, lines } = setUp('secret');
  stream.start();
  lines[0]?.onopen?.();
  expect(lines[0]?.sent).toEqual([{ token: 'secret' }, { after: null }]);
});

test('each failure waits longer, up to half a minute; a good connection starts over', () => {
  expect([1, 2, 3, 4].map(reconnectDelayMs)).toEqual([500, 1000, 2000, 4000]);
  expect(reconnectDelayMs(20)).toBe(30_000);
  const { stream, lines, delays, runRetry } = setUp();
  stream.start();
  lines[0]?.onclose?.({ code: 1006 });
  runRetry();
  lines[1]?.onclose?.({ code: 1006 });
  runRetry();
  lines[2]?.onopen?.();
  lines[2]?.onclose?.({ code: 1006 });
  expect(delays).toEqual([500, 1000, 500]);
});

test('a stranger is turned away once', async () => {
  const { stream, lines, hasRetry } = setUp();
  stream.start();
  lines[0]?.onclose?.({ code: 1008 });
  await Promise.resolve();
  expect(hasRetry()).toBe(false);
});

test('with another token it connects again and misses nothing', async () => {
  const { stream, lines, runRetry, hasRetry } = setUp('secret', true);
  stream.start();
  lines[0]?.onopen?.();
  lines[0]?.onmessage?.({ data: '{"id": 41, "type": "job.updated", "data": {}}' });
  lines[0]?.onclose?.({ code: 4401 });
  await Promise.resolve();
  expect(hasRetry()).toBe(true);
  runRetry();
  lines[1]?.onopen?.();
  expect(lines[1]?.sent).toEqual([{ token: 'secret' }, { after: 41 }]);
});

test('after stop nothing is tried any more', () => {
  const { stream, lines, hasRetry } = setUp();
  stream.start();
  lines[0]?.onopen?.();
  stream.stop();
  expect(hasRetry()).toBe(false);
  stream.retryNow();
  expect(lines).toHaveLength(1);
});

test('when the network is back it does not wait', () => {
  const { stream, lines } = setUp();
  stream.start();
  lines[0]?.onclose?.({ code: 1006 });
  stream.retryNow();
  expect(lines).toHaveLength(2);
});

test.each(['', 'null', '[1]', '{"id": 1}', '{', 5])('%p is not an event', (text) => {
  expect(parseEvent(text)).toBeNull();
});
