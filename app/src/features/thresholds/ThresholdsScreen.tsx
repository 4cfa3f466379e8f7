import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { thresholdsQuery } from '@/api/queries';
import { Columns, Screen, Text } from '@/design';
import { QueryState } from '@/features/shell/QueryState';

import { isLearned } from './entry';
import { RatingCard } from './RatingCard';
import { ThresholdCard } from './ThresholdCard';
import { ZonesCard } from './ZonesCard';

/** What the athlete's thresholds are, why, since when, and the zones that follow. */
export function ThresholdsScreen() {
  const { t } = useTranslation();
  const thresholds = useQuery(thresholdsQuery());
  return (
    <Screen
      title={t('thresholds.title')}
      subtitle={t('thresholds.subtitle')}
      back={{ href: '/profile', label: t('profile.title') }}
    >
      <QueryState query={thresholds} skeleton={{ count: 3, height: 200 }}>
        {(state) => (
          <Columns
            main={state.thresholds
              .filter(({ quantity, history }) => isLearned(quantity) || history.length > 0)
              .map((threshold) => (
                <ThresholdCard key={threshold.quantity} threshold={threshold} />
              ))}
            aside={
              <>
                <ZonesCard />
                <RatingCard />
                <Text variant="caption" tone="textSecondary">
                  {t('thresholds.limits')}
                </Text>
              </>
            }
          />
        )}
      </QueryState>
    </Screen>
  );
}
