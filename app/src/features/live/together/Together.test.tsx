import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';

import { ThemeProvider } from '@/design';
import { startTexts } from '@/i18n';
import { NOTHING, type RoomValues } from '@/live/together/sharing';

import { type OpenRoom, type Room, roomQuery, roomsQuery, sayState } from './roomQueries';
import { Together } from './Together';

jest.mock('@/realtime/eventStream', () => ({
  EventStream: class {
    start() {}
    stop() {}
  },
}));
jest.mock('./roomQueries', () => ({
  ...jest.requireActual<object>('./roomQueries'),
  sayState: jest.fn((_id: string, { seq }: { seq: number }) =>
    Promise.resolve({ seq, is_watching_only: false }),
  ),
}));

type Root = { render: (what: ReactNode) => void; unmount: () => void };
const { createRoot } = jest.requireActual<{ createRoot: (where: Element) => Root }>('react-dom/client');

const OWNER = { handle: 'nina', name: 'Nina' };
const OPEN = { id: 'r1', name: null, owner: OWNER, people: [OWNER], is_inside: true } as unknown as OpenRoom;
const ROOM = {
  ...OPEN,
  as_of: '2026-06-01T10:00:00Z',
  cheers: [],
  people: [{ ...OWNER, is_you: true, seq: 4, shares: ['elapsed', 'heart_rate'] }],
} as unknown as Room;

const RUN: RoomValues = { ...NOTHING, elapsed_s: 12, hr_bpm: 151 };
const read = () => RUN;
const said = jest.mocked(sayState);

let root: Root;
let client: QueryClient;

/** A session that begins while one is in the room still. */
async function begin(): Promise<void> {
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () =>
    root.render(
      <QueryClientProvider client={client}>
        <ThemeProvider>
          <Together read={read} suggested={['elapsed']} />
        </ThemeProvider>
      </QueryClientProvider>,
    ),
  );
}

const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

async function press(label: string): Promise<void> {
  const button = [...document.querySelectorAll<HTMLElement>('[role=button], button')].find(
    ({ textContent }) => textContent === label,
  );
  await act(async () => button?.click());
}

beforeEach(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  jest.useFakeTimers();
  await startTexts();
  said.mockClear();
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  client.setQueryData(roomsQuery().queryKey, { items: [OPEN] } as never);
  client.setQueryData(roomQuery('r1').queryKey, ROOM);
});

afterEach(() => {
  client.clear();
  jest.useRealTimers();
});

test('a session that begins in a room from before says nothing there until the athlete says yes', async () => {
  await begin();
  await pass(30_000);
  expect(document.body.textContent).toContain('Still in Room of Nina: show this session?');
  expect(said).not.toHaveBeenCalled();

  await press('Show this session');
  await pass(1_000);
  expect(said).toHaveBeenCalledWith('r1', { ...RUN, seq: 5 });

  // Its end takes back what was said; the next session is asked for anew.
  await act(async () => root.unmount());
  expect(said).toHaveBeenLastCalledWith('r1', expect.objectContaining(NOTHING));
  said.mockClear();
  await begin();
  await pass(30_000);
  expect(said).not.toHaveBeenCalled();
  await act(async () => root.unmount());
});
