/** Where in a recording faults were seen, as rows of a timeline. Pure. */
import type { FormRep } from '@/api/types';

import { faultSummaries } from './verdict';

export type Mark = { from_s: number; to_s: number; isClear: boolean; repIndex: number };
export type FaultRow = { code: string; marks: Mark[] };

/** One row for each fault that was seen or nearly seen, the most frequent first. */
export function faultRows(reps: readonly FormRep[]): FaultRow[] {
  return faultSummaries(reps)
    .filter((summary) => summary.faulty + summary.borderline > 0)
    .map(({ code }) => ({
      code,
      marks: reps.flatMap((rep) =>
        rep.faults
          .filter(
            (fault) => fault.code === code && (fault.decision === 'fault' || fault.decision === 'borderline'),
          )
          .map((fault) => ({
            from_s: fault.window_s?.[0] ?? rep.start_s,
            to_s: fault.window_s?.[1] ?? rep.end_s,
            isClear: fault.decision === 'fault',
            repIndex: rep.index,
          })),
      ),
    }));
}

/** The start of the next or previous mark of any row. */
export function neighbourMark(rows: readonly FaultRow[], t_s: number, step: 1 | -1): number | null {
  const starts = [...new Set(rows.flatMap((row) => row.marks.map((mark) => mark.from_s)))].sort(
    (a, b) => a - b,
  );
  const found =
    step === 1 ? starts.find((start) => start > t_s + 0.05) : starts.findLast((start) => start < t_s - 0.05);
  return found ?? null;
}

/** What is marked at a time. */
export function marksAt(rows: readonly FaultRow[], t_s: number): string[] {
  return rows
    .filter((row) => row.marks.some((mark) => mark.from_s <= t_s && t_s <= mark.to_s))
    .map((row) => row.code);
}
