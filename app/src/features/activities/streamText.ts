import type { Sport } from '@/api/types';
import type { Format, Shown } from '@/i18n/useFormat';

import type { Panel } from './streams';

/** A value of a stream as people read it. */
export function shown(
  panel: Pick<Panel, 'id'>,
  value: number | null,
  sport: Sport,
  format: Format,
): Shown | null {
  if (value === null) return null;
  switch (panel.id) {
    case 'altitude':
      return format.elevation(value);
    case 'speed':
      return format.speed(value, sport);
    case 'hr':
      return format.plain(value, 'bpm');
    case 'power':
      return format.plain(value, 'w');
    case 'reserve':
      return format.plain(value / 1000, 'kj', 1);
    case 'cadence':
      return format.plain(value, sport === 'running' || sport === 'walking' ? 'spm' : 'rpm');
    case 'respiration':
      return format.plain(value, 'brpm');
    case 'contact':
      return format.plain(value, 'ms');
    case 'oscillation':
      return format.plain(value * 1000, 'mm');
    case 'temperature':
      return format.temperature(value);
  }
}
