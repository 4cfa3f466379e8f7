import { useTranslation } from 'react-i18next';
import { Pressable } from 'react-native';

import type { FormRep } from '@/api/types';
import { Badge, Box, Card, Row, Text, useLayout, useTheme } from '@/design';
import { isHovered } from '@/design/interaction';
import { radius, size, space } from '@/design/tokens';
import { useFormat } from '@/i18n/useFormat';

import { useFormWords } from './useFormWords';
import { notableFaults } from './verdict';

/** Every repetition with what was seen in it; pressing one moves the video there. */
export function RepList({
  reps,
  hasVideo,
  currentIndex,
  onPick,
}: {
  reps: readonly FormRep[];
  hasVideo: boolean;
  currentIndex: number | null;
  onPick: (rep: FormRep) => void;
}) {
  const { t } = useTranslation();
  const caption = hasVideo ? t('form.repListCaption') : undefined;
  return (
    <Card title={t('form.repList')} caption={reps.length > 0 ? caption : t('form.noReps')}>
      <Box role="list" gap="xs">
        {reps.map((rep) => (
          <Box key={rep.index} role="listitem">
            <RepRow rep={rep} isCurrent={rep.index === currentIndex} onPress={() => onPick(rep)} />
          </Box>
        ))}
      </Box>
    </Card>
  );
}

function RepRow({ rep, isCurrent, onPress }: { rep: FormRep; isCurrent: boolean; onPress: () => void }) {
  const { t } = useTranslation();
  const { color } = useTheme();
  const { isWide } = useLayout();
  const format = useFormat();
  const words = useFormWords();
  const notable = notableFaults(rep);
  const unseen = rep.faults.filter((fault) => fault.decision === 'abstain').length;
  const score = typeof rep.score === 'number' ? rep.score : null;
  return (
    <Pressable
      role="button"
      aria-current={isCurrent}
      onPress={onPress}
      style={(state) => ({
        minHeight: size.touch,
        padding: space.s,
        borderRadius: radius.m,
        borderWidth: size.hairline,
        borderColor: isCurrent ? color.accent : 'transparent',
        backgroundColor: isCurrent ? color.accentSoft : isHovered(state) ? color.surfaceHover : undefined,
      })}
    >
      <Row gap="m" align="flex-start">
        <Box width={32} align="flex-end">
          <Text variant="bodyStrong">{format.number(rep.index)}</Text>
        </Box>
        <Box flex={1} gap="xs" minWidth={0}>
          <Row gap="s" wrap>
            {rep.complete ? null : <Badge label={t('form.incomplete')} tone="neutral" />}
            {notable.length === 0 && rep.complete ? (
              <Badge
                label={t(unseen > 0 ? 'form.cleanAsSeen' : 'form.clean')}
                tone={unseen > 0 ? 'neutral' : 'success'}
                icon={unseen > 0 ? undefined : 'check'}
              />
            ) : null}
            {notable.map((fault) => (
              <Badge
                key={fault.code}
                label={
                  fault.decision === 'fault'
                    ? words.fault(fault.code)
                    : t('form.nearly', { fault: words.fault(fault.code) })
                }
                tone={fault.decision === 'fault' ? 'warning' : 'neutral'}
                icon={fault.decision === 'fault' ? 'alert' : undefined}
              />
            ))}
          </Row>
          <Text variant="caption" tone="textSecondary">
            {[
              `${format.number(rep.start_s, 1)}–${format.number(rep.end_s, 1)} ${t('unit.s')}`,
              typeof rep.min_elbow_deg === 'number'
                ? t('form.deepest', { value: format.number(rep.min_elbow_deg) })
                : null,
              typeof rep.body_line_deg === 'number' && isWide
                ? t('form.bodyLine', { value: format.signed(rep.body_line_deg) })
                : null,
              unseen > 0 && isWide ? t('form.unseenCount', { count: unseen }) : null,
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </Box>
        <Box align="flex-end">
          <Text variant="bodyStrong" aria-label={score === null ? t('state.missing') : undefined}>
            {score === null ? '–' : format.number(score)}
          </Text>
          <Text variant="micro" tone="textSecondary">
            {t('form.scoreShort')}
          </Text>
        </Box>
      </Row>
    </Pressable>
  );
}
