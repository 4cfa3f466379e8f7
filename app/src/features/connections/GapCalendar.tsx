import { useTranslation } from 'react-i18next';

import type { CalendarDay, ConnectionCalendar } from '@/api/types';
import { Box, Button, Row, Text, useTheme } from '@/design';
import { radius, size, space } from '@/design/tokens';
import { useFormat } from '@/i18n/useFormat';

import { type Gap, gapsOf, weeksOf } from './gaps';

type DayState = CalendarDay['state'];

const states = ['data', 'quiet', 'gap'] as const satisfies readonly DayState[];
const SHOWN_GAPS = 8;

/** Days with data as a strip of weeks, and the gaps in words, each with a way to fetch it again. */
export function GapCalendar({
  calendar,
  busy,
  onFetch,
}: {
  calendar: ConnectionCalendar;
  busy: boolean;
  onFetch: (gap: Gap) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { days, usual_pause_days } = calendar;
  const gaps = gapsOf(days);
  const day = (text: string) => format.day(text, { day: 'numeric', month: 'short', year: 'numeric' });
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return null;
  const label = t('devices.calendarLabel', {
    first: day(first.day),
    last: day(last.day),
    data: days.filter((one) => one.state === 'data').length,
    gaps: days.filter((one) => one.state === 'gap').length,
  });
  return (
    <Box gap="m">
      <Row role="img" aria-label={label} wrap style={{ gap: space.xxs }} align="flex-start">
        {weeksOf(days).map((week, index) => (
          <Box key={week.find((one) => one)?.day ?? index} style={{ gap: space.xxs }}>
            {week.map((one, place) => (
              <Cell key={one?.day ?? `none-${place}`} state={one?.state ?? null} />
            ))}
          </Box>
        ))}
      </Row>
      <Row gap="l" wrap aria-hidden>
        {states.map((state) => (
          <Row key={state} gap="xs">
            <Cell state={state} />
            <Text variant="caption" tone="textSecondary">
              {t(`devices.legend.${state}`)}
            </Text>
          </Row>
        ))}
      </Row>
      <Text variant="caption" tone="textSecondary">
        {usual_pause_days === null ? t('devices.noHabit') : t('devices.habit', { count: usual_pause_days })}
      </Text>
      <Box gap="s">
        <Text variant="label">{t('devices.gaps')}</Text>
        {gaps.length === 0 ? <Text variant="caption">{t('devices.noGaps')}</Text> : null}
        {gaps.slice(0, SHOWN_GAPS).map((gap) => (
          <Row key={gap.first} justify="space-between" gap="m" wrap>
            <Text>{t('devices.gap', { first: day(gap.first), last: day(gap.last), count: gap.days })}</Text>
            <Button
              label={t('devices.fetchAgain')}
              accessibilityLabel={t('devices.fetchAgainNamed', {
                first: day(gap.first),
                last: day(gap.last),
              })}
              variant="secondary"
              small
              disabled={busy}
              onPress={() => onFetch(gap)}
            />
          </Row>
        ))}
      </Box>
    </Box>
  );
}

/** A day: filled with data, outlined without, crossed out when it is missing. */
function Cell({ state }: { state: DayState | null }) {
  const { color } = useTheme();
  const isShown = state === 'data' || state === 'quiet' || state === 'gap';
  return (
    <Box
      align="center"
      justify="center"
      style={{
        width: size.swatch,
        height: size.swatch,
        borderRadius: radius.s / 2,
        borderWidth: isShown ? size.hairline : 0,
        borderColor: state === 'data' ? color.accent : state === 'gap' ? color.danger : color.border,
        backgroundColor:
          state === 'data'
            ? color.accent
            : state === 'gap'
              ? color.dangerSoft
              : isShown
                ? color.surface
                : undefined,
      }}
    >
      {state === 'gap' ? (
        <Box background="danger" radius="pill" width={size.dot / 2} height={size.dot / 2} />
      ) : null}
    </Box>
  );
}
