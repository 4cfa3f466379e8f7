import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useTranslation } from 'react-i18next';

import { serverAddress } from '@/api/session';
import { keys } from '@/api/queries';
import { Banner, Button, Card, Row, Screen, Text, TextField } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { InRoom } from './InRoom';
import { closeRoom, makeLink, type Room, roomQuery } from './roomQueries';

/** One room, watched: everybody side by side, and for its owner the link into it and the end of it. */
export function RoomScreen() {
  const { id } = useLocalSearchParams<{ id: string }>();
  const { t } = useTranslation();
  const router = useRouter();
  const room = useQuery(roomQuery(id));
  const leave = () => router.replace('/live/rooms');
  return (
    <Screen
      title={t('together.title')}
      subtitle={t('together.watching')}
      back={{ href: '/live/rooms', label: t('together.rooms') }}
    >
      <QueryState query={room} skeleton={{ count: 2, height: 160 }}>
        {(body) => (
          <>
            <Card>
              <InRoom id={body.id} read={null} onLeft={leave} />
            </Card>
            {body.is_yours ? <OwnerCard room={body} onClosed={leave} /> : null}
          </>
        )}
      </QueryState>
    </Screen>
  );
}

function OwnerCard({ room, onClosed }: { room: Room; onClosed: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const link = useMutation({ mutationFn: () => makeLink(room.id) });
  const close = useMutation({
    mutationFn: () => closeRoom(room.id),
    onSuccess: async () => {
      onClosed();
      await client.invalidateQueries({ queryKey: keys.rooms });
    },
  });
  const failed = link.error ?? close.error;
  const made = link.data;
  return (
    <Card title={t('together.yours')} caption={t('together.yoursCaption')}>
      {failed ? <Banner tone="danger" urgent title={errorText(failed).message} /> : null}
      {made ? (
        <>
          <TextField
            label={t('together.link')}
            value={`${serverAddress()}/live/rooms?room=${room.id}&code=${made.code}`}
            readOnly
            selectTextOnFocus
          />
          <Text variant="caption" tone="textSecondary">
            {t('together.linkUntil', { time: format.instant(made.expires_at) })}
          </Text>
        </>
      ) : null}
      <Row gap="s" wrap>
        <Button
          label={t(made ? 'together.newLink' : 'together.makeLink')}
          variant="secondary"
          busy={link.isPending}
          onPress={() => link.mutate()}
        />
        <Button
          label={t('together.close')}
          variant="danger"
          busy={close.isPending}
          onPress={() => close.mutate()}
        />
      </Row>
    </Card>
  );
}
