import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { keys } from '@/api/queries';
import { Banner, Box, Button, Row, SegmentedControl, Select, Text, TextField } from '@/design';
import { clubsQuery, isMember } from '@/features/community/clubs/clubQueries';
import { membershipQuery } from '@/features/community/communityQueries';
import { JoinCard } from '@/features/community/JoinCard';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import {
  doorQuery,
  enterRoom,
  type NewRoom,
  openRoom,
  type OpenRoom,
  type RoomAudience,
  roomQuery,
  roomsQuery,
  type Shared,
} from './roomQueries';
import { ShareChoice } from './ShareChoice';

type Props = {
  /** What is ticked at first. */
  suggested: readonly Shared[];
  onEntered: (id: string) => void;
  link?: { id: string; code: string } | null;
};

/** Rooms to come into, and opening one; nobody is in a room before they say what they show there. */
export function Doorway({ suggested, onEntered, link = null }: Props) {
  const membership = useQuery(membershipQuery());
  return (
    <QueryState query={membership} skeleton={{ count: 1, height: 96 }}>
      {({ profile }) =>
        profile ? (
          <Door suggested={suggested} onEntered={onEntered} link={link} />
        ) : (
          <JoinCard profile={null} />
        )
      }
    </QueryState>
  );
}

function Door({ suggested, onEntered, link = null }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const errorText = useErrorText();
  const rooms = useQuery(roomsQuery());
  const door = useQuery({ ...doorQuery(link?.id ?? '', link?.code ?? ''), enabled: link !== null });
  const [chosen, setChosen] = useState<OpenRoom | null>(null);
  const [isLinkUsed, setLinkUsed] = useState(false);
  const invited = isLinkUsed ? null : (door.data ?? null);
  const room = chosen ?? invited;
  if (room !== null) {
    const enter = async (shares: Shared[]) => {
      const code = link !== null && link.id === room.id ? link.code : null;
      const entered = await enterRoom(room.id, shares, code);
      client.setQueryData(roomQuery(room.id).queryKey, entered);
      onEntered(room.id);
      await client.invalidateQueries({ queryKey: keys.rooms });
    };
    return (
      <Box gap="m">
        <RoomLine room={room} />
        <ShareChoice
          ticked={suggested}
          act={t('together.enter')}
          onChoose={enter}
          onCancel={() => {
            setChosen(null);
            setLinkUsed(true);
          }}
        />
      </Box>
    );
  }
  return (
    <Box gap="m">
      {door.error ? <Banner tone="warning" title={errorText(door.error).message} /> : null}
      <QueryState query={rooms} skeleton={{ count: 1, height: 72 }}>
        {({ items }) =>
          items.length === 0 ? (
            <Text tone="textSecondary">{t('together.noRooms')}</Text>
          ) : (
            <Box gap="s">
              {items.map((one) => (
                <Row key={one.id} gap="m" justify="space-between" wrap>
                  <RoomLine room={one} />
                  <Button
                    label={t('together.enter')}
                    accessibilityLabel={t('together.enterOne', { name: one.name ?? one.owner.name })}
                    onPress={() => (one.is_inside ? onEntered(one.id) : setChosen(one))}
                  />
                </Row>
              ))}
            </Box>
          )
        }
      </QueryState>
      <Open onOpened={setChosen} />
    </Box>
  );
}

function RoomLine({ room }: { room: OpenRoom }) {
  const { t } = useTranslation();
  const people = room.people.map(({ name }) => name).join(', ');
  return (
    <Box gap="xxs" shrink>
      <Text variant="bodyStrong">{room.name ?? t('together.roomOf', { name: room.owner.name })}</Text>
      <Text variant="caption" tone="textSecondary">
        {[
          room.name && !room.is_yours ? room.owner.name : null,
          room.club?.name ?? t(`together.audience.${room.audience}`),
          people === '' ? t('together.nobody') : t('together.there', { names: people }),
        ]
          .filter((part) => part !== null)
          .join(' · ')}
      </Text>
    </Box>
  );
}

function Open({ onOpened }: { onOpened: (room: OpenRoom) => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [audience, setAudience] = useState<RoomAudience>('friends');
  const [club, setClub] = useState<string | null>(null);
  const found = useInfiniteQuery({ ...clubsQuery('mine'), enabled: audience === 'club' });
  const clubs = (found.data?.pages ?? []).flatMap(({ items }) =>
    items.filter((one) => isMember(one.standing)),
  );
  const chosenClub = club ?? clubs[0]?.id ?? null;
  const open = useMutation({
    mutationFn: (body: NewRoom) => openRoom(body),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: keys.rooms });
      onOpened(made);
    },
  });
  return (
    <Box gap="s">
      <Text variant="bodyStrong">{t('together.open')}</Text>
      {open.error ? (
        <Banner tone="danger" urgent title={errorText(open.error).message}>
          {errorText(open.error).remedy}
        </Banner>
      ) : null}
      <TextField label={t('together.name')} value={name} onChangeText={setName} maxLength={60} />
      <SegmentedControl<RoomAudience>
        label={t('together.who')}
        value={audience}
        onChange={setAudience}
        options={(['friends', 'club', 'coaching', 'invited'] as const).map((value) => ({
          value,
          label: t(`together.audience.${value}`),
        }))}
      />
      {audience === 'club' ? (
        clubs.length === 0 ? (
          <Text tone="textSecondary">{t('together.noClub')}</Text>
        ) : (
          <Select<string>
            label={t('together.club')}
            value={chosenClub ?? ''}
            onChange={setClub}
            options={clubs.map((one) => ({ value: one.id, label: one.name }))}
          />
        )
      ) : null}
      <Row>
        <Button
          label={t('together.openIt')}
          variant="secondary"
          busy={open.isPending}
          disabled={audience === 'club' && chosenClub === null}
          onPress={() =>
            open.mutate({
              name: name.trim() === '' ? null : name.trim(),
              audience,
              ...(audience === 'club' ? { club_id: chosenClub } : {}),
            })
          }
        />
      </Row>
    </Box>
  );
}
