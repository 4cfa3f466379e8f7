import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { meQuery } from '@/api/queries';
import type { ThresholdProtocol, ThresholdTest } from '@/api/types';
import { Banner, Box, Button, DateField, Dialog, Row, Select, Text, TextField } from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import {
  type Cell,
  cellsOf,
  cellValue,
  emptyCells,
  isPastDay,
  protocolsOf,
  testDraft,
  testInputs,
  type TestedId,
  usable,
} from './entry';
import { DATE, thresholdText, usePutInUse, useRefresh } from './useThresholds';

/** A test that was done: which, when and what came out; then whether its result is to hold. */
export function TestDialog({ id, onClose }: { id: TestedId; onClose: () => void }) {
  const { t } = useTranslation();
  const [done, setDone] = useState<ThresholdTest | null>(null);
  return (
    <Dialog
      title={
        done ? t('thresholds.testKept') : t('thresholds.testTitle', { name: t(`thresholds.quantity.${id}`) })
      }
      open
      onClose={onClose}
    >
      {done ? <Result test={done} onClose={onClose} /> : <Form id={id} onDone={setDone} onClose={onClose} />}
    </Dialog>
  );
}

function Form({
  id,
  onDone,
  onClose,
}: {
  id: TestedId;
  onDone: (test: ThresholdTest) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const refresh = useRefresh();
  const { data: athlete } = useQuery({ ...meQuery(), enabled: false });
  const units = athlete?.units ?? 'metric';
  const today = format.today();
  const draft = useDraft(testDraft(id), { ...emptyCells(id), protocol: protocolsOf[id][0], day: today });
  const typed: Readonly<Record<string, string>> = draft.values;
  const { protocol: chosen, day } = draft.values;
  const protocol = protocolsOf[id].find((one) => one === chosen) ?? protocolsOf[id][0];
  const [tried, setTried] = useState(false);
  const send = useMutation({
    mutationFn: (inputs: Record<string, number | number[]>) =>
      answer(
        api().POST('/api/v1/athletes/me/threshold-tests', {
          body: { protocol, measured_on: day, inputs },
        }),
      ),
    onSuccess: async (test) => {
      draft.handOver();
      await refresh();
      onDone(test);
    },
  });
  const isDay = isPastDay(day, today);
  const submit = () => {
    setTried(true);
    const inputs = testInputs(protocol, typed, units);
    if (inputs !== null && isDay && !send.isPending) send.mutate(inputs);
  };
  const choose = (next: ThresholdProtocol) => {
    draft.change({ ...emptyCells(id), protocol: next });
    setTried(false);
    send.reset();
  };
  return (
    <Box gap="l">
      {send.error ? (
        <Banner tone="danger" urgent title={errorText(send.error).message}>
          {errorText(send.error).remedy ?? undefined}
        </Banner>
      ) : null}
      <UnsavedLine draft={draft} />
      <Select<ThresholdProtocol>
        label={t('thresholds.test')}
        hint={t(`thresholds.howTo.${protocol}`)}
        value={protocol}
        onChange={choose}
        options={protocolsOf[id].map((value) => ({ value, label: t(`thresholds.protocol.${value}`) }))}
      />
      <DateField
        label={t('thresholds.testDay')}
        value={day}
        error={isDay ? null : t('wellness.dayWrong')}
        onChange={(next) => draft.change({ day: next })}
      />
      <Row wrap gap="m" align="flex-start">
        {cellsOf(protocol).map((cell) => (
          <Input
            key={cell.key}
            cell={cell}
            text={typed[cell.key] ?? ''}
            wrong={tried && cellValue(cell.kind, typed[cell.key] ?? '', units) === null}
            isMetric={units === 'metric'}
            onChange={(text) => draft.change({ [cell.key]: text })}
          />
        ))}
      </Row>
      <Row gap="s" justify="flex-end">
        <Button
          label={t('action.cancel')}
          variant="quiet"
          onPress={() => {
            draft.forget();
            onClose();
          }}
        />
        <Button label={t('action.save')} busy={send.isPending} onPress={submit} />
      </Row>
    </Box>
  );
}

function Input({
  cell,
  text,
  wrong,
  isMetric,
  onChange,
}: {
  cell: Cell;
  text: string;
  wrong: boolean;
  isMetric: boolean;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const swum = cell.name === 't400_s' || cell.name === 't200_s' ? cell.name : null;
  const label = swum ? t(`thresholds.input.${swum}`) : t(`thresholds.input.${cell.kind}`);
  const isClock = cell.kind === 'time' || cell.kind === 'pace';
  const suffix = () => {
    switch (cell.kind) {
      case 'power':
        return t('unit.w');
      case 'beats':
        return t('unit.bpm');
      case 'distance':
        return t(isMetric ? 'unit.km' : 'unit.mi');
      case 'pace':
        return t(isMetric ? 'unit.min_km' : 'unit.min_mi');
      default:
        return undefined;
    }
  };
  return (
    <Box style={{ flexGrow: 1, flexBasis: '40%', minWidth: 0 }}>
      <TextField
        label={cell.effort === null ? label : t('thresholds.effort', { number: cell.effort, what: label })}
        value={text}
        suffix={suffix()}
        inputMode={isClock ? 'text' : 'decimal'}
        placeholder={cell.kind === 'time' ? t('thresholds.timeExample') : undefined}
        error={wrong ? t(isClock ? 'thresholds.timeWrong' : 'thresholds.numberWrong') : null}
        onChangeText={onChange}
      />
    </Box>
  );
}

function Result({ test, onClose }: { test: ThresholdTest; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const use = usePutInUse(onClose);
  const value = usable(test.quantity, test.value);
  return (
    <Box gap="l">
      {use.error ? <Banner tone="danger" urgent title={errorText(use.error).message} /> : null}
      <Text>
        {t('thresholds.testSays', {
          value: thresholdText(format, test.quantity, value),
          error: format.number(100 * test.sd_frac, 1),
        })}
      </Text>
      <Text tone="textSecondary">{t('thresholds.useFrom', { day: format.day(test.measured_on, DATE) })}</Text>
      <Row gap="s" justify="flex-end" wrap>
        <Button label={t('thresholds.onlyKeep')} variant="quiet" onPress={onClose} />
        <Button
          label={t('thresholds.use')}
          busy={use.isPending}
          onPress={() => use.mutate({ id: test.quantity, from: test.measured_on, value, origin: 'test' })}
        />
      </Row>
    </Box>
  );
}
