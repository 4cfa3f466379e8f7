import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { healthReportsQuery, keys } from '@/api/queries';
import type { EnergySign, HealthReport, NewHealthReport } from '@/api/types';
import { Banner, Box, Button, Checkbox, Dialog, Row, Select, Text, TextField } from '@/design';
import { ConsentGate } from '@/features/consents/ConsentGate';
import { useDraft } from '@/features/shell/drafts';
import { DraftWaits, UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

const SIGNS: readonly EnergySign[] = ['missed_periods', 'repeated_bone_stress', 'rapid_weight_loss'];
const LEVELS = Array.from({ length: 11 }, (_, level) => String(level));
const YES = 'yes';
const NO_PAIN = { site: '', level: '4', moves: '', night: '', bone: '' };
const PAIN_DRAFT = 'pain';

/** Pain at one place and signs of too little energy: asked for, shown for four weeks, and taken back. */
export function HealthReports() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const reports = useQuery(healthReportsQuery());
  const [asking, setAsking] = useState<'pain' | 'energy' | null>(null);
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.readiness });
    void client.invalidateQueries({ queryKey: keys.plan });
  };
  const remove = useMutation({
    mutationFn: (report_id: string) =>
      answer(api().DELETE('/api/v1/readiness/reports/{report_id}', { params: { path: { report_id } } })),
    onSuccess: refresh,
  });
  const words = (report: HealthReport) =>
    report.pain === null
      ? report.energy_signs.map((sign) => t(`loadWarning.sign.${sign}`)).join(', ')
      : t('healthReport.painAt', { site: report.pain.site, level: format.number(report.pain.level) });
  const told = reports.data?.items ?? [];
  return (
    <Box gap="s">
      <Row gap="s" wrap>
        <Button
          label={t('healthReport.pain')}
          variant="quiet"
          small
          flush="start"
          onPress={() => setAsking('pain')}
        />
        <Button
          label={t('healthReport.energy')}
          variant="quiet"
          small
          flush="start"
          onPress={() => setAsking('energy')}
        />
      </Row>
      <DraftWaits names={[PAIN_DRAFT]} again={asking} />
      {remove.error ? <Banner tone="danger" urgent title={errorText(remove.error).message} /> : null}
      {told.length > 0 ? (
        <Box gap="xs" role="list" aria-label={t('healthReport.told')}>
          {told.map((report) => (
            <Row key={report.id} role="listitem" gap="m" justify="space-between">
              <Text variant="caption" shrink>
                {`${format.day(report.date, { day: 'numeric', month: 'short' })}: ${words(report)}`}
              </Text>
              <Button
                label={t('healthReport.takeBack')}
                accessibilityLabel={`${t('healthReport.takeBack')}: ${words(report)}`}
                variant="quiet"
                small
                flush="end"
                onPress={() => remove.mutate(report.id)}
              />
            </Row>
          ))}
        </Box>
      ) : null}
      {asking === null ? null : (
        <ConsentGate purposes={['body_and_wellness']} level={3}>
          {asking === 'pain' ? (
            <PainDialog onClose={() => setAsking(null)} onDone={refresh} />
          ) : (
            <EnergyDialog onClose={() => setAsking(null)} onDone={refresh} />
          )}
        </ConsentGate>
      )}
    </Box>
  );
}

function useReport(onDone: () => void, onClose: () => void) {
  return useMutation({
    mutationFn: (report: NewHealthReport) =>
      answer(api().POST('/api/v1/readiness/reports', { body: report })),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
}

function PainDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const draft = useDraft(PAIN_DRAFT, NO_PAIN);
  const leave = () => {
    draft.forget();
    onClose();
  };
  const report = useReport(onDone, leave);
  const pain = draft.values;
  const site = pain.site.trim();
  return (
    <Dialog title={t('healthReport.painTitle')} open onClose={onClose}>
      <Box gap="l">
        {report.error ? <Banner tone="danger" urgent title={errorText(report.error).message} /> : null}
        <UnsavedLine draft={draft} />
        <TextField
          label={t('healthReport.site')}
          hint={t('healthReport.siteHint')}
          value={pain.site}
          maxLength={80}
          onChangeText={(next) => draft.change({ site: next })}
        />
        <Select
          label={t('healthReport.level')}
          hint={t('healthReport.levelHint')}
          value={pain.level}
          onChange={(level) => draft.change({ level })}
          options={LEVELS.map((value) => ({ value, label: value }))}
        />
        <Box role="group" aria-label={t('healthReport.more')}>
          <Checkbox
            label={t('healthReport.moves')}
            checked={pain.moves === YES}
            onChange={(on) => draft.change({ moves: on ? YES : '' })}
          />
          <Checkbox
            label={t('healthReport.night')}
            checked={pain.night === YES}
            onChange={(on) => draft.change({ night: on ? YES : '' })}
          />
          <Checkbox
            label={t('healthReport.bone')}
            checked={pain.bone === YES}
            onChange={(on) => draft.change({ bone: on ? YES : '' })}
          />
        </Box>
        <Text variant="caption" tone="textSecondary">
          {t('healthReport.limits')}
        </Text>
        <Buttons
          disabled={site === ''}
          busy={report.isPending}
          onClose={leave}
          onSave={() =>
            report.mutate({
              energy_signs: [],
              pain: {
                site,
                level: Number(pain.level),
                changes_movement: pain.moves === YES,
                is_at_night: pain.night === YES,
                is_on_bone: pain.bone === YES,
              },
            })
          }
        />
      </Box>
    </Dialog>
  );
}

function EnergyDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const report = useReport(onDone, onClose);
  const [chosen, setChosen] = useState<readonly EnergySign[]>([]);
  return (
    <Dialog title={t('healthReport.energyTitle')} open onClose={onClose}>
      <Box gap="l">
        {report.error ? <Banner tone="danger" urgent title={errorText(report.error).message} /> : null}
        <Text>{t('healthReport.energyBody')}</Text>
        <Box role="group" aria-label={t('healthReport.energyTitle')}>
          {SIGNS.map((sign) => (
            <Checkbox
              key={sign}
              label={t(`healthReport.sign.${sign}`)}
              checked={chosen.includes(sign)}
              onChange={(checked) =>
                setChosen(checked ? [...chosen, sign] : chosen.filter((one) => one !== sign))
              }
            />
          ))}
        </Box>
        <Text variant="caption" tone="textSecondary">
          {t('healthReport.limits')}
        </Text>
        <Buttons
          disabled={chosen.length === 0}
          busy={report.isPending}
          onClose={onClose}
          onSave={() => report.mutate({ energy_signs: [...chosen] })}
        />
      </Box>
    </Dialog>
  );
}

function Buttons({
  disabled,
  busy,
  onClose,
  onSave,
}: {
  disabled: boolean;
  busy: boolean;
  onClose: () => void;
  onSave: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Row gap="s" justify="flex-end">
      <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
      <Button label={t('action.save')} disabled={disabled} busy={busy} onPress={onSave} />
    </Row>
  );
}
