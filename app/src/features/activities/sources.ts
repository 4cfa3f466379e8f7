/** What can be chosen among the recordings of a workout, and which activities may be one. */
import type { ActivitySources, ActivitySummary, Quantity } from '@/api/types';

export type Options = { value: string; label: string }[];

/** The name without the folders of the archive it came in. */
export function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** The quantities that more than one recording has, with those recordings. */
export function contested(known: ActivitySources): { quantity: Quantity; options: Options }[] {
  const quantities = Object.keys(known.given_by) as Quantity[];
  return quantities
    .map((quantity) => ({
      quantity,
      options: known.items
        .filter((source) => source.has.includes(quantity))
        .map((source) => ({ value: source.id, label: source.device })),
    }))
    .filter(({ options }) => options.length > 1);
}

/** The choice with one quantity changed; `auto` leaves it to the rules again. */
export function withChoice(
  choice: ActivitySources['choice'],
  quantity: Quantity,
  value: string,
): ActivitySources['choice'] {
  const { [quantity]: _before, ...others } = choice;
  return value === 'auto' ? others : { ...others, [quantity]: value };
}

const HALF_HOUR_S = 1800;
const ZONE_SLACK_S = 300;
const LONGEST_ZONE_S = 14 * 3600;
const ALIKE = 0.9;
const SHARED = 0.5;

function span(activity: ActivitySummary): [number, number] {
  const begin = Date.parse(activity.started_at) / 1000;
  return [begin, begin + activity.elapsed_s];
}

/** Recorded at the same time, or as long and whole or half hours apart, as a wrong time zone makes it. */
export function mayBeOne(one: ActivitySummary, other: ActivitySummary): boolean {
  const sameSport = one.sport === other.sport || one.sport === 'other' || other.sport === 'other';
  if (!sameSport) return false;
  const [begin, end] = span(one);
  const [otherBegin, otherEnd] = span(other);
  const shorter = Math.min(end - begin, otherEnd - otherBegin);
  const longer = Math.max(end - begin, otherEnd - otherBegin);
  if (shorter <= 0) return false;
  if (Math.min(end, otherEnd) - Math.max(begin, otherBegin) >= SHARED * shorter) return true;
  const apart = Math.abs(begin - otherBegin);
  const offHalfHour = Math.abs(apart - Math.round(apart / HALF_HOUR_S) * HALF_HOUR_S);
  return apart <= LONGEST_ZONE_S && offHalfHour <= ZONE_SLACK_S && shorter >= ALIKE * longer;
}

/** By the id of the later one: the activity before it in the list that may be the same workout. */
export function likelyPairs(items: readonly ActivitySummary[]): Map<string, ActivitySummary> {
  const pairs = new Map<string, ActivitySummary>();
  items.forEach((activity, index) => {
    const partner = items.slice(index + 1, index + 4).find((other) => mayBeOne(activity, other));
    if (partner) pairs.set(partner.id, activity);
  });
  return pairs;
}
