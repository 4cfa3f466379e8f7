/** What two plans lead to, side by side: loosely typed in the API, checked here. Pure. */
export type Lead = {
  minutes: number | null;
  load: number | null;
  fitness: number | null;
  form: number | null;
  race: { minutes: number; low: number; high: number; date: string; difference_s: number | null } | null;
};

type Loose = Record<string, unknown>;

function part(value: unknown, name: string): Loose {
  const found = typeof value === 'object' && value !== null ? (value as Loose)[name] : undefined;
  return typeof found === 'object' && found !== null ? (found as Loose) : {};
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function leadOf(effect: unknown, side: 'before' | 'after'): Lead {
  const held = part(effect, side);
  const near = part(held, 'next_days');
  const end = part(held, 'end');
  const race = part(held, 'race');
  const interval = Array.isArray(race.interval_80_minutes) ? race.interval_80_minutes : [];
  const [minutes, low, high] = [finite(race.minutes), finite(interval[0]), finite(interval[1])];
  return {
    minutes: finite(near.minutes),
    load: finite(near.load),
    fitness: finite(end.ctl),
    form: finite(end.tsb),
    race:
      minutes === null || low === null || high === null
        ? null
        : {
            minutes,
            low,
            high,
            date: typeof race.date === 'string' ? race.date : '',
            difference_s: finite(race.difference_s),
          },
  };
}
