import { useTranslation } from 'react-i18next';

import type { Athlete } from '@/api/types';
import { Banner, Box, Button, Card, SegmentedControl, Text } from '@/design';
import { ConsentChoices } from '@/features/consents/ConsentChoices';
import { healthPurposes, useRefuseRest } from '@/features/consents/consents';
import { MODEL_CONSENT } from '@/features/formChecks/formQueries';
import { JobList } from '@/features/jobs/JobList';
import { UploadArea } from '@/features/jobs/UploadArea';
import { AimFields } from '@/features/profile/AimFields';
import { BirthDateField } from '@/features/profile/BirthDateField';
import { RegionFields } from '@/features/profile/RegionFields';
import { useChangeMe } from '@/features/profile/useChangeMe';
import { useErrorText } from '@/features/shell/useErrorText';

type Change = ReturnType<typeof useChangeMe>;

function Unsaved({ change }: { change: Change }) {
  const errorText = useErrorText();
  return change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null;
}

export function AimStep({ athlete }: { athlete: Athlete }) {
  const change = useChangeMe();
  return (
    <Card>
      <Unsaved change={change} />
      <AimFields athlete={athlete} onChange={change.mutate} />
    </Card>
  );
}

/** Units, language and time zone are those of the device until somebody says otherwise. */
export function YouStep({ athlete }: { athlete: Athlete }) {
  const { t } = useTranslation();
  const change = useChangeMe();
  return (
    <Card>
      <Unsaved change={change} />
      <BirthDateField athlete={athlete} />
      <Box gap="xs">
        <Text variant="label">{t('profile.sex')}</Text>
        <SegmentedControl
          label={t('profile.sex')}
          value={athlete.sex ?? 'unknown'}
          onChange={(sex) => change.mutate({ sex: sex === 'unknown' ? null : sex })}
          options={[
            { value: 'f', label: t('profile.female') },
            { value: 'm', label: t('profile.male') },
            { value: 'unknown', label: t('welcome.notSaid') },
          ]}
        />
        <Text variant="caption" tone="textSecondary">
          {t('profile.sexHint')}
        </Text>
      </Box>
      <RegionFields athlete={athlete} onChange={change.mutate} />
      <Text variant="caption" tone="textSecondary">
        {t('welcome.guessed')}
      </Text>
    </Card>
  );
}

const askedFor = [...healthPurposes, MODEL_CONSENT] as const;

/** Going on from the boxes: what was left out is a no, and the server has it before the next step is shown. */
export function useConsentStep() {
  return useRefuseRest(askedFor);
}

export function ConsentStep({ refusal }: { refusal: ReturnType<typeof useConsentStep> }) {
  const errorText = useErrorText();
  return (
    <Card>
      {refusal.error ? <Banner tone="danger" urgent title={errorText(refusal.error).message} /> : null}
      <ConsentChoices purposes={askedFor} />
    </Card>
  );
}

/** Files now, a service, or nothing yet. */
export function HistoryStep() {
  const { t } = useTranslation();
  return (
    <>
      <UploadArea takes="activity" />
      <JobList kinds={['activity_import']} />
      <Card title={t('welcome.serviceTitle')} caption={t('welcome.serviceCaption')}>
        <Button
          href="/devices?from=welcome"
          label={t('welcome.service')}
          icon="devices"
          variant="secondary"
        />
      </Card>
      <Text variant="caption" tone="textSecondary">
        {t('welcome.historyLater')}
      </Text>
    </>
  );
}
