/** Which times of a set have no picture that was looked at; pure. */
import tables from '@/live/engine/tables.json';

const { camera: LIMITS } = tables;

export type Gap = readonly [startS: number, endS: number];

export const lastsS = ([startS, endS]: Gap): number => endS - startS;

/** The longest gaps with one more, the longest first. */
export function withGap(gaps: readonly Gap[], next: Gap): readonly Gap[] {
  if (lastsS(next) < LIMITS.gap_s) return gaps;
  return [...gaps, next].sort((a, b) => lastsS(b) - lastsS(a)).slice(0, LIMITS.most_gaps);
}
