import { onlineManager, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';

import { defineWrites } from '@/api/writes';
import { ThemeProvider } from '@/design';
import { startTexts } from '@/i18n';

import { AfterIt } from './AfterIt';
import { stepWord } from './DoneSteps';
import { adherenceQuery, type SessionAdherence } from './planQueries';

type Root = { render: (what: ReactNode) => void; unmount: () => void };
const { createRoot } = jest.requireActual<{ createRoot: (where: Element) => Root }>('react-dom/client');

const DAY = '2026-06-01';
const RUN = {
  session_id: '2026-06-01-1',
  day: DAY,
  title: 'Tempo run',
  status: 'missed',
} as SessionAdherence;
const query = adherenceQuery('p', DAY, DAY);

let root: Root;
let client: QueryClient;

function Shown() {
  const found = useQuery(query).data?.sessions[0];
  return <AfterIt planId="p" session={{ id: RUN.session_id }} found={found} />;
}

async function show(session: SessionAdherence): Promise<void> {
  client.setQueryData(query.queryKey, { sessions: [session], extra_activity_ids: [] });
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () =>
    root.render(
      <QueryClientProvider client={client}>
        <ThemeProvider>
          <Shown />
        </ThemeProvider>
      </QueryClientProvider>,
    ),
  );
}

async function press(label: string): Promise<void> {
  const found = [...document.querySelectorAll<HTMLElement>('[role=button], [role=radio], button')].find(
    (one) => one.getAttribute('aria-label') === label || one.textContent === label,
  );
  if (found === undefined) throw new Error(`There is no ${label}.`);
  await act(async () => found.click());
  // The cache tells of its changes in a turn of its own.
  await act(async () => new Promise((resolve) => setTimeout(resolve, 0)));
}

const text = () => document.body.textContent ?? '';
const waiting = () =>
  client
    .getMutationCache()
    .getAll()
    .map(({ state }) => (state.variables as { said: unknown }).said);

beforeEach(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  await startTexts();
  onlineManager.setOnline(false);
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, gcTime: Infinity } } });
  defineWrites(client);
});

afterEach(async () => {
  await act(async () => root.unmount());
  client.clear();
  onlineManager.setOnline(true);
});

test('a session is called done in one tap without a network, asks how it was, and the word is taken back', async () => {
  await show(RUN);
  expect(text()).toContain('Not done');
  expect(text()).not.toContain('How hard was it?');
  await press('I did it: Tempo run');
  expect(text()).toContain('Nothing was measured');
  expect(text()).toContain('How hard was it?');
  await press('Undo: Tempo run');
  expect(text()).toContain('Not done');
  expect(waiting()).toEqual([{ mark: 'done' }, { mark: null }]);
});

test('how it felt is shown and kept with the session before the server has heard of it', async () => {
  const mark = { mark: 'done', session_id: RUN.session_id, day: DAY, updated_at: '' } as const;
  await show({ ...RUN, status: 'done', mark });
  await press('7');
  expect(document.querySelector('[role=radio][aria-checked=true]')?.textContent).toBe('7');
  const [kept] = client.getQueryData<{ sessions: SessionAdherence[] }>(query.queryKey)?.sessions ?? [];
  expect(kept?.feedback).toMatchObject({ session_id: RUN.session_id, day: DAY, rpe_cr10: 7 });
});

test('a skipped session says so, and why only for those who like', async () => {
  await show(RUN);
  await press('Skip it: Tempo run');
  expect(text()).toContain('Skipped');
  expect(text()).not.toContain('How hard was it?');
  await press('Weather');
  expect(waiting()).toEqual([{ mark: 'skipped' }, { mark: 'skipped', reason: 'weather' }]);
});

test('a recording counts and says that it came after the word', async () => {
  const mark = { mark: 'skipped', session_id: RUN.session_id, day: DAY, updated_at: '' } as const;
  const step = {
    index: 0,
    text: 'Steady',
    planned_s: 4440,
    done_s: 4140,
    target: 'hr_bpm',
    low: 130,
    high: 140,
  };
  await show({
    ...RUN,
    status: 'done',
    activity_id: 'a',
    done_minutes: 69,
    share: 0,
    steps: [{ ...step, actual: 146, verdict: 'above' }],
    mark,
  });
  expect(text()).toContain('You had skipped this session. The recording counts.');
  expect(text()).toContain('69 of 74 min');
  expect(text()).toContain('Steps as planned: 0 of 1');
  expect(text()).toContain('146 bpm, planned 130–140 bpm');
  expect(text()).toContain('1 × harder than planned');
  expect(text()).not.toContain('%');
});

test.each([
  ['speed_m_s', 'below', 'slower'],
  ['speed_m_s', 'above', 'faster'],
  ['power_w', 'below', 'easier'],
  ['hr_bpm', 'above', 'harder'],
  ['speed_m_s', 'short', 'short'],
  [null, 'missed', 'missed'],
] as const)('a step with a target of %p that ended %p was %p', (target, verdict, word) => {
  expect(stepWord({ target, verdict })).toBe(word);
});
