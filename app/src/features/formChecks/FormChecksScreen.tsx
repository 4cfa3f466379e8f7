import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Platform } from 'react-native';

import { formChecksQuery } from '@/api/queries';
import type { FormCheckSummary } from '@/api/types';
import { Badge, Box, Button, Columns, EmptyState, Icon, ListRow, Row, Screen, Select, Text } from '@/design';
import { size } from '@/design/tokens';
import { JobList } from '@/features/jobs/JobList';
import { UploadArea } from '@/features/jobs/UploadArea';
import { WaitingSets } from '@/features/live/camera/WaitingSets';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { LIVE } from './formQueries';
import { HowToFilm } from './HowToFilm';
import { LabelRequests } from './LabelRequests';
import { useFormWords } from './useFormWords';
import { decisionTones } from './verdict';

const EXERCISES = [
  'auto',
  'push_up',
  'squat',
  'lunge',
  'pull_up',
  'sit_up',
  'plank',
  'jumping_jack',
  'overhead_press',
  'running',
] as const;

export function FormChecksScreen() {
  const { t } = useTranslation();
  const words = useFormWords();
  const [exercise, setExercise] = useState<(typeof EXERCISES)[number]>('auto');
  const list = useInfiniteQuery(formChecksQuery());
  return (
    <Screen
      title={t('formChecks.title')}
      subtitle={t('formChecks.subtitle')}
      actions={
        Platform.OS === 'web' ? (
          <Button
            href="/live/push-ups"
            label={t('livePushUps.link')}
            icon="video"
            variant="secondary"
            small
          />
        ) : null
      }
      onRefresh={() => void list.refetch()}
      refreshing={list.isRefetching}
    >
      <Columns
        main={
          <>
            <WaitingSets />
            <Select
              label={t('formChecks.exercise')}
              value={exercise}
              options={EXERCISES.map((value) => ({
                value,
                label: value === 'auto' ? t('formChecks.findOut') : words.exercise(value),
              }))}
              onChange={setExercise}
            />
            <UploadArea takes="video" exercise={exercise} />
            <JobList kinds={['form_check']} />
            <LabelRequests />
            <QueryState query={list} skeleton={{ count: 3, height: 90 }}>
              {({ pages }) => {
                const items = pages.flatMap((page) => page.items);
                if (items.length === 0) {
                  return (
                    <EmptyState icon="form" title={t('formChecks.emptyTitle')}>
                      {t('formChecks.emptyBody')}
                    </EmptyState>
                  );
                }
                return (
                  <Box gap="s" role="list" aria-label={t('formChecks.title')}>
                    {items.map((check) => (
                      <Box key={check.id} role="listitem">
                        <FormCheckRow check={check} />
                      </Box>
                    ))}
                    {list.hasNextPage ? (
                      <Box role="listitem" align="center" paddingY="m">
                        <Button
                          label={t('activities.more')}
                          variant="secondary"
                          busy={list.isFetchingNextPage}
                          onPress={() => void list.fetchNextPage()}
                        />
                      </Box>
                    ) : null}
                  </Box>
                );
              }}
            </QueryState>
          </>
        }
        aside={<HowToFilm />}
      />
    </Screen>
  );
}

export function FormCheckRow({ check }: { check: FormCheckSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  return (
    <ListRow href={`/form-checks/${check.id}`}>
      <Row gap="m">
        <Box
          background="surfaceSunken"
          radius="m"
          width={size.thumb}
          height={size.thumb}
          align="center"
          justify="center"
        >
          {typeof check.held_s === 'number' ? (
            <Headline value={format.clock(check.held_s)} name={t('form.heldShort')} />
          ) : typeof check.step_rate_spm === 'number' ? (
            <Headline value={format.number(check.step_rate_spm)} name={t('form.stepsShort')} />
          ) : (
            <Headline
              value={format.number(check.rep_count)}
              name={t('form.repsShort', { count: check.rep_count })}
            />
          )}
        </Box>
        <Box flex={1} gap="xs" minWidth={0}>
          <Row gap="s">
            <Icon name="form" size={size.iconS} tone="accentText" />
            <Text variant="bodyStrong" numberOfLines={1} shrink>
              {words.exercise(check.exercise)}
            </Text>
          </Row>
          <Text variant="caption" tone="textSecondary">
            {`${format.instant(check.created_at)} · ${format.clock(check.duration_s)} · ${check.file_name === LIVE ? t('formChecks.liveSource') : check.file_name}`}
          </Text>
          <Badge
            label={t(`form.decision.${check.form_decision}`)}
            tone={decisionTones[check.form_decision]}
          />
        </Box>
      </Row>
    </ListRow>
  );
}

function Headline({ value, name }: { value: string; name: string }) {
  return (
    <>
      <Text variant="stat">{value}</Text>
      <Text variant="micro" tone="textSecondary">
        {name}
      </Text>
    </>
  );
}
