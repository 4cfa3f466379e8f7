/** Marking repetitions one after the other: start, turn, end. Pure. */
import type { FaultCode, RepLabel } from './formQueries';

export type Marking = { start_s: number; turn_s: number | null } | null;
export type MarkKind = 'start' | 'turn' | 'end';

export type Marked = { reps: RepLabel[]; open: Marking };

/** What may be marked next at a time, given what is marked already. */
export function canMark(marked: Marked, kind: MarkKind, t_s: number): boolean {
  if (kind === 'start') return !marked.reps.some((rep) => t_s >= rep.start_s && t_s < rep.end_s);
  const { open } = marked;
  if (open === null || t_s <= open.start_s) return false;
  const runsInto = marked.reps.some((rep) => rep.start_s >= open.start_s && rep.start_s < t_s);
  if (runsInto) return false;
  return kind === 'turn' || open.turn_s === null || t_s > open.turn_s;
}

/** Marks a moment; an end closes the repetition and puts it into its place. */
export function mark(marked: Marked, kind: MarkKind, t_s: number): Marked {
  if (!canMark(marked, kind, t_s)) return marked;
  const at = Math.round(t_s * 1000) / 1000;
  if (kind === 'start') return { ...marked, open: { start_s: at, turn_s: null } };
  const { open } = marked;
  if (open === null) return marked;
  if (kind === 'turn') return { ...marked, open: { ...open, turn_s: at } };
  const rep: RepLabel = { ...open, end_s: at, complete: true, faults: [] };
  return { reps: [...marked.reps, rep].sort((a, b) => a.start_s - b.start_s), open: null };
}

export function withoutRep(marked: Marked, index: number): Marked {
  return { ...marked, reps: marked.reps.filter((_rep, place) => place !== index) };
}

export function withFault(marked: Marked, index: number, fault: FaultCode, isThere: boolean): Marked {
  return {
    ...marked,
    reps: marked.reps.map((rep, place) => {
      if (place !== index) return rep;
      const others = (rep.faults ?? []).filter((code) => code !== fault);
      return { ...rep, faults: isThere ? [...others, fault] : others };
    }),
  };
}

export function withComplete(marked: Marked, index: number, complete: boolean): Marked {
  return { ...marked, reps: marked.reps.map((rep, place) => (place === index ? { ...rep, complete } : rep)) };
}
