/** How far somebody is with setting up; remembered on this device so that a closed tab loses nothing. */
import AsyncStorage from '@react-native-async-storage/async-storage';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';

export const steps = ['aim', 'you', 'consents', 'thresholds', 'history'] as const;
export type Step = (typeof steps)[number];
export type Progress = Step | 'done';

const STORAGE_KEY = 'topform.welcome';
const KEY = ['welcome'] as const;

export function isStep(word: string | null | undefined): word is Step {
  return (steps as readonly string[]).includes(word ?? '');
}

export function stepAfter(step: Step): Progress {
  return steps[steps.indexOf(step) + 1] ?? 'done';
}

export function stepBefore(step: Step): Step | null {
  return steps[steps.indexOf(step) - 1] ?? null;
}

/** What is remembered of somebody; null of whoever never began here. */
export function progressIn(stored: string | null, athleteId: string): Progress | null {
  const [id, step] = (stored ?? '').split(' ');
  if (id !== athleteId) return null;
  return step === 'done' || isStep(step) ? step : null;
}

const progressQuery = (athleteId: string) =>
  queryOptions({
    queryKey: [...KEY, athleteId],
    queryFn: async () => progressIn(await AsyncStorage.getItem(STORAGE_KEY), athleteId),
    networkMode: 'always',
    staleTime: Infinity,
  });

/** How far this person is, and a way to say it; undefined until it was read. */
export function useProgress(athleteId: string): [Progress | null | undefined, (next: Progress) => void] {
  const client = useQueryClient();
  const { data } = useQuery(progressQuery(athleteId));
  const keep = (next: Progress) => {
    client.setQueryData(progressQuery(athleteId).queryKey, next);
    void AsyncStorage.setItem(STORAGE_KEY, `${athleteId} ${next}`);
  };
  return [data, keep];
}

/** Somebody has just signed up. */
export async function beginWelcome(athleteId: string): Promise<void> {
  await AsyncStorage.setItem(STORAGE_KEY, `${athleteId} ${steps[0]}`);
}
