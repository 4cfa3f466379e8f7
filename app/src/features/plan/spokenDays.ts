/** Texts of the server with the days in them as people write them. */
import { useFormat } from '@/i18n/useFormat';
import { withDays } from '@/lib/time';

const LONG = { weekday: 'short', day: 'numeric', month: 'long' } as const;

export function useSpokenDays(): (text: string) => string {
  const format = useFormat();
  return (text) => withDays(text, (day) => format.day(day, LONG));
}
