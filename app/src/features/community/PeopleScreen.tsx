import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Badge, Banner, Box, Button, Card, Columns, Row, Screen, Text, TextField } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import {
  membershipQuery,
  type PeopleList,
  peopleQuery,
  type Person,
  searchQuery,
  useCommunityChange,
} from './communityQueries';
import { FeedLinks } from './FeedLinks';
import { JoinCard } from './JoinCard';
import { OwnAddress, RemotePeople } from './OtherServers';
import { PersonRow } from './PersonRow';
import { ReportButton } from './ReportButton';

const at = (handle: string) => ({ params: { path: { handle } } });

/** Finding people, answering requests, one's own profile. */
export function PeopleScreen() {
  const { t } = useTranslation();
  const membership = useQuery(membershipQuery());
  return (
    <Screen title={t('community.people')} back={{ href: '/community', label: t('community.title') }}>
      <QueryState query={membership} skeleton={{ count: 3, height: 120 }}>
        {({ profile, federates }) =>
          profile === null || profile === undefined ? (
            <JoinCard profile={null} />
          ) : (
            <Columns
              main={
                <>
                  <Requests />
                  <Find />
                  <Group list="following" />
                  <Group list="followers" />
                  {federates ? <RemotePeople /> : null}
                </>
              }
              aside={
                <>
                  <JoinCard key={profile.handle} profile={profile} />
                  {profile.has_public_feed ? <FeedLinks handle={profile.handle} /> : null}
                  {federates ? <OwnAddress /> : null}
                  <Group list="blocks" />
                  <Leave />
                </>
              }
            />
          )
        }
      </QueryState>
    </Screen>
  );
}

function Requests() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const requests = useQuery(peopleQuery('requests'));
  const accept = useCommunityChange((handle: string) =>
    answer(api().PUT('/api/v1/community/followers/{handle}', at(handle))),
  );
  const refuse = useCommunityChange((handle: string) =>
    answer(api().DELETE('/api/v1/community/followers/{handle}', at(handle))),
  );
  const people = requests.data?.items ?? [];
  if (people.length === 0) return null;
  const error = accept.error ?? refuse.error;
  return (
    <Card title={t('community.requests')} caption={t('community.requestsCaption')}>
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <Box gap="m" role="list" aria-label={t('community.requests')}>
        {people.map((person) => (
          <PersonRow key={person.handle} person={person}>
            <Button
              small
              label={t('community.accept')}
              accessibilityLabel={t('community.acceptPerson', { name: person.name })}
              busy={accept.isPending}
              onPress={() => accept.mutate(person.handle)}
            />
            <Button
              small
              variant="secondary"
              label={t('community.refuse')}
              accessibilityLabel={t('community.refusePerson', { name: person.name })}
              busy={refuse.isPending}
              onPress={() => refuse.mutate(person.handle)}
            />
          </PersonRow>
        ))}
      </Box>
    </Card>
  );
}

function Find() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const found = useQuery(searchQuery(asked));
  return (
    <Card title={t('community.findPeople')} caption={t('community.findCaption')}>
      <TextField
        label={t('community.findLabel')}
        hideLabel
        value={typed}
        onChangeText={setTyped}
        onSubmitEditing={() => setAsked(typed)}
        autoCapitalize="none"
        maxLength={80}
        placeholder={t('community.findLabel')}
      />
      <Row>
        <Button
          label={t('community.find')}
          icon="search"
          variant="secondary"
          disabled={typed.trim().length < 2}
          onPress={() => setAsked(typed)}
        />
      </Row>
      {asked.trim().length < 2 ? null : (
        <QueryState query={found} skeleton={{ count: 2, height: 44 }}>
          {({ items }) => (
            <Some people={items} label={t('community.found')} none={t('community.nobodyFound')} />
          )}
        </QueryState>
      )}
    </Card>
  );
}

function Group({ list }: { list: Exclude<PeopleList, 'requests'> }) {
  const { t } = useTranslation();
  const people = useQuery(peopleQuery(list));
  const unblock = useCommunityChange((handle: string) =>
    answer(api().DELETE('/api/v1/community/blocks/{handle}', at(handle))),
  );
  if (list === 'blocks' && !people.data?.items.length) return null;
  return (
    <Card title={t(`community.group.${list}`)}>
      <QueryState query={people} skeleton={{ count: 2, height: 44 }}>
        {({ items }) => (
          <Some
            people={items}
            label={t(`community.group.${list}`)}
            none={t(`community.none.${list}`)}
            onUnblock={list === 'blocks' ? (handle) => unblock.mutate(handle) : undefined}
          />
        )}
      </QueryState>
    </Card>
  );
}

function Some({
  people,
  label,
  none,
  onUnblock,
}: {
  people: readonly Person[];
  label: string;
  none: string;
  onUnblock?: (handle: string) => void;
}) {
  const { t } = useTranslation();
  if (people.length === 0) return <Text tone="textSecondary">{none}</Text>;
  return (
    <Box gap="m" role="list" aria-label={label}>
      {people.map((person) => (
        <PersonRow key={person.handle} person={person}>
          {person.following === 'requested' ? <Badge label={t('community.requested')} /> : null}
          {person.is_muted ? <Badge label={t('community.muted')} /> : null}
          {onUnblock ? (
            <>
              <Button
                small
                variant="secondary"
                label={t('community.unblock')}
                accessibilityLabel={t('community.unblockPerson', { name: person.name })}
                onPress={() => onUnblock(person.handle)}
              />
              <ReportButton
                subject={{ handle: person.handle }}
                accessibilityLabel={t('community.reportPerson', { name: person.name })}
              />
            </>
          ) : null}
        </PersonRow>
      ))}
    </Box>
  );
}

function Leave() {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const leave = useCommunityChange(
    () => answer(api().DELETE('/api/v1/community/me')),
    () => setAsking(false),
  );
  return (
    <Card title={t('community.leaveTitle')} caption={t('community.leaveCaption')}>
      <Row>
        <Button label={t('community.leave')} variant="secondary" onPress={() => setAsking(true)} />
      </Row>
      <ConfirmDialog
        title={t('community.leaveTitle')}
        body={t('community.leaveBody')}
        confirmLabel={t('community.leave')}
        open={asking}
        busy={leave.isPending}
        error={leave.error}
        onConfirm={() => leave.mutate(undefined)}
        onClose={() => setAsking(false)}
      />
    </Card>
  );
}
