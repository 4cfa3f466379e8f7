/** The form of a new plan, and the request it makes. Pure. */
import type { PlanRequest } from '@/api/types';
import { addDays, weekStart } from '@/lib/time';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

export const planSports = ['running', 'cycling', 'swimming', 'triathlon', 'strength'] as const;
export type PlanSport = (typeof planSports)[number];

export const goalTypes = [
  'race',
  'general_fitness',
  'threshold_gain',
  'maintain',
  'strength_max_reps',
] as const;
export type GoalType = (typeof goalTypes)[number];

/** A goal that is not planned for, with a kind word instead. */
export const NO_GOAL = 'body_weight';
export type ChosenGoal = GoalType | typeof NO_GOAL;

export const experiences = ['beginner', 'intermediate', 'advanced'] as const;
export type Experience = (typeof experiences)[number];

export const exercises = ['push_up', 'squat', 'lunge', 'pull_up', 'dip', 'sit_up', 'burpee'] as const;
export type Exercise = (typeof exercises)[number];

export const equipments = ['band', 'dumbbells', 'kettlebell', 'barbell', 'pull_up_bar'] as const;
export type Equipment = (typeof equipments)[number];

export const strengthTimes = ['auto', '0', '1', '2', '3'] as const;
export type StrengthTimes = (typeof strengthTimes)[number];

export const priorities = ['A', 'B', 'C'] as const;
export type Priority = (typeof priorities)[number];

export type PlanForm = {
  sport: PlanSport;
  experience: Experience;
  goal: ChosenGoal;
  /** 0 asks for another distance, written in `otherDistance` in the unit that the athlete reads. */
  distance_m: number;
  otherDistance: string;
  priority: Priority;
  exercise: Exercise;
  hours: string;
  strength: StrengthTimes;
  equipment: readonly Equipment[];
  raceDate: string;
  weeks: number;
  gain_pct: number;
  currentReps: string;
  targetReps: string;
  start: string;
  minutes: Record<Weekday, number>;
  otherRaces: readonly OtherRace[];
};

/** A race on the way; its distance as typed, in the unit that the athlete reads. */
export type OtherRace = { date: string; distance: string; priority: 'B' | 'C' };
export const MOST_OTHER_RACES = 6;

const RACE_WEEKS = 12;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function goalsFor(sport: PlanSport): readonly ChosenGoal[] {
  return sport === 'strength'
    ? ['strength_max_reps', 'general_fitness', 'maintain', NO_GOAL]
    : ['race', 'general_fitness', 'threshold_gain', 'maintain', NO_GOAL];
}

export const raceDistances_m: Record<PlanSport, readonly number[]> = {
  running: [5000, 10_000, 21_097.5, 42_195],
  cycling: [40_000, 100_000, 160_000],
  swimming: [1500, 3000, 5000],
  triathlon: [25_750, 51_500, 113_000],
  strength: [],
};

export const minuteChoices = [0, 20, 30, 45, 60, 75, 90, 120, 150, 180, 240, 300] as const;

/** Begins on the Monday that is today or comes next. */
export function startingForm(today: string): PlanForm {
  const start = weekStart(addDays(today, 6));
  return {
    sport: 'running',
    experience: 'intermediate',
    goal: 'race',
    distance_m: 10_000,
    otherDistance: '',
    priority: 'A',
    exercise: 'push_up',
    hours: '',
    strength: 'auto',
    equipment: [],
    raceDate: addDays(start, RACE_WEEKS * 7 - 1),
    weeks: 8,
    gain_pct: 5,
    currentReps: '',
    targetReps: '',
    start,
    minutes: { mon: 0, tue: 60, wed: 0, thu: 60, fri: 0, sat: 60, sun: 120 },
    otherRaces: [],
  };
}

/** Whether it is a form as it is typed today, and not of an older app. */
export function isPlanForm(found: unknown): found is PlanForm {
  if (typeof found !== 'object' || found === null) return false;
  const known: Readonly<Record<string, unknown>> = { ...found };
  const knows = (name: keyof PlanForm, words: readonly unknown[]) => words.includes(known[name]);
  return (
    Object.entries(startingForm('2026-01-05')).every(
      ([name, value]) =>
        typeof known[name] === typeof value && Array.isArray(known[name]) === Array.isArray(value),
    ) &&
    knows('sport', planSports) &&
    knows('goal', [...goalTypes, NO_GOAL]) &&
    knows('experience', experiences) &&
    knows('exercise', exercises) &&
    knows('strength', strengthTimes) &&
    knows('priority', priorities)
  );
}

export function withSport(form: PlanForm, sport: PlanSport): PlanForm {
  const goals = goalsFor(sport);
  const distances = raceDistances_m[sport];
  return {
    ...form,
    sport,
    goal: goals.includes(form.goal) ? form.goal : (goals[0] ?? 'general_fitness'),
    distance_m:
      form.distance_m === 0 || distances.includes(form.distance_m)
        ? form.distance_m
        : (distances[1] ?? distances[0] ?? 0),
  };
}

/** The form as it begins for somebody who said what they want to train, what for, and what they have. */
export function wantedForm(
  today: string,
  wants:
    | { sports?: readonly PlanSport[] | null; aim?: GoalType | null; equipment?: readonly Equipment[] | null }
    | undefined,
): PlanForm {
  const aim = wants?.aim;
  const sports = wants?.sports ?? [];
  const sport = sports.find((one) => aim && goalsFor(one).includes(aim)) ?? sports[0];
  const form = { ...startingForm(today), equipment: wants?.equipment ?? [] };
  const inSport = sport === undefined ? form : withSport(form, sport);
  return aim && goalsFor(inSport.sport).includes(aim) ? { ...inSport, goal: aim } : inSport;
}

export type Problem = 'raceDate' | 'start' | 'minutes' | 'reps' | 'distance' | 'otherRaces' | 'goal';

export const M_PER_MILE = 1609.344;

/** The distance of the race; null while another distance is not a number yet. */
export function raceDistance_m(form: PlanForm, system: 'metric' | 'imperial'): number | null {
  return form.distance_m > 0 ? form.distance_m : typedDistance_m(form.otherDistance, system);
}

function typedDistance_m(typed: string, system: 'metric' | 'imperial'): number | null {
  const written = Number(typed.trim().replace(',', '.'));
  if (!Number.isFinite(written) || written <= 0) return null;
  return Math.round(written * (system === 'imperial' ? M_PER_MILE : 1000));
}

/** The last day of the plan. */
export function endOf(form: PlanForm): string {
  return form.goal === 'race' ? form.raceDate : addDays(form.start, 7 * form.weeks - 1);
}

const DAYS_BETWEEN_RACES = 4;

/** What keeps a race on the way from being planned around: no distance, or a day outside the plan or just before its goal. */
export function raceProblems(
  form: PlanForm,
  race: OtherRace,
  system: 'metric' | 'imperial',
): ('date' | 'distance')[] {
  const last = form.goal === 'race' ? addDays(form.raceDate, -DAYS_BETWEEN_RACES) : endOf(form);
  const isAlone = form.otherRaces.filter((item) => item.date === race.date).length === 1;
  const hasDay = DAY.test(race.date) && form.start <= race.date && race.date <= last && isAlone;
  return [
    ...(hasDay ? [] : (['date'] as const)),
    ...(typedDistance_m(race.distance, system) === null ? (['distance'] as const) : []),
  ];
}

export function problemsOf(form: PlanForm, system: 'metric' | 'imperial' = 'metric'): Problem[] {
  const problems: Problem[] = form.goal === NO_GOAL ? ['goal'] : [];
  if (
    form.sport !== 'strength' &&
    form.otherRaces.some((race) => raceProblems(form, race, system).length > 0)
  )
    problems.push('otherRaces');
  if (form.goal === 'race' && raceDistance_m(form, system) === null) problems.push('distance');
  if (!DAY.test(form.start)) problems.push('start');
  if (form.goal === 'race' && !(DAY.test(form.raceDate) && form.raceDate > form.start))
    problems.push('raceDate');
  if (Object.values(form.minutes).every((minutes) => minutes === 0)) problems.push('minutes');
  if (form.goal === 'strength_max_reps') {
    const [current, target] = [Number(form.currentReps), Number(form.targetReps)];
    if (!(Number.isInteger(current) && current > 0 && Number.isInteger(target) && target > current)) {
      problems.push('reps');
    }
  }
  return problems;
}

function goalOf(form: PlanForm, system: 'metric' | 'imperial'): Record<string, unknown> {
  switch (form.goal) {
    case NO_GOAL:
      return { type: NO_GOAL };
    case 'race':
      return {
        type: 'race',
        sport: form.sport,
        distance_m: raceDistance_m(form, system) ?? 0,
        date: form.raceDate,
        priority: form.priority,
      };
    case 'threshold_gain':
      return { type: 'threshold_gain', pct: form.gain_pct, weeks: form.weeks };
    case 'strength_max_reps':
      return {
        type: 'strength_max_reps',
        exercise: form.exercise,
        current: Number(form.currentReps),
        target: Number(form.targetReps),
        weeks: form.weeks,
      };
    case 'maintain':
      return { type: 'maintain', weeks: form.weeks };
    case 'general_fitness': {
      const hours = Number(form.hours.trim().replace(',', '.'));
      return {
        type: 'general_fitness',
        weeks: form.weeks,
        ...(hours >= 0.25 && hours <= 40 ? { hours_per_week: hours } : {}),
      };
    }
  }
}

/** The request as the planner takes it; what is known of the athlete is added by the server. */
export function requestOf(form: PlanForm, system: 'metric' | 'imperial' = 'metric'): PlanRequest {
  return {
    athlete: {
      sport: form.sport,
      experience: form.experience,
      ...(form.equipment.length > 0 ? { equipment: [...form.equipment] } : {}),
    },
    goal: goalOf(form, system) as PlanRequest['goal'],
    ...(form.sport !== 'strength' && form.strength !== 'auto'
      ? { constraints: { strength_per_week: Number(form.strength) } }
      : {}),
    start: form.start,
    available_minutes: form.minutes,
    ...(form.sport !== 'strength' && form.otherRaces.length > 0
      ? {
          other_races: form.otherRaces.map((race) => ({
            date: race.date,
            sport: form.sport as Exclude<PlanSport, 'strength'>,
            distance_m: typedDistance_m(race.distance, system) ?? 0,
            priority: race.priority,
          })),
        }
      : {}),
  };
}
