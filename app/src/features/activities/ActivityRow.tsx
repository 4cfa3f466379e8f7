import { useTranslation } from 'react-i18next';

import type { ActivitySummary } from '@/api/types';
import { Badge, Box, Icon, ListRow, Row, Text, useLayout } from '@/design';
import { RouteThumb } from '@/design/charts';
import { size } from '@/design/tokens';
import { useFormat } from '@/i18n/useFormat';
import { showsPace } from '@/lib/units';

import { sportIcon, useActivityTitle } from './words';

type Figure = { label: string; text: string };

function useFigures(activity: ActivitySummary): Figure[] {
  const { t } = useTranslation();
  const format = useFormat();
  const figures: (Figure | null)[] = [
    activity.distance_m
      ? { label: t('field.distance'), text: format.distance(activity.distance_m, activity.sport)?.text ?? '' }
      : null,
    { label: t('field.time'), text: format.clock(activity.moving_s ?? activity.timer_s) },
    activity.speed_mean_m_s && activity.sport !== 'strength' && activity.leg_count === 1
      ? {
          label: t(showsPace(activity.sport) ? 'field.pace' : 'field.speed'),
          text: format.speed(activity.speed_mean_m_s, activity.sport)?.text ?? '',
        }
      : null,
    activity.power_mean_w !== null
      ? { label: t('field.power'), text: format.plain(activity.power_mean_w, 'w')?.text ?? '' }
      : null,
    activity.hr_mean_bpm !== null
      ? { label: t('field.hr'), text: format.plain(activity.hr_mean_bpm, 'bpm')?.text ?? '' }
      : null,
    activity.load_au !== null ? { label: t('field.load'), text: format.number(activity.load_au) } : null,
  ];
  return figures.filter((figure): figure is Figure => figure !== null && figure.text !== '');
}

/** `narrow`: there is no room for figures beside the title. */
export function ActivityRow({ activity, narrow }: { activity: ActivitySummary; narrow?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { layout } = useLayout();
  const isWide = layout === 'desktop' && !narrow;
  const title = useActivityTitle()(activity);
  const figures = useFigures(activity);
  const shown = isWide ? figures : figures.slice(0, layout === 'phone' ? 3 : 6);
  return (
    <ListRow href={`/activities/${activity.id}`}>
      <Row gap="m">
        {activity.route_preview && activity.route_preview.length > 1 ? (
          <RouteThumb points={activity.route_preview as [number, number][]} />
        ) : (
          <Box
            background="surfaceSunken"
            radius="m"
            width={size.thumb}
            height={size.thumb}
            align="center"
            justify="center"
          >
            <Icon name={sportIcon(activity.sport)} size={size.iconL} tone="textSecondary" />
          </Box>
        )}
        <Box flex={1} gap={isWide ? 'xxs' : 'xs'} minWidth={0}>
          <Row gap="s">
            <Icon name={sportIcon(activity.sport)} size={size.iconS} tone="accentText" />
            <Text variant="bodyStrong" numberOfLines={1} shrink>
              {title}
            </Text>
            {activity.warnings_count > 0 && isWide ? (
              <Badge label={t('activity.warnings', { count: activity.warnings_count })} tone="warning" />
            ) : null}
          </Row>
          <Text variant="caption" tone="textSecondary">
            {format.moment(activity)}
          </Text>
          {isWide ? null : <Figures figures={shown} />}
        </Box>
        {isWide ? <Figures figures={shown} columns /> : null}
      </Row>
    </ListRow>
  );
}

const COLUMN = 92;

function Figures({ figures, columns }: { figures: readonly Figure[]; columns?: boolean }) {
  return (
    <Row gap="l" wrap={!columns}>
      {figures.map(({ label, text }) => (
        <Box key={label} width={columns ? COLUMN : undefined}>
          <Text variant="micro" tone="textSecondary">
            {label}
          </Text>
          <Text variant="label" numberOfLines={1}>
            {text}
          </Text>
        </Box>
      ))}
    </Row>
  );
}
