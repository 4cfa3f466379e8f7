import { KeptSession, type Tokens } from './keptSession';

const NOON = Date.parse('2026-03-01T12:00:00Z');

function tokens(generation: number, endsAt: number): Tokens {
  return {
    token: `access-${generation}`,
    expires_at: new Date(endsAt).toISOString(),
    refresh_token: `refresh-${generation}`,
  };
}

function response(status: number, body: unknown): Response {
  return {
    ok: status < 300,
    status,
    text: () => Promise.resolve(JSON.stringify(body)),
  } as unknown as Response;
}

function setUp(answers: (Response | Error)[] = []) {
  const asked: string[] = [];
  let stored: string | null = null;
  let now = NOON;
  const session = new KeptSession({
    read: () => Promise.resolve(stored),
    write: (text) => {
      stored = text;
      return Promise.resolve();
    },
    erase: () => {
      stored = null;
      return Promise.resolve();
    },
    renew: (refreshToken) => {
      asked.push(refreshToken);
      const next = answers.shift();
      return next instanceof Error || next === undefined
        ? Promise.reject(next ?? new Error('unexpected'))
        : Promise.resolve(next);
    },
    now: () => now,
  });
  return { session, asked, stored: () => stored, pass: (ms: number) => (now += ms) };
}

test('a token is renewed a minute before its end, not earlier', async () => {
  const { session, asked, pass } = setUp([response(201, tokens(2, NOON + 29 * 60_000))]);
  await session.keep(tokens(1, NOON + 15 * 60_000));
  await session.fresh();
  expect(asked).toEqual([]);
  pass(14 * 60_000 + 1);
  await session.fresh();
  expect(asked).toEqual(['refresh-1']);
  expect(session.token()).toBe('access-2');
});

test('requests that find it ended at the same time renew it once', async () => {
  const { session, asked } = setUp([response(201, tokens(2, NOON + 900_000))]);
  await session.keep(tokens(1, NOON));
  await Promise.all([session.fresh(), session.fresh(), session.renew()]);
  expect(asked).toEqual(['refresh-1']);
});

test('what was renewed is there after a restart', async () => {
  const { session } = setUp([response(201, tokens(2, NOON + 900_000))]);
  await session.keep(tokens(1, NOON));
  await session.renew();
  await session.restore();
  expect(session.token()).toBe('access-2');
});

test('a session that the server has ended is forgotten', async () => {
  const { session, stored } = setUp([response(401, { code: 'refresh_reused' })]);
  await session.keep(tokens(1, NOON));
  expect(await session.renew()).toBe(false);
  expect(session.token()).toBeNull();
  expect(stored()).toBeNull();
});

test.each([response(503, {}), new Error('offline')])(
  'while the server is away the session is kept',
  async (first) => {
    const { session, asked } = setUp([first, response(201, tokens(2, NOON + 900_000))]);
    await session.keep(tokens(1, NOON));
    expect(await session.renew()).toBe(false);
    expect(session.token()).toBe('access-1');
    expect(await session.renew()).toBe(true);
    expect(asked).toEqual(['refresh-1', 'refresh-1']);
  },
);

test('without a session there is nothing to renew', async () => {
  const { session, asked } = setUp();
  await session.restore();
  await session.fresh();
  expect(await session.renew()).toBe(false);
  expect(asked).toEqual([]);
});
