/** What a form check says, sorted for showing. Pure. */
import type { FormCheck, FormFault, FormRep } from '@/api/types';
import type { Tone } from '@/design';

export type FaultSummary = { code: string; faulty: number; borderline: number; unseen: number };

export const decisionTones: Record<FormCheck['form_decision'], Tone> = {
  correct: 'success',
  faulty: 'warning',
  unsure: 'neutral',
};

/** The repetition that is going on at a time of the video. */
export function repAt(reps: readonly FormRep[], t_s: number): FormRep | null {
  return reps.find((rep) => t_s >= rep.start_s && t_s <= rep.end_s) ?? null;
}

/** Findings worth a line under a repetition or a hold: faults first, then what is close to one. */
export function notableFaults({ faults }: Pick<FormRep, 'faults'>): FormFault[] {
  const rank = (fault: FormFault) => (fault.decision === 'fault' ? 0 : 1);
  return faults
    .filter((fault) => fault.decision === 'fault' || fault.decision === 'borderline')
    .sort((a, b) => rank(a) - rank(b) || (b.probability ?? 0) - (a.probability ?? 0));
}

/** For each fault, in how many counted repetitions it was seen, nearly seen, or could not be judged. */
export function faultSummaries(reps: readonly FormRep[]): FaultSummary[] {
  const byCode = new Map<string, FaultSummary>();
  for (const rep of reps.filter((item) => item.complete)) {
    for (const fault of rep.faults) {
      const summary = byCode.get(fault.code) ?? { code: fault.code, faulty: 0, borderline: 0, unseen: 0 };
      if (fault.decision === 'fault') summary.faulty += 1;
      if (fault.decision === 'borderline') summary.borderline += 1;
      if (fault.decision === 'abstain') summary.unseen += 1;
      byCode.set(fault.code, summary);
    }
  }
  return [...byCode.values()].sort(
    (a, b) => b.faulty - a.faulty || b.borderline - a.borderline || a.code.localeCompare(b.code),
  );
}

type Judged = Pick<FormCheck['analysis'], 'reps' | 'hold'>;

/** What is judged piece by piece: the repetitions, or the one hold. */
export function judgedReps({ reps, hold }: Judged): readonly FormRep[] {
  if (!hold) return reps;
  const { start_s, end_s, faults } = hold;
  return [{ index: 1, start_s, end_s, complete: true, faults }];
}

/** Faults that were clearly seen somewhere, also where the whole set meets the standard; the most frequent first. */
export function seenFaults(analysis: Judged): FaultSummary[] {
  return faultSummaries(judgedReps(analysis)).filter(({ faulty }) => faulty > 0);
}

/** The fault that holds in most counted repetitions, where there is one. */
export function prevailingFault(reps: readonly FormRep[]): string | null {
  const counted = reps.filter((rep) => rep.complete).length;
  const [first] = faultSummaries(reps);
  return first && first.faulty * 2 > counted ? first.code : null;
}

/** Why faults could not be judged, each reason once. */
export function unseenReasons(judged: readonly Pick<FormRep, 'faults'>[]): string[] {
  const reasons = judged
    .flatMap((rep) => rep.faults)
    .filter((fault) => fault.decision === 'abstain' && fault.reason)
    .map((fault) => fault.reason ?? '');
  return [...new Set(reasons)];
}

export type Recommendation = {
  fault: string;
  drill: string | null;
  variant: string | null;
  next_set: string | null;
};

export function recommendationsOf(items: readonly Record<string, unknown>[]): Recommendation[] {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return items.flatMap((item) => {
    const fault = text(item.fault);
    return fault === null
      ? []
      : [{ fault, drill: text(item.drill), variant: text(item.variant), next_set: text(item.next_set) }];
  });
}

/** The stable id of a warning, where it has one. */
export function warningCode(warning: unknown): string | null {
  const { code } = (typeof warning === 'object' && warning !== null ? warning : {}) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** Warnings come as objects with code and message, or as plain sentences. */
export function warningText(warning: unknown): string | null {
  if (typeof warning === 'string') return warning;
  if (typeof warning !== 'object' || warning === null) return null;
  const { message } = warning as { message?: unknown };
  return typeof message === 'string' ? message : null;
}
