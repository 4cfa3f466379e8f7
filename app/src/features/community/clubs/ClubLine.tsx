import { useTranslation } from 'react-i18next';

import { Text } from '@/design';

import type { Club } from './clubQueries';

/** A club in one line: its sports, how many people, how one joins. */
export function ClubLine({ club }: { club: Club }) {
  const { t } = useTranslation();
  const sports = club.sports.map((sport) => t(`sport.${sport}`)).join(', ');
  return (
    <Text variant="caption" tone="textSecondary">
      {[sports, t('club.people', { count: club.people }), t(`club.joining.${club.joining}`)]
        .filter((part) => part !== '')
        .join(' · ')}
    </Text>
  );
}
