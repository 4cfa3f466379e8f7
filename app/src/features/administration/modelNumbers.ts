/** The numbers that decided about a version of a model: loosely typed in the API, checked here before they are shown. */

export type Score = { id: 'brier' | 'ece' | 'agrees'; challenger: number; champion: number };
export type Group = { name: string; people: number; sets: number; gain: number };
export type Gates = {
  people: number;
  sets: number;
  scores: Score[];
  gain: { mean: number; low: number; high: number } | null;
  groups: Group[];
};
export type Named = { name: string; value: number | string | null };

type Loose = Record<string, unknown>;

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function count(value: unknown): number {
  return number(value) ?? 0;
}

const scoreIds = ['brier', 'ece', 'agrees'] as const;

/** A comparison on people held out; null for numbers that are none. */
export function gatesOf(numbers: Loose): Gates | null {
  if (number(numbers.people) === null || number(numbers.sets) === null || !isObject(numbers.seen_in_training))
    return null;
  const scores = scoreIds.flatMap((id) => {
    const found = numbers[id];
    if (!isObject(found)) return [];
    const [challenger, champion] = [number(found.challenger), number(found.champion)];
    return challenger === null || champion === null ? [] : [{ id, challenger, champion }];
  });
  const gain = isObject(numbers.gain) ? numbers.gain : null;
  const [mean, low, high] = [number(gain?.mean), number(gain?.low), number(gain?.high)];
  const groups = Object.entries(isObject(numbers.groups) ? numbers.groups : {}).flatMap(([name, group]) =>
    isObject(group) && number(group.gain) !== null
      ? [{ name, people: count(group.people), sets: count(group.sets), gain: count(group.gain) }]
      : [],
  );
  return {
    people: count(numbers.people),
    sets: count(numbers.sets),
    scores,
    gain: mean === null || low === null || high === null ? null : { mean, low, high },
    groups,
  };
}

/** Where the words for a group such as `view: side` stand. */
export function groupKey(name: string): string {
  const [kind, value] = name.split(': ');
  return kind === 'view' ? `admin.improvement.counts.views.${value}` : `admin.models.${kind}.${value}`;
}

/** Every number with the path that leads to it. */
export function flatNumbers(numbers: Loose, path = ''): Named[] {
  return Object.entries(numbers).flatMap(([key, value]): Named[] => {
    const name = path === '' ? key : `${path}.${key}`;
    if (isObject(value)) return flatNumbers(value, name);
    if (Array.isArray(value))
      return value.length === 0 ? [] : [{ name, value: value.map(String).join(', ') }];
    if (typeof value === 'number' || typeof value === 'string' || value === null) return [{ name, value }];
    return [{ name, value: String(value) }];
  });
}

export const gateReasons = [
  'too_few_held_out',
  'trained_on_held_out_people',
  'no_proven_gain',
  'subgroup_worse',
  'not_calibrated',
  'judges_plain_cases_wrong',
  'worse_on_made_up',
] as const;
export type GateReason = (typeof gateReasons)[number];

/** The gates that a refusal names; null when it is a reason in words. */
export function reasonsIn(text: string): GateReason[] | null {
  const found = text.split(', ').map((part) => gateReasons.find((reason) => reason === part));
  return found.every((reason) => reason !== undefined) ? found : null;
}
