import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Card, Checkbox, Columns, Row, Screen, SegmentedControl, Select, Text } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { type Group, GROUPS, minuteChoices, timeOfDay, withKind } from './noticeParts';
import {
  type NoticeSettings,
  noticeSettingsQuery,
  saveNoticeSettings,
  useNoticeChange,
} from './noticeQueries';
import { PushCard } from './PushCard';

const QUIET = { from_min: 22 * 60, to_min: 7 * 60 };
const REMINDER_MIN = 7 * 60;
const DIGEST_MIN = 18 * 60;

/** What one is told of, when, and on which devices. */
export function NoticeSettingsScreen() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const settings = useQuery(noticeSettingsQuery());
  const save = useNoticeChange(saveNoticeSettings);
  return (
    <Screen
      title={t('notices.settings')}
      subtitle={t('notices.settingsSubtitle')}
      back={{ href: '/notices', label: t('notices.title') }}
    >
      {save.error ? <Banner tone="danger" urgent title={errorText(save.error).message} /> : null}
      <QueryState query={settings} skeleton={{ count: 3, height: 160 }}>
        {(stored) => {
          // What was chosen a moment ago stands until the server has said what it stored.
          const shown = save.isPending ? save.variables : stored;
          return (
            <Columns
              main={<Kinds settings={shown} onChange={save.mutate} />}
              aside={
                <>
                  <PushCard settings={shown} onChange={save.mutate} />
                  <Times settings={shown} onChange={save.mutate} />
                </>
              }
            />
          );
        }}
      </QueryState>
    </Screen>
  );
}

type Part = { settings: NoticeSettings; onChange: (settings: NoticeSettings) => void };

function Kinds({ settings, onChange }: Part) {
  const { t } = useTranslation();
  return (
    <Card title={t('notices.kindsTitle')} caption={t('notices.kindsCaption')}>
      {(Object.keys(GROUPS) as Group[]).map((group) => (
        <Box key={group} gap="xs" role="group" aria-label={t(`notices.group.${group}`)}>
          <Text variant="label" tone="textSecondary" level={3}>
            {t(`notices.group.${group}`)}
          </Text>
          {GROUPS[group].map((kind) => (
            <Checkbox
              key={kind}
              label={t(`notices.kind.${kind}`)}
              checked={!(settings.off ?? []).includes(kind)}
              onChange={(isOn) => onChange(withKind(settings, kind, isOn))}
            />
          ))}
          {group === 'training' ? <Reminder settings={settings} onChange={onChange} /> : null}
        </Box>
      ))}
    </Card>
  );
}

function Reminder({ settings, onChange }: Part) {
  const { t } = useTranslation();
  const minute = settings.reminder_min ?? null;
  return (
    <Box gap="s">
      <Checkbox
        label={t('notices.kind.session_reminder')}
        checked={minute !== null}
        onChange={(isOn) =>
          onChange({
            ...withKind(settings, 'session_reminder', true),
            reminder_min: isOn ? REMINDER_MIN : null,
          })
        }
      />
      {minute === null ? null : (
        <TimeSelect
          label={t('notices.reminderAt')}
          minute={minute}
          onChange={(reminder_min) => onChange({ ...settings, reminder_min })}
        />
      )}
      <Text variant="caption" tone="textSecondary">
        {t('notices.reminderCaption')}
      </Text>
    </Box>
  );
}

function Times({ settings, onChange }: Part) {
  const { t } = useTranslation();
  const quiet = settings.quiet_hours ?? null;
  return (
    <Card title={t('notices.timesTitle')} caption={t('notices.timesCaption')}>
      <Checkbox
        label={t('notices.quiet')}
        checked={quiet !== null}
        onChange={(isOn) => onChange({ ...settings, quiet_hours: isOn ? QUIET : null })}
      />
      {quiet === null ? null : (
        <Row gap="m" wrap>
          <TimeSelect
            label={t('notices.quietFrom')}
            minute={quiet.from_min}
            not={quiet.to_min}
            onChange={(from_min) => onChange({ ...settings, quiet_hours: { ...quiet, from_min } })}
          />
          <TimeSelect
            label={t('notices.quietTo')}
            minute={quiet.to_min}
            not={quiet.from_min}
            onChange={(to_min) => onChange({ ...settings, quiet_hours: { ...quiet, to_min } })}
          />
        </Row>
      )}
      <SegmentedControl
        label={t('notices.digest')}
        value={settings.digest ?? 'at_once'}
        onChange={(digest) => onChange({ ...settings, digest })}
        options={[
          { value: 'at_once', label: t('notices.atOnce') },
          { value: 'daily', label: t('notices.daily') },
        ]}
      />
      {settings.digest === 'daily' ? (
        <TimeSelect
          label={t('notices.digestAt')}
          minute={settings.digest_min ?? DIGEST_MIN}
          onChange={(digest_min) => onChange({ ...settings, digest_min })}
        />
      ) : null}
    </Card>
  );
}

function TimeSelect({
  label,
  minute,
  not,
  onChange,
}: {
  label: string;
  minute: number;
  /** A time that makes no sense here. */
  not?: number;
  onChange: (minute: number) => void;
}) {
  const { language } = useFormat();
  return (
    <Select
      label={label}
      value={String(minute)}
      options={minuteChoices(minute)
        .filter((one) => one !== not)
        .map((one) => ({ value: String(one), label: timeOfDay(one, language) }))}
      onChange={(chosen) => onChange(Number(chosen))}
    />
  );
}
