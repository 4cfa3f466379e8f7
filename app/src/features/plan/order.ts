/** The form of a new plan, and the request it makes. Pure. */
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

export const experiences = ['beginner', 'intermediate', 'advanced'] as const;
export type Experience = (typeof experiences)[number];

export type PlanForm = {
  sport: PlanSport;
  experience: Experience;
  goal: GoalType;
  distance_m: number;
  raceDate: string;
  weeks: number;
  gain_pct: number;
  currentReps: string;
  targetReps: string;
  start: string;
  minutes: Record<Weekday, number>;
};

const RACE_WEEKS = 12;

export function goalsFor(sport: PlanSport): readonly GoalType[] {
  return sport === 'strength'
    ? ['strength_max_reps', 'general_fitness', 'maintain']
    : ['race', 'general_fitness', 'threshold_gain', 'maintain'];
}

export const raceDistances_m: Record<PlanSport, readonly number[]> = {
  running: [5000, 10_000, 21_097.5, 42_195],
  cycling: [40_000, 100_000, 160_000],
  swimming: [1500, 3000, 5000],
  triathlon: [25_750, 51_500, 113_000],
  strength: [],
};

export const minuteChoices = [0, 20, 30, 45, 60, 75, 90, 120, 150, 180, 240, 300] as const;

export function startingForm(today: string): PlanForm {
  const start = weekStart(addDays(today, 7));
  return {
    sport: 'running',
    experience: 'intermediate',
    goal: 'race',
    distance_m: 10_000,
    raceDate: addDays(start, RACE_WEEKS * 7 - 1),
    weeks: 8,
    gain_pct: 5,
    currentReps: '',
    targetReps: '',
    start,
    minutes: { mon: 0, tue: 60, wed: 0, thu: 60, fri: 0, sat: 60, sun: 120 },
  };
}

export function withSport(form: PlanForm, sport: PlanSport): PlanForm {
  const goals = goalsFor(sport);
  const distances = raceDistances_m[sport];
  return {
    ...form,
    sport,
    goal: goals.includes(form.goal) ? form.goal : (goals[0] ?? 'general_fitness'),
    distance_m: distances.includes(form.distance_m) ? form.distance_m : (distances[1] ?? distances[0] ?? 0),
  };
}

export type Problem = 'raceDate' | 'start' | 'minutes' | 'reps';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function problemsOf(form: PlanForm): Problem[] {
  const problems: Problem[] = [];
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

function goalOf(form: PlanForm): Record<string, unknown> {
  switch (form.goal) {
    case 'race':
      return {
        type: 'race',
        sport: form.sport,
        distance_m: form.distance_m,
        date: form.raceDate,
        priority: 'A',
      };
    case 'threshold_gain':
      return { type: 'threshold_gain', pct: form.gain_pct, weeks: form.weeks };
    case 'strength_max_reps':
      return {
        type: 'strength_max_reps',
        exercise: 'push_up',
        current: Number(form.currentReps),
        target: Number(form.targetReps),
        weeks: form.weeks,
      };
    case 'maintain':
      return { type: 'maintain', weeks: form.weeks };
    case 'general_fitness':
      return { type: 'general_fitness', weeks: form.weeks };
  }
}

/** The request as the planner takes it; what is known of the athlete is added by the server. */
export function requestOf(form: PlanForm): Record<string, unknown> {
  return {
    athlete: { sport: form.sport, experience: form.experience },
    goal: goalOf(form),
    start: form.start,
    available_minutes: form.minutes,
  };
}
