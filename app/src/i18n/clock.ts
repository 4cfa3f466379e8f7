/** Whether hours are told to 24 or to 12: as the phone or the region has it, until somebody chooses on this device. */
import AsyncStorage from '@react-native-async-storage/async-storage';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { getCalendars } from 'expo-localization';

export const clocks = ['usual', 'h23', 'h12'] as const;
export type Clock = (typeof clocks)[number];

const STORAGE_KEY = 'topform.clock';

function isClock(value: string | null): value is Clock {
  return (clocks as readonly (string | null)[]).includes(value);
}

/** The locale with the hours that are wanted; null stands for a device that does not say. */
export function withHours(locale: string, clock: Clock, uses24hourClock: boolean | null): string {
  const own = uses24hourClock === null ? null : uses24hourClock ? 'h23' : 'h12';
  const hours = clock === 'usual' ? own : clock;
  return hours === null || locale.includes('-u-') ? locale : `${locale}-u-hc-${hours}`;
}

const clockQuery = () =>
  queryOptions({
    queryKey: ['clock'],
    queryFn: async (): Promise<Clock> => {
      const stored = await AsyncStorage.getItem(STORAGE_KEY);
      return isClock(stored) ? stored : 'usual';
    },
    networkMode: 'always',
    staleTime: Infinity,
  });

/** What was chosen, and a way to choose. */
export function useClock(): [Clock, (next: Clock) => void] {
  const client = useQueryClient();
  const { data: clock = 'usual' } = useQuery(clockQuery());
  const choose = (next: Clock) => {
    client.setQueryData(clockQuery().queryKey, next);
    void AsyncStorage.setItem(STORAGE_KEY, next);
  };
  return [clock, choose];
}

/** The locale of a language with the hours that are wanted. */
export function useHours(locale: string): string {
  const { data: clock = 'usual' } = useQuery(clockQuery());
  return withHours(locale, clock, getCalendars()[0]?.uses24hourClock ?? null);
}
