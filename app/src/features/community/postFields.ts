/** What can be shown of a post, and how its words are cut. */
import type { ShownField } from './communityQueries';

/** An activity, a form check, or a phase, a race or the whole of a plan. */
export type Subject = 'activity' | 'form_check' | 'phase' | 'race' | 'plan';
export type FieldChoice = { name: ShownField; isDefault: boolean };

const choices: Record<Subject, readonly ShownField[]> = {
  activity: [
    'title',
    'distance',
    'time',
    'speed',
    'ascent',
    'start_time',
    'load',
    'heart_rate',
    'power',
    'route',
    'weight',
  ],
  form_check: ['count', 'verdict', 'time', 'weight', 'video_frame'],
  phase: ['phase', 'weeks', 'sessions', 'time'],
  race: ['distance', 'time'],
  plan: ['distance', 'weeks', 'sessions', 'time'],
};
const defaults: Record<Subject, readonly ShownField[]> = {
  activity: ['distance', 'time', 'ascent'],
  form_check: ['count'],
  phase: ['phase', 'weeks'],
  race: ['distance'],
  plan: ['distance', 'weeks'],
};

/** The fields of a post and whether they are shown unless somebody chooses. */
export function fieldsOf(subject: Subject): FieldChoice[] {
  return choices[subject].map((name) => ({ name, isDefault: defaults[subject].includes(name) }));
}

/** What is known of the author and of what is shared, for fields that are not always there. */
export type Offer = {
  birthDate: string | null;
  today: string;
  hasRoute: boolean;
  hasWeight: boolean;
  hasPicture: boolean;
};

const ADULT_YEARS = 18;

/** The fields that the server would accept and that would show something. */
export function offeredFields(
  subject: Subject,
  { birthDate, today, hasRoute, hasWeight, hasPicture }: Offer,
) {
  const isAdult = birthDate === null || yearsBetween(birthDate, today) >= ADULT_YEARS;
  const isThere: Partial<Record<ShownField, boolean>> = {
    route: isAdult && hasRoute,
    weight: isAdult && hasWeight,
    video_frame: isAdult && hasPicture,
  };
  return fieldsOf(subject).filter(({ name }) => isThere[name] ?? true);
}

/** Whole years between two calendar days, as an age is counted. */
function yearsBetween(first: string, last: string): number {
  const isBefore = last.slice(5) < first.slice(5);
  return Number(last.slice(0, 4)) - Number(first.slice(0, 4)) - (isBefore ? 1 : 0);
}

export type Part = { text: string; handle: string | null };

/** Cuts a text at the handles in it that stand for people whom the reader may see. */
export function parts(text: string, mentions: readonly string[]): Part[] {
  const found: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(/(?<![\w@])@([A-Za-z0-9][A-Za-z0-9_]{2,29})\b/g)) {
    const handle = match[1]?.toLowerCase() ?? '';
    if (!mentions.includes(handle)) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), handle: null });
    found.push({ text: match[0], handle });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), handle: null });
  return found;
}
