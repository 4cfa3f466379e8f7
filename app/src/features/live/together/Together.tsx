import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { keys } from '@/api/queries';
import { Banner, Button, Card, Row, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import type { RoomValues } from '@/live/together/sharing';

import { Doorway } from './Doorway';
import { InRoom } from './InRoom';
import { leaveRoom, type OpenRoom, roomQuery, roomsQuery, type Shared } from './roomQueries';

/**
 * The way into a room from a session under way; small until it is wanted. `read` gives the session's newest values.
 * It stands for one session: a room that one is still in from before sees nothing of it before a yes.
 */
export function Together({
  read,
  suggested,
}: {
  read: () => RoomValues | null;
  /** What is ticked at first. */
  suggested: readonly Shared[];
}) {
  const { t } = useTranslation();
  const rooms = useQuery(roomsQuery());
  const [isOpen, setOpen] = useState(false);
  const [shownIn, setShownIn] = useState<string | null>(null);
  const inside = rooms.data?.items.find(({ is_inside }) => is_inside);
  const close = () => {
    setOpen(false);
    setShownIn(null);
  };
  if (inside !== undefined && inside.id !== shownIn) {
    return <Still room={inside} onShow={() => setShownIn(inside.id)} />;
  }
  if (inside !== undefined) {
    return (
      <Card>
        <InRoom key={inside.id} id={inside.id} read={read} onLeft={close} />
      </Card>
    );
  }
  if (!isOpen) {
    return (
      <Row>
        <Button label={t('together.title')} icon="people" variant="secondary" onPress={() => setOpen(true)} />
      </Row>
    );
  }
  return (
    <Card
      title={t('together.title')}
      caption={t('together.caption')}
      action={<Button label={t('action.close')} variant="quiet" small onPress={close} />}
    >
      <Doorway suggested={suggested} onEntered={setShownIn} />
    </Card>
  );
}

/** Asks whether a room that one came into before this session is to see it. */
function Still({ room, onShow }: { room: OpenRoom; onShow: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const client = useQueryClient();
  const own = useQuery(roomQuery(room.id)).data?.people.find(({ is_you }) => is_you);
  const leave = useMutation({
    mutationFn: () => leaveRoom(room.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.rooms }),
  });
  const shown = own?.shares.map((share) => t(`together.share.${share}`)).join(', ') ?? '';
  const name = room.name ?? t('together.roomOf', { name: room.owner.name });
  return (
    <Card title={t('together.still', { name })}>
      {shown === '' ? null : <Text tone="textSecondary">{t('together.stillWhat', { what: shown })}</Text>}
      {leave.error ? <Banner tone="danger" urgent title={errorText(leave.error).message} /> : null}
      <Row gap="s" wrap>
        <Button label={t('together.stillShow')} onPress={onShow} />
        <Button
          label={t('together.leave')}
          variant="secondary"
          busy={leave.isPending}
          onPress={() => leave.mutate()}
        />
      </Row>
    </Card>
  );
}
