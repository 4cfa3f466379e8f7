import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isNotFound } from '@/api/errors';
import { formCheckQuery } from '@/api/queries';
import type { FormCheck } from '@/api/types';
import {
  Badge,
  Banner,
  Box,
  Button,
  Card,
  Columns,
  EmptyState,
  Row,
  Screen,
  Stat,
  StatGrid,
  Text,
  useLayout,
  type Tone,
} from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { CompareCard } from './CompareCard';
import { ConsentCard } from './ConsentCard';
import { DeleteFormCheck } from './DeleteFormCheck';
import { DisputeCard } from './DisputeCard';
import { FaultTable } from './FaultTable';
import { FaultTimeline } from './FaultTimeline';
import { FilmedSetCard } from './FilmedSetCard';
import { LIVE } from './formQueries';
import { GaitCard } from './GaitCard';
import { HoldCard } from './HoldCard';
import { HowToFilm } from './HowToFilm';
import { RepList } from './RepList';
import { RepTable } from './RepTable';
import { TakeIntoPlan } from './TakeIntoPlan';
import { TrackView } from './TrackView';
import { useFormWords } from './useFormWords';
import {
  decisionTones,
  judgedReps,
  prevailingFault,
  recommendationsOf,
  repAt,
  seenFaults,
  unseenReasons,
} from './verdict';
import { VideoPlayer } from './VideoPlayer';
import type { VideoHandle } from './videoTypes';

export function FormCheckScreen() {
  const { t } = useTranslation();
  const { id } = useLocalSearchParams<{ id: string }>();
  const check = useQuery(formCheckQuery(id));
  if (check.data !== undefined) return <Loaded check={check.data} />;
  return (
    <Screen title={t('form.title')} back={{ href: '/form-checks', label: t('formChecks.title') }}>
      {isNotFound(check.error) ? (
        <EmptyState icon="question" title={t('form.goneTitle')}>
          {t('activity.goneBody')}
        </EmptyState>
      ) : (
        <QueryState query={check} skeleton={{ count: 2, height: 260 }}>
          {() => null}
        </QueryState>
      )}
    </Screen>
  );
}

function Loaded({ check }: { check: FormCheck }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  const { isWide } = useLayout();
  const video = useRef<VideoHandle>(null);
  const [time_s, setTime] = useState(0);
  const [deleting, setDeleting] = useState(false);
  const { analysis } = check;
  const current = repAt(analysis.reps, time_s);
  const name = words.exercise(check.exercise);
  const seek = (t_s: number) => {
    video.current?.seek(t_s);
    setTime(t_s);
  };
  const player = (
    <Card padding="s">
      {check.video_url ? (
        <VideoPlayer ref={video} path={check.video_url} label={t('form.video', { name })} onTime={setTime} />
      ) : check.has_track ? (
        <TrackView id={check.id} time_s={time_s} label={t('form.video', { name })} />
      ) : null}
      <FaultTimeline
        reps={judgedReps(analysis)}
        isHold={Boolean(analysis.hold)}
        movesPicture={Boolean(check.video_url) || check.has_track}
        duration_s={check.duration_s}
        time_s={time_s}
        onSeek={seek}
      />
    </Card>
  );
  // Running and postures that are held have no repetitions.
  const isCounted = !analysis.gait && !analysis.hold;
  const reps = !isCounted ? null : (
    <RepList
      reps={analysis.reps}
      hasVideo={Boolean(check.video_url)}
      currentIndex={current?.index ?? null}
      onPick={(rep) => seek(rep.start_s)}
    />
  );
  const numbers = (
    <>
      {analysis.gait ? <GaitCard gait={analysis.gait} /> : null}
      {analysis.hold ? <HoldCard hold={analysis.hold} /> : null}
      <CompareCard check={check} />
      <RepTable reps={analysis.reps} />
    </>
  );
  const training = check.filmed_set ? <FilmedSetCard check={check} set={check.filmed_set} /> : null;
  const rest = (
    <>
      <DisputeCard check={check} />
      {check.has_track && !analysis.gait ? (
        <Card title={t('label.cardTitle')} caption={t('label.cardCaption')}>
          <Button label={t('label.open')} variant="secondary" href={`/form-checks/${check.id}/label`} />
        </Card>
      ) : null}
      <ConsentCard />
      {check.form_decision === 'unsure' || (analysis.rep_count === 0 && isCounted) ? <HowToFilm /> : null}
    </>
  );
  return (
    <Screen
      title={name}
      subtitle={`${format.instant(check.created_at)} · ${check.file_name === LIVE ? t('formChecks.liveSource') : check.file_name}`}
      back={{ href: '/form-checks', label: t('formChecks.title') }}
      actions={
        <>
          <Button
            label={t('community.share')}
            icon="share"
            variant="secondary"
            href={`/community/share?form_check=${check.id}`}
          />
          <Button
            label={t('form.delete')}
            icon="trash"
            iconOnly
            variant="secondary"
            onPress={() => setDeleting(true)}
          />
        </>
      }
    >
      <DeleteFormCheck id={check.id} open={deleting} onClose={() => setDeleting(false)} />
      {isWide ? (
        <Columns
          main={
            <>
              {player}
              {reps}
              {numbers}
              {training}
            </>
          }
          aside={
            <>
              <Verdict check={check} />
              <Advice check={check} />
              <FaultTable reps={analysis.reps} />
              <Certainty check={check} />
              {rest}
            </>
          }
        />
      ) : (
        <>
          {player}
          <Verdict check={check} />
          <Advice check={check} />
          {reps}
          <FaultTable reps={analysis.reps} />
          {numbers}
          <Certainty check={check} />
          {training}
          {rest}
        </>
      )}
    </Screen>
  );
}

function Verdict({ check }: { check: FormCheck }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  const { analysis } = check;
  const scores = analysis.reps.flatMap((rep) =>
    typeof rep.score === 'number' && rep.complete ? [rep.score] : [],
  );
  const score = scores.length > 0 ? scores.reduce((sum, value) => sum + value, 0) / scores.length : null;
  // Depth, lock-out and body line are what a push-up is judged by.
  const isOther = check.form_decision === 'correct' && check.exercise !== 'push_up';
  const but = check.form_decision === 'correct' ? prevailingFault(analysis.reps) : null;
  const seen = check.form_decision === 'correct' ? seenFaults(analysis) : [];
  const counted = judgedReps(analysis).filter(({ complete }) => complete).length;
  const head: { label: string; tone: Tone } =
    but !== null
      ? { label: words.correctBut(but), tone: 'warning' }
      : seen.length === 0
        ? { label: t(`form.decision.${check.form_decision}`), tone: decisionTones[check.form_decision] }
        : analysis.hold
          ? { label: t('form.decision.faulty'), tone: decisionTones.faulty }
          : { label: t('form.mostlyCorrect'), tone: 'neutral' };
  return (
    <Card testID="verdict">
      <Row justify="space-between" align="flex-start" gap="s" wrap>
        {analysis.gait ? (
          <Stat large label={t('gait.rate')} value={format.number(analysis.gait.step_rate_spm)} />
        ) : analysis.hold ? (
          <Stat large label={t('form.held')} value={format.clock(analysis.hold.held_s)} />
        ) : (
          <Stat
            large
            label={t('form.reps')}
            value={format.number(analysis.rep_count)}
            note={analysis.partial_count ? t('form.partial', { count: analysis.partial_count }) : undefined}
          />
        )}
        <Badge {...head} />
      </Row>
      {typeof analysis.revised_count === 'number' && analysis.revised_count !== analysis.rep_count ? (
        <Text variant="caption">{t('form.revised', { count: analysis.revised_count })}</Text>
      ) : null}
      <StatGrid>
        {[
          ...(analysis.gait || analysis.hold
            ? []
            : [
                <Stat
                  key="score"
                  label={t('form.score')}
                  value={score === null ? null : format.number(score)}
                  unit="/ 100"
                  missingLabel={t('state.missing')}
                />,
              ]),
          <Stat key="duration" label={t('field.time')} value={format.clock(check.duration_s)} />,
          <Stat
            key="view"
            label={t('form.viewLabel')}
            value={analysis.view ? words.view(analysis.view.name) : null}
            missingLabel={t('state.missing')}
          />,
        ]}
      </StatGrid>
      <Text variant="caption" tone="textSecondary">
        {seen.length === 0
          ? t(`form.decisionNote.${isOther ? 'correctOther' : check.form_decision}`)
          : analysis.hold
            ? t('form.decisionNote.faulty')
            : seen
                .map(({ code, faulty }) =>
                  t('form.faultyOf', {
                    faulty: format.number(faulty),
                    all: format.number(counted),
                    fault: words.fault(code),
                  }),
                )
                .join(' · ')}
      </Text>
    </Card>
  );
}

function Advice({ check }: { check: FormCheck }) {
  const { t } = useTranslation();
  const words = useFormWords();
  const { feedback, recommendations } = check.analysis;
  const drills = recommendationsOf(recommendations);
  const { faults } = check.analysis.form;
  // No praise of the whole set beside a fault in one of its repetitions; our own sentences are about push-ups.
  const isPraised = check.exercise === 'push_up' && check.form_decision === 'correct' && faults.length === 0;
  const slips = isPraised ? seenFaults(check.analysis) : [];
  const sentences =
    slips.length > 0 ? words.advice(slips.map(({ code }) => code)) : words.feedback(feedback, faults);
  if (sentences.length === 0 && drills.length === 0) return null;
  return (
    <Card title={t('form.feedback')}>
      {sentences.map(({ text, lang }) => (
        <Text key={text} lang={lang}>
          {text}
        </Text>
      ))}
      {drills.map((item) => (
        <Box key={item.fault} background="surfaceSunken" radius="m" padding="m" gap="xs">
          <Text variant="label" strong>
            {words.fault(item.fault)}
          </Text>
          {item.drill ? <Labelled label={t('form.drill')} text={item.drill} /> : null}
          {item.variant ? <Labelled label={t('form.variant')} text={item.variant} /> : null}
          {item.next_set ? <Labelled label={t('form.nextSet')} text={item.next_set} /> : null}
          <TakeIntoPlan checkId={check.id} fault={item.fault} />
        </Box>
      ))}
    </Card>
  );
}

function Labelled({ label, text }: { label: string; text: string }) {
  return (
    <Box>
      <Text variant="micro" tone="textSecondary">
        {label}
      </Text>
      <Text variant="caption">{text}</Text>
    </Box>
  );
}

function Certainty({ check }: { check: FormCheck }) {
  const { t } = useTranslation();
  const words = useFormWords();
  const { analysis } = check;
  const reasons = unseenReasons(analysis.hold ? [analysis.hold] : analysis.reps);
  const warnings = analysis.warnings.map(words.warning).filter((item) => item !== null);
  const pictures = usePictures(analysis.camera ?? null);
  if (reasons.length === 0 && warnings.length === 0) {
    return pictures === null ? null : (
      <Text variant="caption" tone="textSecondary">
        {pictures}
      </Text>
    );
  }
  return (
    <Banner tone="info" icon="question" title={t('form.unseenTitle')}>
      <Box gap="xs">
        {reasons.map((reason) => (
          <Text key={reason} variant="caption">
            {words.reason(reason)}
          </Text>
        ))}
        {warnings.map((warning) => (
          <Text key={warning.text} variant="caption" lang={warning.lang}>
            {warning.text}
          </Text>
        ))}
        {pictures === null ? null : <Text variant="caption">{pictures}</Text>}
      </Box>
    </Banner>
  );
}

/** Of a set before a camera: how many of its pictures were looked at, and where the longest gap was. */
function usePictures(camera: FormCheck['analysis']['camera']): string | null {
  const { t } = useTranslation();
  const format = useFormat();
  if (camera === null || camera === undefined) return null;
  const { frames, dropped, gaps } = camera;
  const counts = t('form.pictures', { looked: format.number(frames), passed: format.number(dropped) });
  const [gap] = gaps;
  if (gap === undefined) return counts;
  const length = format.number(gap.end_s - gap.start_s, 1);
  return `${counts} ${t('livePushUps.gap', { length, at: format.clock(gap.start_s) })}`;
}
