import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Badge, Banner, Box, Button, Card, Row, Text, TextField } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import {
  federationQuery,
  remotePeopleQuery,
  type RemotePerson,
  remoteRequestsQuery,
  useCommunityChange,
} from './communityQueries';

const at = (address: string) => ({ params: { path: { remote_address: address } } });

const accept = (address: string) =>
  answer(api().PUT('/api/v1/community/remote-followers/{remote_address}', at(address)));
const sendAway = (address: string) =>
  answer(api().DELETE('/api/v1/community/remote-followers/{remote_address}', at(address)));
const follow = (address: string) =>
  answer(api().PUT('/api/v1/community/remote-following/{remote_address}', at(address)));
const unfollow = (address: string) =>
  answer(api().DELETE('/api/v1/community/remote-following/{remote_address}', at(address)));
const block = (address: string) =>
  answer(api().PUT('/api/v1/community/remote-blocks/{remote_address}', at(address)));
const unblock = (address: string) =>
  answer(api().DELETE('/api/v1/community/remote-blocks/{remote_address}', at(address)));

/** The own address for people of other servers: getting one, seeing it, giving it up. */
export function OwnAddress() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [asking, setAsking] = useState(false);
  const state = useQuery(federationQuery());
  const choose = useCommunityChange(
    (is_on: boolean) => answer(api().PUT('/api/v1/community/federation', { body: { is_on } })),
    () => setAsking(false),
  );
  const failure = choose.error ? errorText(choose.error) : null;
  return (
    <Card title={t('community.servers.title')} caption={t('community.servers.caption')}>
      {failure ? (
        <Banner tone="danger" urgent title={failure.message}>
          {failure.remedy}
        </Banner>
      ) : null}
      <QueryState query={state} skeleton={{ count: 1, height: 44 }}>
        {({ is_on, address, followers }) =>
          is_on ? (
            <Box gap="m">
              <Text selectable variant="bodyStrong">
                {address}
              </Text>
              <Text variant="caption" tone="textSecondary">
                {t('community.servers.followers', { count: followers })}
              </Text>
              <Row>
                <Button
                  variant="secondary"
                  label={t('community.servers.giveUp')}
                  onPress={() => setAsking(true)}
                />
              </Row>
              <ConfirmDialog
                title={t('community.servers.giveUp')}
                body={t('community.servers.giveUpBody')}
                confirmLabel={t('community.servers.giveUp')}
                open={asking}
                busy={choose.isPending}
                error={choose.error}
                onConfirm={() => choose.mutate(false)}
                onClose={() => setAsking(false)}
              />
            </Box>
          ) : (
            <Row>
              <Button
                variant="secondary"
                label={t('community.servers.getAddress')}
                busy={choose.isPending}
                onPress={() => choose.mutate(true)}
              />
            </Row>
          )
        }
      </QueryState>
    </Card>
  );
}

/** Following people of other servers, and who follows from there. */
export function RemotePeople() {
  return (
    <>
      <RemoteRequests />
      <RemoteFollowing />
      <RemoteFollowers />
      <RemoteBlocks />
    </>
  );
}

function RemoteRequests() {
  const { t } = useTranslation();
  const requests = useQuery(remoteRequestsQuery());
  const yes = useCommunityChange(accept);
  const no = useCommunityChange(sendAway);
  const shutOut = useCommunityChange(block);
  const people = requests.data?.items ?? [];
  if (people.length === 0) return null;
  return (
    <People
      title={t('community.servers.requests')}
      caption={t('community.servers.requestsCaption')}
      people={people}
      error={yes.error ?? no.error ?? shutOut.error}
    >
      {({ address, name }) => (
        <>
          <Act
            label={t('community.accept')}
            of={t('community.acceptPerson', { name })}
            change={yes}
            address={address}
          />
          <Act
            label={t('community.refuse')}
            of={t('community.refusePerson', { name })}
            variant="secondary"
            change={no}
            address={address}
          />
          <Act
            label={t('community.block')}
            of={t('community.servers.blockPerson', { name })}
            variant="quiet"
            change={shutOut}
            address={address}
          />
        </>
      )}
    </People>
  );
}

function RemoteFollowing() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [typed, setTyped] = useState('');
  const following = useQuery(remotePeopleQuery('following'));
  const ask = useCommunityChange(follow, () => setTyped(''));
  const end = useCommunityChange(unfollow);
  const failure = ask.error ? errorText(ask.error) : null;
  const send = () => ask.mutate(typed.trim());
  return (
    <People
      title={t('community.servers.following')}
      caption={t('community.servers.followingCaption')}
      people={following.data?.items ?? []}
      error={end.error}
      head={
        <>
          {failure ? (
            <Banner tone="danger" urgent title={failure.message}>
              {failure.remedy}
            </Banner>
          ) : null}
          <TextField
            label={t('community.servers.address')}
            hint={t('community.servers.addressHint')}
            value={typed}
            onChangeText={setTyped}
            onSubmitEditing={send}
            autoCapitalize="none"
            autoCorrect={false}
            maxLength={330}
          />
          <Row>
            <Button
              variant="secondary"
              label={t('community.servers.follow')}
              busy={ask.isPending}
              disabled={!typed.trim().slice(1).includes('@')}
              onPress={send}
            />
          </Row>
        </>
      }
    >
      {({ address, name, following: standing }) => (
        <>
          {standing === 'requested' ? (
            <Box>
              <Badge label={t('community.requested')} />
            </Box>
          ) : null}
          <Act
            label={t('community.servers.unfollow')}
            of={t('community.servers.unfollowPerson', { name })}
            variant="secondary"
            change={end}
            address={address}
          />
        </>
      )}
    </People>
  );
}

function RemoteFollowers() {
  const { t } = useTranslation();
  const followers = useQuery(remotePeopleQuery('followers'));
  const end = useCommunityChange(sendAway);
  const shutOut = useCommunityChange(block);
  const people = followers.data?.items ?? [];
  if (people.length === 0) return null;
  return (
    <People title={t('community.servers.followersTitle')} people={people} error={end.error ?? shutOut.error}>
      {({ address, name }) => (
        <>
          <Act
            label={t('community.servers.remove')}
            of={t('community.servers.removePerson', { name })}
            variant="secondary"
            change={end}
            address={address}
          />
          <Act
            label={t('community.block')}
            of={t('community.servers.blockPerson', { name })}
            variant="quiet"
            change={shutOut}
            address={address}
          />
        </>
      )}
    </People>
  );
}

function RemoteBlocks() {
  const { t } = useTranslation();
  const blocks = useQuery(remotePeopleQuery('blocks'));
  const end = useCommunityChange(unblock);
  const people = blocks.data?.items ?? [];
  if (people.length === 0) return null;
  return (
    <People title={t('community.servers.blocks')} people={people} error={end.error}>
      {({ address, name }) => (
        <Act
          label={t('community.unblock')}
          of={t('community.unblockPerson', { name })}
          variant="secondary"
          change={end}
          address={address}
        />
      )}
    </People>
  );
}

/** A button that does something about the person of an address. */
function Act({
  label,
  of,
  variant,
  change,
  address,
}: {
  label: string;
  of: string;
  variant?: 'secondary' | 'quiet';
  change: { isPending: boolean; mutate: (address: string) => void };
  address: string;
}) {
  return (
    <Button
      small
      variant={variant}
      label={label}
      accessibilityLabel={of}
      busy={change.isPending}
      onPress={() => change.mutate(address)}
    />
  );
}

function People({
  title,
  caption,
  people,
  error,
  head,
  children,
}: {
  title: string;
  caption?: string;
  people: readonly RemotePerson[];
  error: Error | null;
  head?: ReactNode;
  children: (person: RemotePerson) => ReactNode;
}) {
  const errorText = useErrorText();
  return (
    <Card title={title} caption={caption}>
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      {head}
      {people.length === 0 ? null : (
        <Box gap="m" role="list" aria-label={title}>
          {people.map((person) => (
            <Row key={person.address} gap="m" justify="space-between" wrap role="listitem">
              <Box shrink>
                <Text variant="bodyStrong">{person.name}</Text>
                <Text variant="caption" tone="textSecondary" selectable>
                  {person.address}
                </Text>
              </Box>
              <Row gap="s" wrap>
                {children(person)}
              </Row>
            </Row>
          ))}
        </Box>
      )}
    </Card>
  );
}
