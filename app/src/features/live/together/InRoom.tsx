import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { keys } from '@/api/queries';
import { Badge, Banner, Box, Button, Row, Text } from '@/design';
import { later, type RoomValues } from '@/live/together/sharing';

import { cheer, enterRoom, leaveRoom, putOut, type Room, roomQuery, type RoomPerson } from './roomQueries';
import { ShareChoice } from './ShareChoice';
import { Strip } from './Strip';
import { useLiveRoom, useSharing } from './useLiveRoom';

type Props = {
  id: string;
  /** The session's newest values; null where there is no session on this screen. */
  read: (() => RoomValues | null) | null;
  onLeft?: () => void;
};

/** A room from inside. It only looks at the session: what happens here never holds it up. */
export function InRoom({ id, read, onLeft }: Props) {
  const query = useQuery(roomQuery(id));
  const state = useLiveRoom(id);
  const room = query.data;
  const own = room?.people.find(({ is_you }) => is_you);
  const { t } = useTranslation();
  if (room === undefined || own === undefined) {
    return <Text tone="textSecondary">{t(query.error ? 'together.closed' : 'together.connecting')}</Text>;
  }
  return (
    <Box gap="s">
      {read === null && own.shares.length > 0 ? null : <Teller id={id} own={own} read={read ?? watching} />}
      <Row gap="s" wrap>
        <Text variant="heading" level={2}>
          {room.name ?? t('together.roomOf', { name: room.owner.name })}
        </Text>
        {state === 'live' ? (
          <Badge tone="success" label={t('together.live')} />
        ) : (
          <Badge tone="warning" icon="offline" label={t('together.away')} />
        )}
      </Row>
      <People room={room} receivedMs={query.dataUpdatedAt} />
      <Own room={room} own={own} onLeft={onLeft} />
    </Box>
  );
}

const watching = (): null => null;

/** Says the session's values; draws only that they are not shown. */
function Teller({ id, own, read }: { id: string; own: RoomPerson; read: () => RoomValues | null }) {
  const { t } = useTranslation();
  const { isWatchingOnly } = useSharing(id, own.seq, read);
  return isWatchingOnly ? <Banner tone="warning" title={t('together.locked')} /> : null;
}

function People({ room, receivedMs }: { room: Room; receivedMs: number }) {
  const client = useQueryClient();
  const sendCheer = useMutation({ mutationFn: (to: string | null) => cheer(room.id, to) });
  const remove = useMutation({
    mutationFn: (handle: string) => putOut(room.id, handle),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.rooms }),
  });
  return (
    <Strip
      room={room}
      receivedMs={receivedMs}
      onCheer={(handle) => sendCheer.mutate(handle)}
      onPutOut={room.is_yours ? (handle) => remove.mutate(handle) : undefined}
    />
  );
}

function Own({ room, own, onLeft }: { room: Room; own: RoomPerson; onLeft: (() => void) | undefined }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isChoosing, setChoosing] = useState(false);
  const leave = useMutation({
    mutationFn: () => leaveRoom(room.id),
    onSuccess: async () => {
      onLeft?.();
      await client.invalidateQueries({ queryKey: keys.rooms });
    },
  });
  const cheerAll = useMutation({ mutationFn: () => cheer(room.id, null) });
  if (isChoosing) {
    return (
      <ShareChoice
        ticked={own.shares}
        act={t('action.save')}
        onCancel={() => setChoosing(false)}
        onChoose={async (shares) => {
          const changed = await enterRoom(room.id, shares);
          client.setQueryData<Room>(roomQuery(room.id).queryKey, (held) => later(held, changed));
          setChoosing(false);
        }}
      />
    );
  }
  const shown = own.shares.map((share) => t(`together.share.${share}`)).join(', ');
  return (
    <>
      <Text variant="caption" tone="textSecondary">
        {shown === '' ? t('together.showNothing') : t('together.show', { what: shown })}
      </Text>
      <Row gap="s" wrap>
        <Button
          label={t('together.cheerAll')}
          icon="like"
          variant="secondary"
          disabled={room.people.length < 2}
          onPress={() => cheerAll.mutate()}
        />
        <Button label={t('together.change')} variant="secondary" onPress={() => setChoosing(true)} />
        <Button
          label={t('together.leave')}
          variant="quiet"
          busy={leave.isPending}
          onPress={() => leave.mutate()}
        />
      </Row>
    </>
  );
}
