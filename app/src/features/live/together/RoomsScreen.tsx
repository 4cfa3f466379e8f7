import { useLocalSearchParams, useRouter } from 'expo-router';
import { useTranslation } from 'react-i18next';

import { Card, Screen } from '@/design';

import { Doorway } from './Doorway';

/** Rooms without a session: for who watches, coaches, or comes by a link. */
export function RoomsScreen() {
  const { t } = useTranslation();
  const router = useRouter();
  const { room, code } = useLocalSearchParams<{ room?: string; code?: string }>();
  const link = room && code ? { id: room, code } : null;
  return (
    <Screen
      title={t('together.title')}
      subtitle={t('together.subtitle')}
      width="reading"
      back={{ href: '/community', label: t('community.title') }}
    >
      <Card title={t('together.rooms')} caption={t('together.caption')}>
        <Doorway suggested={[]} link={link} onEntered={(id) => router.push(`/live/rooms/${id}`)} />
      </Card>
    </Screen>
  );
}
