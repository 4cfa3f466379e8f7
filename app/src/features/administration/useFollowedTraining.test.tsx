import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';

import { Button, ThemeProvider } from '@/design';

import { queuesQuery } from './adminQueries';
import { useFollowedTraining } from './useFollowedTraining';

type Root = { render: (what: ReactNode) => void; unmount: () => void };
const { createRoot } = jest.requireActual<{ createRoot: (where: Element) => Root }>('react-dom/client');

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const state = (queue: string, waiting: number, running: number, longestWaitS: number | null = null) => ({
  queue,
  waiting,
  running,
  scheduled: 0,
  failed: 0,
  longest_wait_s: longestWaitS,
});
const MINUTE = 60;

let root: Root;
let client: QueryClient;
let looks: number;

function Shown() {
  return <Button label="Follow" onPress={useFollowedTraining()} />;
}

const found = (...queues: ReturnType<typeof state>[]) =>
  act(async () => {
    client.setQueryData(queuesQuery().queryKey, { queues });
  });
/** Second by second, as what is drawn again sets the next timer. */
async function wait(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1)
    await act(async () => jest.advanceTimersByTimeAsync(1000));
}

beforeEach(async () => {
  jest.useFakeTimers();
  looks = 0;
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, gcTime: Infinity } } });
  jest.spyOn(client, 'invalidateQueries').mockImplementation(async () => {
    looks += 1;
  });
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await found(state('default', 3, 1), state('training', 0, 0));
  await act(async () =>
    root.render(
      <QueryClientProvider client={client}>
        <ThemeProvider>
          <Shown />
        </ThemeProvider>
      </QueryClientProvider>,
    ),
  );
});

afterEach(async () => {
  await act(async () => root.unmount());
  client.clear();
  jest.useRealTimers();
});

test('nothing is fetched again while no training waits or runs, whatever other queues do', async () => {
  await wait(MINUTE);
  expect(looks).toBe(0);
});

test('a training that was asked for and is over before it is seen in the queue is looked for a few times', async () => {
  await act(async () => document.querySelector<HTMLElement>('[role=button], button')?.click());
  await wait(MINUTE);
  expect(looks).toBeGreaterThan(1);
  const whole = looks;
  await wait(MINUTE);
  expect(looks).toBe(whole);
});

test('a training that runs is looked for until it is over, and once more after that', async () => {
  await found(state('training', 0, 1));
  for (let answers = 0; answers < 10; answers += 1) {
    await found(state('training', 0, 1));
    await wait(3);
  }
  expect(looks).toBeGreaterThanOrEqual(10);
  const during = looks;
  await found(state('training', 0, 0));
  await wait(MINUTE);
  expect(looks).toBeGreaterThan(during);
  const whole = looks;
  await wait(MINUTE);
  expect(looks).toBe(whole);
});

test('a training that no worker takes is looked for seldom', async () => {
  await found(state('training', 1, 0, 61));
  await wait(29);
  expect(looks).toBe(0);
  await wait(2);
  expect(looks).toBe(1);
  await found(state('training', 0, 1));
  await wait(3);
  expect(looks).toBe(2);
});
