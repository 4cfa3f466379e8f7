/** What changed between two boards, said calmly: places gained or lost, never drawn as motion. */
import type { BoardRow } from './challengeQueries';

/** Places that rows went up (positive) or down since an earlier board; rows that are new or without rank say nothing. */
export function rankChanges(
  before: ReadonlyMap<string, number>,
  rows: readonly Pick<BoardRow, 'id' | 'rank'>[],
): Map<string, number> {
  const found = new Map<string, number>();
  for (const { id, rank } of rows) {
    const was = before.get(id);
    if (was !== undefined && typeof rank === 'number' && rank !== was) found.set(id, was - rank);
  }
  return found;
}

export function ranksOf(rows: readonly Pick<BoardRow, 'id' | 'rank'>[]): Map<string, number> {
  return new Map(rows.flatMap(({ id, rank }) => (typeof rank === 'number' ? [[id, rank] as const] : [])));
}
