import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';

import type { Athlete, AthleteChange } from '@/api/types';
import { ThemeProvider } from '@/design';
import { startTexts } from '@/i18n';

import { AimFields } from './AimFields';

type Root = { render: (what: ReactNode) => void; unmount: () => void };
const { createRoot } = jest.requireActual<{ createRoot: (where: Element) => Root }>('react-dom/client');

let root: Root;
let client: QueryClient;
let sent: AthleteChange[];
let settle: (() => void)[];

async function show(sports: Athlete['sports']): Promise<void> {
  await act(async () =>
    root.render(
      <QueryClientProvider client={client}>
        <ThemeProvider>
          <AimFields
            athlete={{ sports, aim: null } as Athlete}
            onChange={(change, options) => {
              sent.push(change);
              if (options) settle.push(options.onSettled);
            }}
          />
        </ThemeProvider>
      </QueryClientProvider>,
    ),
  );
}

const boxes = () => [...document.querySelectorAll<HTMLElement>('[role=checkbox]')];
const nameOf = (box: HTMLElement) => box.getAttribute('aria-label') ?? box.textContent ?? '';

function press(name: string): void {
  const found = boxes().find((box) => nameOf(box) === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  found.click();
}

const ticked = () =>
  boxes()
    .filter((box) => box.getAttribute('aria-checked') === 'true')
    .map(nameOf);

beforeAll(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  await startTexts();
});

beforeEach(() => {
  client = new QueryClient();
  [sent, settle] = [[], []];
  root = createRoot(document.body.appendChild(document.createElement('div')));
});

afterEach(async () => {
  await act(async () => root.unmount());
  client.clear();
  document.body.replaceChildren();
});

describe('ticking sports', () => {
  test('two ticks before the first is drawn or answered keep both sports', async () => {
    await show([]);
    await act(async () => {
      press('Running');
      press('Cycling');
    });
    expect(sent).toEqual([{ sports: ['running'] }, { sports: ['running', 'cycling'] }]);
    expect(ticked()).toEqual(['Running', 'Cycling']);
  });

  test('a tick builds on those before it while the server has answered only the first', async () => {
    await show([]);
    await act(async () => {
      press('Running');
      press('Cycling');
    });
    await show(['running']);
    await act(async () => press('Swimming'));
    expect(sent.at(-1)).toEqual({ sports: ['running', 'cycling', 'swimming'] });
  });

  test('a refused tick is taken back', async () => {
    await show(['running']);
    await act(async () => press('Cycling'));
    expect(ticked()).toEqual(['Running', 'Cycling']);
    await act(async () => settle.forEach((done) => done()));
    expect(ticked()).toEqual(['Running']);
    await act(async () => press('Swimming'));
    expect(sent.at(-1)).toEqual({ sports: ['running', 'swimming'] });
  });
});
