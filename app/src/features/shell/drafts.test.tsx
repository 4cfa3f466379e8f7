import AsyncStorage from '@react-native-async-storage/async-storage';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode, useEffect } from 'react';

import { keys } from '@/api/queries';

import { type Draft, draftsOf, forgetDrafts, readDraft, useDraft } from './drafts';

type Root = { render: (what: ReactNode) => void; unmount: () => void };
const { createRoot } = jest.requireActual<{ createRoot: (where: Element) => Root }>('react-dom/client');

const SAVED = { title: 'Run', notes: '' };
type Values = typeof SAVED;

let root: Root;
let shown: Draft<Values>;

function Dialog({ name, onDraft }: { name: string; onDraft: (draft: Draft<Values>) => void }) {
  const draft = useDraft(name, SAVED);
  useEffect(() => onDraft(draft));
  return null;
}

async function open(name: string, owner = 'lena'): Promise<void> {
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: Infinity } } });
  client.setQueryData(keys.me, { id: owner });
  root = createRoot(document.createElement('div'));
  await act(async () =>
    root.render(
      <QueryClientProvider client={client}>
        <Dialog
          name={name}
          onDraft={(draft) => {
            shown = draft;
          }}
        />
      </QueryClientProvider>,
    ),
  );
}

const close = () => act(async () => root.unmount());

beforeEach(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  await AsyncStorage.clear();
});

test('what was typed is there again, for whom typed it and for what they typed it', async () => {
  await open('activity.a');
  expect(shown.isRestored).toBe(false);
  await act(async () => shown.change({ notes: 'Cold' }));
  await act(async () => shown.change({ notes: 'Cold legs' }));
  expect(shown).toMatchObject({ values: { title: 'Run', notes: 'Cold legs' }, isRestored: false });
  await close();

  await open('activity.b');
  expect(shown.values).toEqual(SAVED);
  await close();
  await open('activity.a', 'otto');
  expect(shown).toMatchObject({ values: SAVED, isRestored: false });
  await close();
  await open('activity.a');
  expect(shown).toMatchObject({ values: { title: 'Run', notes: 'Cold legs' }, isRestored: true });
  await close();
});

test('nothing stays of what was saved, cancelled or typed back', async () => {
  await open('activity.a');
  await act(async () => shown.change({ title: 'Tunnel' }));
  expect(await draftsOf('lena')).toHaveLength(1);
  await act(async () => shown.change({ title: 'Run' }));
  expect(await draftsOf('lena')).toEqual([]);
  await act(async () => shown.change({ title: 'Tunnel' }));
  await act(async () => shown.forget());
  expect(shown.values).toEqual(SAVED);
  expect(await draftsOf('lena')).toEqual([]);
  await close();
});

test('signing out forgets the own drafts', async () => {
  await AsyncStorage.setItem('topform.draft.otto.x', '{}');
  await open('activity.a');
  await act(async () => shown.change({ title: 'Tunnel' }));
  await close();
  await forgetDrafts('lena');
  expect([await draftsOf('lena'), await draftsOf('otto')]).toEqual([[], ['topform.draft.otto.x']]);
});

test.each([null, '', '[', 'null', '3', '{"title":7}', '{"other":"x"}'])('%j holds no draft', (text) => {
  expect(readDraft(text, SAVED)).toBeNull();
});
