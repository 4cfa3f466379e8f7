import type { Sport } from '@/api/types';
import { useFormat } from '@/i18n/useFormat';
import { paceMeters } from '@/lib/units';

import type { Figure, FigureId } from './compare';
import { isPaced } from './streams';

const MINUS = '−';

/** Figures of two activities and their difference as people read them. */
export function useCompareWords(sport: Sport) {
  const format = useFormat();
  const isTime = (id: FigureId) => id === 'movingTime' || id === 'elapsedTime';
  const text = (id: FigureId, value: number): string => {
    if (isTime(id)) return format.clock(value);
    if (id === 'distance') return format.distance(value, sport)?.text ?? '';
    if (id === 'speed') return format.speed(value, sport)?.text ?? '';
    if (id === 'ascent') return format.elevation(value)?.text ?? '';
    if (id === 'load') return format.number(value);
    return format.plain(value, id === 'powerMean' ? 'w' : 'bpm')?.text ?? '';
  };
  const difference = ({ id, first, second }: Figure): string | null => {
    if (first === null || second === null) return null;
    if (id === 'speed' && isPaced(sport)) {
      if (first <= 0 || second <= 0) return null;
      const meters = paceMeters(sport, format.system);
      return signed(meters / second - meters / first, (size) => format.clock(Math.round(size)));
    }
    return signed(second - first, (size) => text(id, size));
  };
  return { text, difference };
}

function signed(value: number, text: (size: number) => string): string {
  return `${value > 0 ? '+' : value < 0 ? MINUS : ''}${text(Math.abs(value))}`;
}
