import { later, NOTHING, quietS, type RoomValues, type Said, Sharing, soundValues, zoneOf } from './sharing';

const values = (part: Partial<RoomValues>): RoomValues => ({ ...NOTHING, ...part });

function setUp(answers: (said: Said) => Promise<void> = () => Promise.resolve()) {
  const clock = { ms: 0 };
  const told: Said[] = [];
  const held = { values: values({ count: 0 }) as RoomValues | null };
  const sharing = new Sharing({
    seq: 7,
    now: () => clock.ms,
    read: () => held.values,
    send: (said) => {
      told.push(said);
      return answers(said);
    },
  });
  return { sharing, clock, told, held };
}

test('what a sensor makes up is left out, and numbers are as the server takes them', () => {
  expect(
    soundValues({ count: 3, elapsed_s: 61.6, hr_bpm: 300, zone: 9, speed_m_s: 3.14159, power_w: NaN }),
  ).toEqual(values({ count: 3, elapsed_s: 62, speed_m_s: 3.14 }));
});

test('it goes on from the number that the server knows, and says what is new', async () => {
  const { sharing, told, held } = setUp();
  await sharing.tick();
  held.values = values({ count: 1 });
  await sharing.tick();
  expect(told.map(({ seq, count }) => [seq, count])).toEqual([
    [8, 0],
    [9, 1],
  ]);
  sharing.atLeast(20);
  held.values = values({ count: 2 });
  await sharing.tick();
  expect(told.at(-1)?.seq).toBe(21);
});

test('without news it says every five seconds that it is still there', async () => {
  const { sharing, clock, told } = setUp();
  for (clock.ms = 0; clock.ms <= 10_000; clock.ms += 1_000) await sharing.tick();
  expect(told.map(({ seq }) => seq)).toEqual([8, 9, 10]);
});

test('who only watches says that, too', async () => {
  const { sharing, told, held } = setUp();
  held.values = null;
  await sharing.tick();
  expect(told).toEqual([{ ...NOTHING, seq: 8 }]);
});

test('the end of a session takes back what was said of it, also past a message on its way, and says no more', async () => {
  const { sharing, clock, told, held } = setUp(() => new Promise(() => undefined));
  held.values = values({ count: 3, hr_bpm: 151 });
  void sharing.tick();
  void sharing.end();
  clock.ms = 60_000;
  await sharing.tick();
  expect(told).toEqual([
    { ...NOTHING, count: 3, hr_bpm: 151, seq: 8 },
    { ...NOTHING, seq: 9 },
  ]);
});

test('one message is on its way at a time, and what was measured meanwhile goes with the next', async () => {
  let arrive: () => void = () => undefined;
  const { sharing, told, held } = setUp(
    () =>
      new Promise((resolve) => {
        arrive = resolve;
      }),
  );
  const first = sharing.tick();
  for (let count = 1; count <= 5; count++) {
    held.values = values({ count });
    await sharing.tick();
  }
  expect(told).toHaveLength(1);
  arrive();
  await first;
  void sharing.tick();
  expect(told[1]?.count).toBe(5);
});

test('without a connection nothing is collected; it waits longer each time and then says what is so', async () => {
  const state = { isDown: true };
  const { sharing, clock, told, held } = setUp(() =>
    state.isDown ? Promise.reject(new Error('down')) : Promise.resolve(),
  );
  for (clock.ms = 0; clock.ms < 60_000; clock.ms += 1_000) {
    held.values = values({ count: clock.ms / 1_000 });
    await sharing.tick();
  }
  expect(told.map(({ count }) => count)).toEqual([0, 1, 3, 7, 15, 30, 45]);
  state.isDown = false;
  clock.ms += 15_000;
  await sharing.tick();
  clock.ms += 1_000;
  held.values = values({ count: 99 });
  await sharing.tick();
  expect(told.at(-1)?.count).toBe(99);
  expect(new Set(told.map(({ seq }) => seq)).size).toBe(told.length);
});

test('how long somebody is silent is told by the server when the room comes, and by the own clock since', () => {
  expect(quietS('2026-06-01T10:00:00Z', '2026-06-01T10:00:04Z', 1_000, 9_500)).toBe(12);
  // Clocks differ; nobody is heard of in the future.
  expect(quietS('2026-06-01T10:00:05Z', '2026-06-01T10:00:04Z', 0, 0)).toBe(0);
});

test('messages of a room that come twice or in another order end where a fetch ends', () => {
  const messages = [0, 120, 500, 1_000].map((ms) => ({
    as_of: new Date(Date.UTC(2026, 5, 1, 10) + ms).toISOString().replace('.000Z', 'Z'),
    ms,
  }));
  const [first, second, third, fetched] = messages;
  if (!first || !second || !third || !fetched) throw new Error('four messages');
  for (const order of [
    [first, second, third, fetched],
    [fetched, first, second, third],
    [third, first, fetched, second, fetched, first],
    [second, fetched, fetched, third],
  ]) {
    const held = order.reduce<(typeof messages)[number] | undefined>(later, undefined);
    expect(held).toBe(fetched);
  }
});

test('a heart rate lies in one zone, and in none where zones are not known', () => {
  const zones = [
    { low: null, high: 130 },
    { low: 130, high: 150 },
    { low: 150, high: null },
  ];
  expect([90, 129.9, 130, 150, 220].map((bpm) => zoneOf(bpm, zones))).toEqual([1, 1, 2, 3, 3]);
  expect([zoneOf(null, zones), zoneOf(120, null), zoneOf(120, [])]).toEqual([null, null, null]);
});
