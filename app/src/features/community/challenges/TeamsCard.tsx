import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Badge, Banner, Box, Button, Card, Checkbox, Row, Text, TextField } from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';

import { useCommunityChange } from '../communityQueries';
import { ReportButton } from '../ReportButton';
import {
  type BoardRow,
  type Challenge,
  type NewTeam,
  type Team,
  teamBoardQuery,
  teamQuery,
  type TeamRow,
} from './challengeQueries';
import { useChallengeWords } from './useChallengeWords';

const of = (challenge: Challenge) => ({ params: { path: { challenge_id: challenge.id } } });

/** The teams of a challenge as they stand, and one's own; the socket of the board brings them anew. */
export function TeamsCard({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const board = useQuery(teamBoardQuery(challenge.id));
  const mayChange =
    challenge.entry !== null && (challenge.state === 'open' || challenge.state === 'upcoming');
  const join = useCommunityChange((team_id: string) =>
    answer(
      api().PUT('/api/v1/community/challenges/{challenge_id}/entry/team', {
        ...of(challenge),
        body: { team_id },
      }),
    ),
  );
  const leave = useCommunityChange(() =>
    answer(api().DELETE('/api/v1/community/challenges/{challenge_id}/entry/team', of(challenge))),
  );
  const error = join.error ?? leave.error;
  return (
    <Card
      title={t('challenge.team.title')}
      caption={t('challenge.team.caption', { count: challenge.team_size ?? 0 })}
    >
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <QueryState query={board} skeleton={{ count: 3, height: 44 }}>
        {({ items, own }) => (
          <>
            {items.length === 0 ? <Text tone="textSecondary">{t('challenge.team.none')}</Text> : null}
            <Box gap="xs" role="list" aria-label={t('challenge.team.title')}>
              {items.map((team) => (
                <TeamPlace
                  key={team.id}
                  team={team}
                  challenge={challenge}
                  action={
                    !mayChange ? null : team.is_yours || team.is_asked ? (
                      <Button
                        small
                        variant="quiet"
                        label={t(team.is_yours ? 'challenge.team.leave' : 'challenge.team.takeBack')}
                        busy={leave.isPending}
                        onPress={() => leave.mutate(undefined)}
                      />
                    ) : own === null && team.has_room ? (
                      <Button
                        small
                        variant="secondary"
                        label={t(team.is_open ? 'challenge.team.join' : 'challenge.team.ask')}
                        accessibilityLabel={t(
                          team.is_open ? 'challenge.team.joinNamed' : 'challenge.team.askNamed',
                          { name: team.name },
                        )}
                        busy={join.isPending}
                        onPress={() => join.mutate(team.id)}
                      />
                    ) : null
                  }
                />
              ))}
            </Box>
            {own ? <OwnTeam challenge={challenge} id={own.id} /> : null}
            {mayChange && !own ? <NewTeamForm challenge={challenge} /> : null}
            {challenge.entry ? null : (
              <Text variant="caption" tone="textSecondary">
                {t('challenge.team.takePartFirst')}
              </Text>
            )}
          </>
        )}
      </QueryState>
    </Card>
  );
}

function TeamPlace({
  team,
  challenge,
  action,
}: {
  team: TeamRow;
  challenge: Challenge;
  action: React.ReactNode;
}) {
  const { t } = useTranslation();
  const words = useChallengeWords();
  return (
    <Box
      role="listitem"
      padding="s"
      radius="m"
      gap="xs"
      background={team.is_yours ? 'accentSoft' : undefined}
    >
      <Row gap="m" justify="space-between">
        <Row gap="m" shrink>
          <Box minWidth={28}>
            <Text variant="bodyStrong" tone="textSecondary">
              {team.rank ?? '–'}
            </Text>
          </Box>
          <Box shrink minWidth={0}>
            <Text variant={team.is_yours ? 'bodyStrong' : 'body'}>{team.name}</Text>
            <Text variant="caption" tone="textSecondary">
              {[
                t('challenge.team.people', { count: team.people }),
                t(team.is_open ? 'challenge.team.open' : 'challenge.team.byCaptain'),
              ].join(' · ')}
            </Text>
          </Box>
        </Row>
        <Text variant="bodyStrong" tabular>
          {words.score(team.score, challenge)}
        </Text>
      </Row>
      <Row gap="s" justify="flex-end" wrap>
        {team.is_yours ? null : (
          <ReportButton
            subject={{ team_id: team.id }}
            accessibilityLabel={t('challenge.team.reportNamed', { name: team.name })}
          />
        )}
        {action}
      </Row>
    </Box>
  );
}

function OwnTeam({ challenge, id }: { challenge: Challenge; id: string }) {
  const team = useQuery(teamQuery(challenge.id, id));
  return (
    <QueryState query={team} skeleton={{ count: 2, height: 32 }}>
      {(held) => <Members challenge={challenge} team={held} />}
    </QueryState>
  );
}

function Members({ challenge, team }: { challenge: Challenge; team: Team }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const at = (entry_id: string) => ({
    params: { path: { challenge_id: challenge.id, team_id: team.id, entry_id } },
  });
  const path = '/api/v1/community/challenges/{challenge_id}/teams/{team_id}/members/{entry_id}';
  const letIn = useCommunityChange((entry: string) => answer(api().PUT(path, at(entry))));
  const putOut = useCommunityChange((entry: string) => answer(api().DELETE(path, at(entry))));
  const error = letIn.error ?? putOut.error;
  const isBusy = letIn.isPending || putOut.isPending;
  const nameOf = (row: BoardRow) => row.name ?? t('challenge.somebody');
  return (
    <Box gap="s">
      <Row gap="s" wrap>
        <Text variant="bodyStrong">{team.name}</Text>
        {team.is_captain ? <Badge label={t('challenge.team.captain')} /> : null}
      </Row>
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <Box gap="xs" role="list" aria-label={team.name}>
        {team.members.map((row) => (
          <Member key={row.id} row={row} challenge={challenge}>
            {team.is_captain && !row.is_you ? (
              <Button
                small
                variant="quiet"
                label={t('challenge.team.putOut')}
                accessibilityLabel={t('challenge.team.putOutNamed', { name: nameOf(row) })}
                busy={isBusy}
                onPress={() => putOut.mutate(row.id)}
              />
            ) : null}
          </Member>
        ))}
      </Box>
      {team.asking.length === 0 ? null : (
        <Box gap="xs" role="list" aria-label={t('challenge.team.asking')}>
          <Text variant="label">{t('challenge.team.asking')}</Text>
          {team.asking.map((row) => (
            <Member key={row.id} row={row} challenge={challenge}>
              <Button
                small
                variant="secondary"
                label={t('challenge.team.letIn')}
                accessibilityLabel={t('challenge.team.letInNamed', { name: nameOf(row) })}
                busy={isBusy}
                onPress={() => letIn.mutate(row.id)}
              />
              <Button
                small
                variant="quiet"
                label={t('challenge.team.refuse')}
                accessibilityLabel={t('challenge.team.refuseNamed', { name: nameOf(row) })}
                busy={isBusy}
                onPress={() => putOut.mutate(row.id)}
              />
            </Member>
          ))}
        </Box>
      )}
    </Box>
  );
}

function Member({
  row,
  challenge,
  children,
}: {
  row: BoardRow;
  challenge: Challenge;
  children: React.ReactNode;
}) {
  const { t } = useTranslation();
  const words = useChallengeWords();
  const name = row.name ?? t('challenge.somebody');
  return (
    <Box role="listitem">
      <Row gap="m" justify="space-between" wrap>
        <Text>{row.is_you ? t('challenge.you', { name }) : name}</Text>
        <Row gap="s" wrap>
          <Text tone="textSecondary">{words.score(row.score, challenge)}</Text>
          {children}
        </Row>
      </Row>
    </Box>
  );
}

function NewTeamForm({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const draft = useDraft(`team.${challenge.id}`, { name: '' });
  const { name } = draft.values;
  const [isOpen, setOpen] = useState(true);
  const make = useCommunityChange(
    (body: NewTeam) =>
      answer(api().POST('/api/v1/community/challenges/{challenge_id}/teams', { ...of(challenge), body })),
    draft.forget,
  );
  return (
    <Box gap="s">
      {make.error ? <Banner tone="danger" urgent title={errorText(make.error).message} /> : null}
      <UnsavedLine draft={draft} />
      <TextField
        label={t('challenge.team.name')}
        value={name}
        onChangeText={(next) => draft.change({ name: next })}
        maxLength={40}
      />
      <Checkbox label={t('challenge.team.openToAll')} checked={isOpen} onChange={setOpen} />
      <Row>
        <Button
          label={t('challenge.team.make')}
          variant="secondary"
          busy={make.isPending}
          disabled={name.trim() === ''}
          onPress={() => make.mutate({ name: name.trim(), is_open: isOpen })}
        />
      </Row>
    </Box>
  );
}
