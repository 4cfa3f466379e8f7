import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { meQuery } from '@/api/queries';
import {
  Badge,
  Banner,
  Box,
  Button,
  Card,
  Checkbox,
  type Column,
  Row,
  Stat,
  StatGrid,
  Table,
  Text,
} from '@/design';
import { ConsentGate } from '@/features/consents/ConsentGate';
import { useFormWords } from '@/features/formChecks/useFormWords';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import type { JudgedRep } from '@/live/types';

import { sparsity } from './cameraRecord';
import type { Recording } from './coach';
import { lastsS } from './gaps';
import { saveSet, type Saved } from './saving';

type Saving = { kind: 'no' } | { kind: 'now' } | { kind: 'failed'; error: unknown } | Saved;

/** What came of the set, and keeping it. */
export function SetDone({ recording, onAgain }: { recording: Recording; onAgain: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  const columns: Column<JudgedRep>[] = [
    {
      id: 'index',
      title: t('livePushUps.rep'),
      cell: (rep) => <Text>{format.number(rep.index)}</Text>,
      numeric: true,
    },
    {
      id: 'elbow',
      title: t('livePushUps.elbow'),
      cell: (rep) => (
        <Text>
          {rep.minElbowDeg === null ? t('livePushUps.unseen') : degrees(format.number(rep.minElbowDeg))}
        </Text>
      ),
      numeric: true,
    },
    {
      id: 'faults',
      title: t('livePushUps.seen'),
      grow: 3,
      cell: (rep) => {
        const found = rep.findings.filter(({ decision }) => decision === 'fault');
        const seen = found.map(({ code }) => words.fault(code)).join(', ') || t('livePushUps.clean');
        return <Text>{rep.complete ? seen : t('livePushUps.partial')}</Text>;
      },
    },
  ];
  return (
    <Box gap="l">
      <Card title={t('livePushUps.summary')}>
        <StatGrid>
          <Stat label={t('livePushUps.repetitions')} value={format.number(recording.count)} />
          <Stat
            label={t('livePushUps.partials')}
            value={format.number(recording.reps.length - recording.count)}
          />
          <Stat label={t('livePushUps.duration')} value={format.clock(recording.durationS)} />
        </StatGrid>
        {recording.reps.length > 0 ? (
          <Table
            label={t('livePushUps.summary')}
            columns={columns}
            items={recording.reps}
            keyOf={(rep) => String(rep.startS)}
          />
        ) : (
          <Text tone="textSecondary">{t('livePushUps.nothing')}</Text>
        )}
        <Missing recording={recording} />
      </Card>
      {recording.reps.length > 0 ? (
        <ConsentGate purposes={['form_videos']}>
          <Keep recording={recording} />
        </ConsentGate>
      ) : null}
      <Row gap="s">
        <Button label={t('livePushUps.again')} variant="secondary" onPress={onAgain} />
      </Row>
    </Box>
  );
}

/** Said only where a repetition may be missing. */
function Missing({ recording }: { recording: Recording }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [missing] = useState(() => sparsity(recording));
  if (missing === null) return null;
  const { perS, gap } = missing;
  const rate = t('livePushUps.sparse', { rate: format.number(perS, 1) });
  const longest =
    gap === null
      ? null
      : t('livePushUps.gap', { length: format.number(lastsS(gap), 1), at: format.clock(gap[0]) });
  return (
    <Banner tone="warning" title={t('livePushUps.mayMiss')}>
      {[rate, longest].filter((one) => one !== null).join(' ')}
    </Banner>
  );
}

const degrees = (value: string): string => `${value}°`;

function Keep({ recording }: { recording: Recording }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const { data: athlete } = useQuery({ ...meQuery(), enabled: false });
  const [key] = useState(() => crypto.randomUUID());
  const [withPoints, setWithPoints] = useState(false);
  const [saving, setSaving] = useState<Saving>({ kind: 'no' });
  const save = async () => {
    setSaving({ kind: 'now' });
    try {
      const saved = await saveSet(recording, { withPoints, key, owner: athlete?.id ?? '' });
      setSaving(saved);
      await recording.seen.discard();
      if (saved.kind !== 'waits') await queries.invalidateQueries();
    } catch (error) {
      setSaving({ kind: 'failed', error });
    }
  };
  if (saving.kind === 'waits') {
    return (
      <Card>
        <Badge label={t('livePushUps.waits')} tone="warning" />
        <Text tone="textSecondary">{t('livePushUps.waitsCaption')}</Text>
      </Card>
    );
  }
  if (saving.kind === 'stored' || saving.kind === 'analysed') {
    return (
      <Card>
        <Badge label={t('livePushUps.saved')} tone="success" />
        <Button
          href={saving.kind === 'analysed' ? '/form-checks' : `/form-checks/${saving.id}`}
          label={t('livePushUps.seeCheck')}
        />
      </Card>
    );
  }
  return (
    <Card title={t('livePushUps.keep')}>
      <Text tone="textSecondary">{t('livePushUps.keepCaption')}</Text>
      <Checkbox label={t('livePushUps.withPoints')} checked={withPoints} onChange={setWithPoints} />
      {saving.kind === 'failed' ? (
        <Banner tone="danger" urgent title={errorText(saving.error).message} />
      ) : null}
      <Button label={t('livePushUps.save')} busy={saving.kind === 'now'} onPress={() => void save()} />
    </Card>
  );
}
