import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { jobsQuery } from '@/api/queries';
import type { FileOutcome, Job } from '@/api/types';
import { Badge, Box, Button, Card, Icon, ProgressBar, Row, Text, type Tone } from '@/design';
import { useErrorText, useServerWords } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import { useStreamState } from '@/realtime/useLiveUpdates';

import { dismissJobs, useDismissedJobs } from './dismissed';
import { hasImported, hasProblem, isOpen, problemsFirst, visibleJobs } from './selection';
import { isWaiting, type UploadEntry } from './uploadLine';
import { uploads, useUploads } from './uploads';

const POLL_MS = 2000;
const SHOWN_FILES = 6;
const SHOWN_ENDINGS = 6;
const SHOWN_FINISHED = 3;
const MINUTE_MS = 60_000;

/** Work in progress: files being sent, jobs on the server with their progress, and what became of them. */
export function JobList({ kinds }: { kinds?: readonly Job['kind'][] }) {
  const { t } = useTranslation();
  const stream = useStreamState();
  const dismissed = useDismissedJobs();
  const now = useMinutes();
  const onTheirWay = useUploads();
  const jobs = useQuery({
    ...jobsQuery(),
    // The event stream brings progress; while it is down we ask.
    refetchInterval: (query) => (stream !== 'live' && query.state.data?.items.some(isOpen) ? POLL_MS : false),
  });
  const shown = visibleJobs(jobs.data?.items ?? [], { now, dismissed, kinds });
  const sending = onTheirWay.filter(
    (entry) => !kinds || kinds.includes(entry.kind === 'activity' ? 'activity_import' : 'form_check'),
  );
  if (shown.length === 0 && sending.length === 0) return null;
  const waiting = sending.filter(isWaiting);
  const refused = sending.filter((entry) => entry.error !== null && !isWaiting(entry));
  const underway = sending.filter((entry) => entry.error === null);
  const running = shown.filter(isOpen);
  const finished = problemsFirst(shown.filter((job) => !isOpen(job)));
  return (
    <Box gap="m" testID="jobs">
      {underway.length > 0 || running.length > 0 ? (
        <Card title={t('jobs.title')}>
          <Box gap="m" aria-live="polite">
            {underway.map((entry) => (
              <UploadRow key={entry.id} entry={entry} />
            ))}
            {running.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </Box>
        </Card>
      ) : null}
      {waiting.length > 0 ? <Waiting entries={waiting} /> : null}
      {refused.length > 0 || finished.length > 0 ? <Finished refused={refused} jobs={finished} /> : null}
    </Box>
  );
}

/** The time, anew every minute, so that what has ended goes from a page that stays open. */
function useMinutes(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Files that the server does not have yet, for no fault of theirs. */
function Waiting({ entries }: { entries: readonly UploadEntry[] }) {
  const { t } = useTranslation();
  const areKept = entries.every(({ isKept }) => isKept);
  return (
    <Card
      title={t('jobs.titleWaiting', { count: entries.length })}
      caption={t(areKept ? 'jobs.keptHere' : 'jobs.notKept')}
      action={
        <Button
          label={t('jobs.sendAgain')}
          variant="secondary"
          small
          onPress={() => void uploads.sendWaiting()}
        />
      }
    >
      <Box gap="m" role="list" aria-label={t('jobs.waitingList')}>
        {entries.map((entry) => (
          <Row key={entry.id} justify="space-between" gap="s" role="listitem">
            <FileName entry={entry} />
            <CancelButton entry={entry} />
          </Row>
        ))}
      </Box>
    </Card>
  );
}

function FileName({ entry: { file, isKept } }: { entry: UploadEntry }) {
  const { t } = useTranslation();
  return (
    <Box shrink gap="xxs">
      <Text variant="label" numberOfLines={1}>
        {file.name}
      </Text>
      {isKept ? null : (
        <Text variant="caption" tone="warningText">
          {t('jobs.onlyHere')}
        </Text>
      )}
    </Box>
  );
}

function CancelButton({ entry }: { entry: UploadEntry }) {
  const { t } = useTranslation();
  return (
    <Button
      label={t('action.cancel')}
      accessibilityLabel={t('jobs.cancelNamed', { name: entry.file.name })}
      icon="close"
      iconOnly
      small
      variant="quiet"
      onPress={() => void uploads.cancel(entry.id)}
    />
  );
}

/** What has ended: first what the server refused, then what failed, then the newest jobs. */
function Finished({ refused, jobs }: { refused: readonly UploadEntry[]; jobs: readonly Job[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all ? jobs : jobs.slice(0, SHOWN_FINISHED);
  const imported = jobs.flatMap(filesOf);
  return (
    <Card
      title={t('jobs.titleDone')}
      action={
        <Button
          label={t('jobs.clear')}
          variant="quiet"
          small
          onPress={() => {
            refused.forEach((entry) => void uploads.cancel(entry.id));
            dismissJobs(jobs.map((job) => job.id));
          }}
        />
      }
    >
      <Box gap="m" aria-live="polite">
        {jobs.filter((job) => filesOf(job).length > 0).length > 1 ? <Counts files={imported} /> : null}
        {refused.map((entry) => (
          <RefusedRow key={entry.id} entry={entry} />
        ))}
        {shown.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
        {jobs.length > shown.length ? (
          <Button
            label={t('table.showAll', { count: jobs.length })}
            variant="quiet"
            small
            flush="start"
            onPress={() => setAll(true)}
          />
        ) : null}
        {hasImported(jobs) ? (
          <Text variant="caption" tone="textSecondary">
            {t('jobs.afterImport')}
          </Text>
        ) : null}
      </Box>
    </Card>
  );
}

function filesOf({ result }: Job): readonly FileOutcome[] {
  return result !== null && 'files' in result ? result.files : [];
}

function UploadRow({ entry }: { entry: UploadEntry }) {
  const { t } = useTranslation();
  return (
    <Box gap="xs">
      <Row justify="space-between" gap="s">
        <FileName entry={entry} />
        <Row gap="s">
          <Text variant="caption" tone="textSecondary">
            {t('jobs.sending')}
          </Text>
          <CancelButton entry={entry} />
        </Row>
      </Row>
      <ProgressBar label={t('jobs.progressOf', { name: entry.file.name })} value={entry.sent} />
    </Box>
  );
}

function RefusedRow({ entry }: { entry: UploadEntry }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { name } = entry.file;
  return (
    <Box gap="xs">
      <Row justify="space-between" gap="s">
        <Text variant="label" numberOfLines={1} shrink>
          {name}
        </Text>
        <Row gap="s">
          <Button
            label={t('error.retry')}
            accessibilityLabel={t('jobs.retryNamed', { name })}
            small
            variant="quiet"
            onPress={() => void uploads.retry(entry.id)}
          />
          <Button
            label={t('jobs.dismiss')}
            accessibilityLabel={t('jobs.dismissNamed', { name })}
            icon="close"
            iconOnly
            small
            variant="quiet"
            onPress={() => void uploads.cancel(entry.id)}
          />
        </Row>
      </Row>
      <Problem {...errorText(entry.error)} />
    </Box>
  );
}

function JobRow({ job }: { job: Job }) {
  const { t, i18n } = useTranslation();
  const serverWords = useServerWords();
  const name = job.file_name ?? t(`jobs.kind.${job.kind}`);
  const stageKey = `jobs.stage.${job.stage ?? ''}`;
  const stage = job.stage === null ? null : i18n.exists(stageKey) ? t(stageKey as 'jobs.title') : job.stage;
  return (
    <Box gap="xs" testID={`job-${job.state}`}>
      <Row justify="space-between" gap="s">
        <Text variant="label" numberOfLines={1} shrink>
          {name}
        </Text>
        {isOpen(job) ? (
          <Text variant="caption" tone="textSecondary">
            {job.state === 'queued'
              ? t('jobs.queued')
              : t('jobs.stagePercent', {
                  stage: stage ?? t('jobs.running'),
                  percent: Math.floor(job.progress * 100),
                })}
          </Text>
        ) : hasProblem(job) ? (
          <Button
            label={t('jobs.dismiss')}
            accessibilityLabel={t('jobs.dismissNamed', { name })}
            icon="close"
            iconOnly
            small
            variant="quiet"
            onPress={() => dismissJobs([job.id])}
          />
        ) : null}
      </Row>
      {isOpen(job) ? (
        <ProgressBar
          label={t('jobs.progressOf', { name })}
          value={job.state === 'queued' ? 0 : job.progress}
        />
      ) : null}
      {job.state === 'failed' ? (
        <Problem
          {...serverWords(
            job.error?.code ?? '',
            job.error?.message ?? t('error.unexpected'),
            job.error?.remedy ?? null,
          )}
        />
      ) : null}
      {job.state === 'succeeded' ? <Result job={job} /> : null}
    </Box>
  );
}

function Problem({ message, remedy }: { message: string; remedy: string | null }) {
  return (
    <Row background="dangerSoft" radius="m" padding="s" gap="s" align="flex-start" role="alert">
      <Icon name="alert" tone="dangerText" />
      <Box shrink gap="xxs">
        <Text variant="caption">{message}</Text>
        {remedy ? <Text variant="caption">{remedy}</Text> : null}
      </Box>
    </Row>
  );
}

function Result({ job }: { job: Job }) {
  const { t } = useTranslation();
  const { result } = job;
  if (result === null) return <Badge label={t('jobs.done')} tone="success" icon="check" />;
  if ('form_check_id' in result) {
    return (
      <Button
        href={`/form-checks/${result.form_check_id}`}
        label={t('jobs.openFormCheck')}
        icon="form"
        variant="secondary"
        small
      />
    );
  }
  if ('plan_id' in result) {
    return <Button href="/plan" label={t('jobs.openPlan')} icon="plan" variant="secondary" small />;
  }
  if ('files' in result) return <ImportedFiles files={result.files} skipped={result.skipped ?? {}} />;
  return <Badge label={t('jobs.done')} tone="success" icon="check" />;
}

const outcomeTones: Record<FileOutcome['outcome'], Tone> = {
  imported: 'success',
  merged: 'info',
  duplicate: 'neutral',
  rejected: 'danger',
};

const OUTCOMES = ['imported', 'merged', 'duplicate', 'rejected'] as const;

type ImportedFilesProps = { files: readonly FileOutcome[]; skipped: Readonly<Record<string, number>> };

/** How many files there were, and what became of how many. */
function Counts({ files }: { files: readonly FileOutcome[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Row gap="s" wrap>
      <Text variant="label">{t('jobs.files', { count: files.length })}</Text>
      {OUTCOMES.map((outcome) => {
        const count = files.filter((file) => file.outcome === outcome).length;
        return count === 0 ? null : (
          <Badge
            key={outcome}
            label={`${format.number(count)} ${t(`jobs.outcome.${outcome}`)}`}
            tone={outcomeTones[outcome]}
          />
        );
      })}
    </Row>
  );
}

function ImportedFiles({ files, skipped }: ImportedFilesProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [only] = files;
  if (files.length === 1 && only) {
    return (
      <Box gap="s">
        <ImportedFile file={only} />
        <WhatMergedMeans files={files} />
        <SkippedFiles skipped={skipped} />
      </Box>
    );
  }
  return (
    <Box gap="s">
      <Counts files={files} />
      <WhatMergedMeans files={files} />
      <SkippedFiles skipped={skipped} />
      {open ? <FileList files={files} /> : null}
      <Button
        label={t(open ? 'jobs.hideDetails' : 'jobs.details')}
        variant="quiet"
        small
        flush="start"
        onPress={() => setOpen(!open)}
      />
    </Box>
  );
}

function WhatMergedMeans({ files }: { files: readonly FileOutcome[] }) {
  const { t } = useTranslation();
  return files.some((file) => file.outcome === 'merged') ? (
    <Text variant="caption" tone="textSecondary">
      {t('jobs.mergedHint')}
    </Text>
  ) : null;
}

/** How many members of an archive hold nothing that is imported, by their endings. */
function SkippedFiles({ skipped }: { skipped: Readonly<Record<string, number>> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const endings = Object.entries(skipped).sort(([, a], [, b]) => b - a);
  const count = endings.reduce((sum, [, files]) => sum + files, 0);
  if (count === 0) return null;
  const named = endings
    .slice(0, SHOWN_ENDINGS)
    .map(([ending, files]) => `${format.number(files)} ${ending || t('jobs.noEnding')}`);
  if (endings.length > named.length) named.push('…');
  return (
    <Text variant="caption" tone="textSecondary">
      {t('jobs.skipped', { count, endings: named.join(', ') })}
    </Text>
  );
}

/** Rejected ones first: they are why somebody looks. */
function FileList({ files }: { files: readonly FileOutcome[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const ordered = [...files].sort(
    (a, b) => Number(b.outcome === 'rejected') - Number(a.outcome === 'rejected'),
  );
  const shown = all ? ordered : ordered.slice(0, SHOWN_FILES);
  return (
    <Box gap="s">
      {shown.map((file) => (
        <ImportedFile key={file.name} file={file} named />
      ))}
      {files.length > shown.length ? (
        <Button
          label={t('jobs.showAll', { count: files.length })}
          variant="quiet"
          small
          flush="start"
          onPress={() => setAll(true)}
        />
      ) : null}
    </Box>
  );
}

function ImportedFile({ file, named }: { file: FileOutcome; named?: boolean }) {
  const { t } = useTranslation();
  const serverWords = useServerWords();
  const first = file.activity_ids[0];
  const { message, remedy } = serverWords(file.code ?? '', file.message ?? '', file.remedy ?? null);
  return (
    <Box gap="xxs">
      <Row gap="s" wrap>
        <Box alignSelf="center">
          <Badge label={t(`jobs.outcome.${file.outcome}`)} tone={outcomeTones[file.outcome]} />
        </Box>
        {named ? (
          <Text variant="caption" numberOfLines={1} shrink>
            {file.name}
          </Text>
        ) : null}
        {first ? (
          <Button
            href={`/activities/${first}`}
            label={t('jobs.openActivity')}
            accessibilityLabel={t('jobs.openActivityNamed', { name: file.name })}
            variant="quiet"
            small
          />
        ) : null}
      </Row>
      {file.daily_values ? (
        <Button
          href="/body"
          label={t('jobs.dailyValues', { count: file.daily_values })}
          variant="quiet"
          small
          flush="start"
        />
      ) : null}
      {file.outcome === 'rejected' && message ? <Problem message={message} remedy={remedy} /> : null}
    </Box>
  );
}
