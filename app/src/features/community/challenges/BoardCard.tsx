import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, Box, Card, Row, SegmentedControl, Text } from '@/design';
import { webProps } from '@/design/interaction';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';

import { eachOnce } from '../communityQueries';
import { ReportButton } from '../ReportButton';
import { rankChanges, ranksOf } from './boardChanges';
import { type Board, boardQuery, type BoardRow, type Challenge, type Likeness } from './challengeQueries';
import { useChallengeWords } from './useChallengeWords';
import { useLiveBoard } from './useLiveBoard';

const SAID_FOR_MS = 6000;

/** In what the viewer lets this challenge compare them. */
function likenesses({ entry }: Challenge): Likeness[] {
  if (!entry) return [];
  return (['age_band', 'sex', 'level'] as const).filter((name) => entry[name] !== null);
}

/** The board while it moves: the server sends it, nothing asks for it. */
export function BoardCard({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<'all' | 'alike' | Likeness>('all');
  const own = likenesses(challenge);
  const like = chosen === 'all' ? [] : chosen === 'alike' ? own : own.includes(chosen) ? [chosen] : [];
  const board = useInfiniteQuery(boardQuery(challenge.id, like));
  const state = useLiveBoard(challenge.id, like);
  const filters = [
    { value: 'all' as const, label: t('challenge.everybody') },
    ...own.map((value) => ({ value, label: t(`challenge.like.${value}`) })),
    ...(own.length > 1 ? [{ value: 'alike' as const, label: t('challenge.likeYou') }] : []),
  ];
  return (
    <Card
      title={t('challenge.board')}
      caption={t('challenge.boardCaption')}
      action={
        <Badge
          tone={state === 'live' ? 'success' : 'neutral'}
          label={t(state === 'live' ? 'challenge.live' : 'challenge.notLive')}
        />
      }
    >
      {filters.length > 1 ? (
        <SegmentedControl<'all' | 'alike' | Likeness>
          label={t('challenge.filter')}
          value={chosen}
          onChange={setChosen}
          options={filters}
        />
      ) : null}
      <QueryState query={board} skeleton={{ count: 5, height: 44 }}>
        {(held) => {
          const first = held.pages[0];
          return first === undefined ? null : (
            <Rows
              key={like.join()}
              challenge={challenge}
              board={first}
              rows={eachOnce(held.pages)}
              more={<MoreButton list={board} />}
            />
          );
        }}
      </QueryState>
    </Card>
  );
}

/** Who moved since the last board, for some seconds. */
function useMoves(rows: readonly BoardRow[]): ReadonlyMap<string, number> {
  const before = useRef<ReadonlyMap<string, number>>(new Map());
  const [moves, setMoves] = useState<ReadonlyMap<string, number>>(new Map());
  const signature = useMemo(() => JSON.stringify([...ranksOf(rows)]), [rows]);
  useEffect(() => {
    const now = new Map<string, number>(JSON.parse(signature) as [string, number][]);
    const changed = rankChanges(
      before.current,
      [...now].map(([id, rank]) => ({ id, rank })),
    );
    before.current = now;
    if (changed.size === 0) return;
    setMoves(changed);
    const timer = setTimeout(() => setMoves(new Map()), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [signature]);
  return moves;
}

function Rows({
  challenge,
  board,
  rows,
  more,
}: {
  challenge: Challenge;
  board: Board;
  rows: readonly BoardRow[];
  more: React.ReactNode;
}) {
  const { t } = useTranslation();
  const moves = useMoves(rows);
  const { own } = board;
  if (rows.length === 0) return <Text tone="textSecondary">{t('challenge.nobody')}</Text>;
  const isOwnShown = own === null || own === undefined || rows.some((row) => row.id === own.id);
  return (
    <>
      <Text variant="caption" tone="textSecondary" {...webProps({ 'aria-live': 'polite' })}>
        {own?.rank
          ? t('challenge.yourRank', { rank: own.rank, count: board.people })
          : t('challenge.people', { count: board.people })}
      </Text>
      <Box gap="xs" role="list" aria-label={t('challenge.board')}>
        {rows.map((row) => (
          <Place key={row.id} row={row} challenge={challenge} move={moves.get(row.id) ?? 0} />
        ))}
        {isOwnShown || !own ? null : <Place row={own} challenge={challenge} move={0} />}
      </Box>
      {rows.some((row) => row.name === null) ? (
        <Text variant="caption" tone="textSecondary">
          {t('challenge.somebodyWhy')}
        </Text>
      ) : null}
      {more}
    </>
  );
}

function Place({ row, challenge, move }: { row: BoardRow; challenge: Challenge; move: number }) {
  const { t } = useTranslation();
  const words = useChallengeWords();
  const name = row.name ?? t('challenge.somebody');
  return (
    <Box
      role="listitem"
      padding="s"
      radius="m"
      background={row.is_you ? 'accentSoft' : move === 0 ? undefined : 'surfaceSunken'}
    >
      <Row gap="m" justify="space-between">
        <Row gap="m" shrink>
          <Box minWidth={28}>
            <Text variant="bodyStrong" tone="textSecondary">
              {row.rank ?? '–'}
            </Text>
          </Box>
          <Box shrink minWidth={0}>
            <Text variant={row.is_you ? 'bodyStrong' : 'body'}>
              {row.is_you ? t('challenge.you', { name }) : name}
            </Text>
            {move === 0 ? null : (
              <Text variant="caption" tone="textSecondary">
                {t(move > 0 ? 'challenge.up' : 'challenge.down', { count: Math.abs(move) })}
              </Text>
            )}
          </Box>
        </Row>
        <Row gap="s">
          {row.is_you || row.score === 0 ? null : (
            <ReportButton
              subject={{ entry_id: row.id }}
              accessibilityLabel={t('challenge.reportPlace', { name })}
            />
          )}
          <Text variant="bodyStrong">{words.score(row.score, challenge)}</Text>
        </Row>
      </Row>
    </Box>
  );
}
