/** What is typed and not saved yet, on this device; it outlives the tab and the app. */
import AsyncStorage from '@react-native-async-storage/async-storage';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { meQuery } from '@/api/queries';

type Texts = Readonly<Record<string, string>>;

const PREFIX = 'topform.draft.';
const keyOf = (owner: string, name: string) => `${PREFIX}${owner}.${name}`;

export async function draftsOf(owner: string): Promise<string[]> {
  return (await AsyncStorage.getAllKeys()).filter((key) => key.startsWith(keyOf(owner, '')));
}

export async function forgetDrafts(owner: string): Promise<void> {
  await Promise.all((await draftsOf(owner)).map((key) => AsyncStorage.removeItem(key)));
}

/** The texts that were kept; of another form than the dialog's they are nobody's. */
export function readDraft<Values extends Texts>(text: string | null, saved: Values): Values | null {
  if (text === null) return null;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof found !== 'object' || found === null) return null;
  const same = Object.entries(found).filter(([name, value]) => name in saved && typeof value === 'string');
  const values = { ...saved, ...Object.fromEntries(same) };
  return isSame(values, saved) ? null : values;
}

function isSame(one: Texts, other: Texts): boolean {
  return Object.entries(one).every(([name, value]) => value === other[name]);
}

export type Draft<Values> = {
  values: Values;
  /** Whether it was typed before this dialog was opened. */
  isRestored: boolean;
  change: (part: Partial<Values> | ((now: Values) => Partial<Values>)) => void;
  /** On saving and on cancelling. */
  forget: () => void;
  /** It waits elsewhere for being sent: still shown, and no draft any more. */
  handOver: () => void;
};

/** The fields of a form, kept at every change until they are saved or cancelled. Not for secrets. */
export function useDraft<Values extends Texts>(name: string, saved: Values): Draft<Values> {
  const { data: athlete } = useQuery({ ...meQuery(), enabled: false });
  const key = athlete ? keyOf(athlete.id, name) : null;
  const [typed, setTyped] = useState<Values | null>(null);
  const [isRestored, setRestored] = useState(false);
  const [first] = useState(saved);
  useEffect(() => {
    if (key === null) return;
    let isOpen = true;
    void AsyncStorage.getItem(key).then((text) => {
      const found = readDraft(text, first);
      if (!isOpen || found === null) return;
      setTyped((now) => now ?? found);
      setRestored(true);
    });
    return () => {
      isOpen = false;
    };
  }, [key, first]);
  const values = typed ?? saved;
  const newest = useRef(values);
  useEffect(() => {
    newest.current = values;
  });
  const handOver = () => {
    setRestored(false);
    if (key !== null) void AsyncStorage.removeItem(key);
  };
  const forget = () => {
    setTyped(null);
    handOver();
  };
  const change: Draft<Values>['change'] = (part) => {
    const next = { ...newest.current, ...(part instanceof Function ? part(newest.current) : part) };
    newest.current = next;
    setTyped(next);
    if (key === null) return;
    void (isSame(next, saved)
      ? AsyncStorage.removeItem(key)
      : AsyncStorage.setItem(key, JSON.stringify(next)));
  };
  return { values, isRestored, change, forget, handOver };
}

export type FormDraft<Form> = {
  form: Form;
  setForm: (next: Form | ((now: Form) => Form)) => void;
  draft: Draft<unknown>;
};

/** The same for a form of more than texts. `isForm` refuses what is of another form, of an older app for example. */
export function useFormDraft<Form>(
  name: string,
  first: Form,
  isForm: (found: unknown) => found is Form,
): FormDraft<Form> {
  const draft = useDraft(name, { form: JSON.stringify(first) });
  const text = draft.values.form;
  const read = (kept: string): Form => {
    const found = JSON.parse(kept) as unknown;
    return isForm(found) ? found : first;
  };
  return {
    form: read(text),
    setForm: (next) =>
      draft.change((now) => ({
        form: JSON.stringify(next instanceof Function ? next(read(now.form)) : next),
      })),
    draft,
  };
}

/** Whether something typed under one of these names is not saved; looked at again when `again` changes. */
export function useHasDraft(names: readonly string[], again: unknown): boolean {
  const { data: athlete } = useQuery({ ...meQuery(), enabled: false });
  const [hasDraft, setHasDraft] = useState(false);
  const owner = athlete?.id;
  const asked = names.join(' ');
  useEffect(() => {
    if (owner === undefined) return;
    let isOpen = true;
    void draftsOf(owner).then((kept) => {
      if (isOpen) setHasDraft(asked.split(' ').some((name) => kept.includes(keyOf(owner, name))));
    });
    return () => {
      isOpen = false;
    };
  }, [owner, asked, again]);
  return hasDraft;
}
