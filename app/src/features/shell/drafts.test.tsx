import AsyncStorage from '@react-native-async-storage/async-storage';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode, useEffect } from 'react';

import { keys } from '@/api/queries';

import {
  type Draft,
  draftsOf,
  forgetDrafts,
  type FormDraft,
  readDraft,
  useDraft,
  useFormDraft,
  useHasDraft,
} from './drafts';

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

type Order = { weeks: number; sports: string[] };
const FIRST: Order = { weeks: 8, sports: ['running'] };
const isOrder = (found: unknown): found is Order =>
  typeof found === 'object' && found !== null && 'weeks' in found && typeof found.weeks === 'number';
let order: FormDraft<Order>;
let waits: boolean;

function Form({ onForm }: { onForm: (form: FormDraft<Order>, waits: boolean) => void }) {
  const form = useFormDraft('order', FIRST, isOrder);
  const isWaiting = useHasDraft(['other', 'order'], form.form);
  useEffect(() => onForm(form, isWaiting));
  return null;
}

const open = (name: string, owner = 'lena') =>
  show(
    <Dialog
      name={name}
      onDraft={(draft) => {
        shown = draft;
      }}
    />,
    owner,
  );

const openForm = () =>
  show(
    <Form
      onForm={(form, isWaiting) => {
        order = form;
        waits = isWaiting;
      }}
    />,
    'lena',
  );

async function show(what: ReactNode, owner: string): Promise<void> {
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: Infinity } } });
  client.setQueryData(keys.me, { id: owner });
  root = createRoot(document.createElement('div'));
  await act(async () => root.render(<QueryClientProvider client={client}>{what}</QueryClientProvider>));
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

test('what waits elsewhere for being sent is shown on and is no draft', async () => {
  await open('day');
  await act(async () => shown.change({ notes: 'Slept well' }));
  await act(async () => shown.handOver());
  expect(shown).toMatchObject({ values: { notes: 'Slept well' }, isRestored: false });
  expect(await draftsOf('lena')).toEqual([]);
  await close();
});

test('a form of more than texts is kept, and one of another form is not taken', async () => {
  await openForm();
  expect([order.form, waits]).toEqual([FIRST, false]);
  await act(async () => {
    order.setForm((now) => ({ ...now, weeks: 4 }));
    order.setForm((now) => ({ ...now, sports: [...now.sports, 'cycling'] }));
  });
  const changed = { weeks: 4, sports: ['running', 'cycling'] };
  expect([order.form, waits]).toEqual([changed, true]);
  await close();
  await openForm();
  expect(order).toMatchObject({ form: changed, draft: { isRestored: true } });
  await act(async () => order.draft.forget());
  expect([order.form, waits]).toEqual([FIRST, false]);
  await close();

  await AsyncStorage.setItem('topform.draft.lena.order', JSON.stringify({ form: '{"weeks":"four"}' }));
  await openForm();
  expect(order.form).toEqual(FIRST);
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
