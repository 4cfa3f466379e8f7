import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { erasureQuery, jobsQuery, keys } from '@/api/queries';
import { uploadFile } from '@/api/upload';
import {
  Banner,
  Box,
  Button,
  Card,
  Columns,
  type PickedFile,
  ProgressBar,
  Row,
  Screen,
  Text,
  TextField,
  UploadDropZone,
  useToast,
} from '@/design';
import { download } from '@/features/activities/download';
import { HealthConsentCard } from '@/features/consents/HealthConsentCard';
import { ImproveConsentCard } from '@/features/formChecks/ConsentCard';
import { JobList } from '@/features/jobs/JobList';
import { isOpen } from '@/features/jobs/selection';
import { ProofDialog } from '@/features/account/security/ProofDialog';
import type { Proof } from '@/features/account/security/usePasskeyProof';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import { newKey } from '@/lib/newKey';

import { latestArchive } from './archives';

export function PrivacyScreen() {
  const { t } = useTranslation();
  return (
    <Screen
      title={t('privacy.title')}
      subtitle={t('privacy.subtitle')}
      back={{ href: '/profile', label: t('profile.title') }}
    >
      <JobList kinds={['account_export', 'account_import']} />
      <Columns
        main={
          <>
            <TakeAlong />
            <BringBack />
          </>
        }
        aside={
          <>
            <HealthConsentCard />
            <ImproveConsentCard />
            <Button href="/people" label={t('coaching.open')} variant="secondary" />
            <Button href="/privacy-zones" label={t('zones.title')} variant="secondary" />
            <Button href="/assistant" label={t('assistant.link')} variant="secondary" />
            <Erase />
          </>
        }
      />
    </Screen>
  );
}

function TakeAlong() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const client = useQueryClient();
  const jobs = useQuery(jobsQuery());
  const make = useMutation({
    mutationFn: () => answer(api().POST('/api/v1/account/exports')),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.jobs }),
  });
  const fetchFile = useMutation({
    mutationFn: (id: string) => download(`/api/v1/account/exports/${id}/file`, 'topform.zip'),
  });
  const items = jobs.data?.items ?? [];
  const archive = latestArchive(items);
  const working = items.some((job) => job.kind === 'account_export' && isOpen(job));
  const error = make.error ?? fetchFile.error;
  return (
    <Card title={t('privacy.exportTitle')} caption={t('privacy.exportCaption')}>
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <Row gap="s" wrap>
        <Button
          label={t('privacy.export')}
          variant="secondary"
          busy={make.isPending || working}
          onPress={() => make.mutate()}
        />
        {archive ? (
          <Button
            label={t('privacy.download', { size: archive.megabytes })}
            icon="download"
            onPress={() => fetchFile.mutate(archive.id)}
          />
        ) : null}
      </Row>
    </Card>
  );
}

function BringBack() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const client = useQueryClient();
  const [sent, setSent] = useState(0);
  const send = useMutation({
    mutationFn: (file: PickedFile) =>
      uploadFile({ path: '/api/v1/account/imports', file, key: newKey(), onProgress: setSent }),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.jobs }),
  });
  return (
    <Card title={t('privacy.importTitle')} caption={t('privacy.importCaption')}>
      {send.error ? <Banner tone="danger" urgent title={errorText(send.error).message} /> : null}
      {send.isPending ? (
        <ProgressBar label={t('privacy.sending')} value={sent} />
      ) : (
        <UploadDropZone
          icon="upload"
          title={t('privacy.drop')}
          hint={t('privacy.dropHint')}
          buttonLabel={t('privacy.choose')}
          accept={['.zip']}
          compact
          onFiles={([file]) => {
            if (file) send.mutate(file);
          }}
        />
      )}
    </Card>
  );
}

function Erase() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const toast = useToast();
  const client = useQueryClient();
  const erasure = useQuery(erasureQuery());
  const [asking, setAsking] = useState(false);
  const keep = useMutation({
    mutationFn: () => answer(api().DELETE('/api/v1/account/erasure')),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.erasure });
      toast(t('privacy.kept'));
    },
  });
  return (
    <Card title={t('privacy.eraseTitle')}>
      <QueryState query={erasure} skeleton={{ count: 1, height: 60 }}>
        {({ due_at }) =>
          due_at === null || due_at === undefined ? (
            <Box gap="m">
              <Text>{t('privacy.eraseBody')}</Text>
              <Button
                label={t('privacy.erase')}
                icon="trash"
                variant="danger"
                onPress={() => setAsking(true)}
              />
              {asking ? <EraseDialog onClose={() => setAsking(false)} /> : null}
            </Box>
          ) : (
            <Box gap="m">
              <Banner
                tone="warning"
                title={t('privacy.waiting', { day: format.day(due_at.slice(0, 10), { dateStyle: 'long' }) })}
              >
                {t('privacy.waitingBody')}
              </Banner>
              {keep.error ? <Banner tone="danger" urgent title={errorText(keep.error).message} /> : null}
              <Button label={t('privacy.keep')} busy={keep.isPending} onPress={() => keep.mutate()} />
            </Box>
          )
        }
      </QueryState>
    </Card>
  );
}

function EraseDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const erase = useMutation({
    mutationFn: (proof: Proof) =>
      answer(
        api().POST('/api/v1/account/erasure', { body: { ...proof, confirm_email: email, at_once: false } }),
      ),
    onSuccess: (wish) => {
      client.setQueryData(keys.erasure, wish);
      onClose();
    },
  });
  return (
    <ProofDialog
      title={t('privacy.eraseAsk')}
      confirmLabel={t('privacy.erase')}
      open
      danger
      ready={email.trim() !== ''}
      busy={erase.isPending}
      error={erase.error}
      onConfirm={(proof) => erase.mutate(proof)}
      onClose={onClose}
    >
      <Text>{t('privacy.eraseAskBody')}</Text>
      <TextField
        label={t('privacy.confirmEmail')}
        value={email}
        onChangeText={setEmail}
        autoComplete="email"
        autoCapitalize="none"
        inputMode="email"
      />
    </ProofDialog>
  );
}
