import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Badge, Banner, Box, Button, Card, Dialog, Row, Text, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { ProofDialog } from './ProofDialog';
import { QrCode } from './QrCode';
import type { Proof } from './usePasskeyProof';

type Step = 'none' | 'setUp' | 'remove' | 'newCodes';

/** The second step of signing in: set up, taken away, recovery codes. */
export function Authenticator({ isOn, codesLeft }: { isOn: boolean; codesLeft: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [step, setStep] = useState<Step>('none');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: keys.security });
  const setUp = useMutation({
    mutationFn: (proof: Proof) => answer(api().POST('/api/v1/accounts/me/authenticator', { body: proof })),
    onSuccess: () => setStep('none'),
  });
  const remove = useMutation({
    mutationFn: (proof: Proof) =>
      answer(api().POST('/api/v1/accounts/me/authenticator/removal', { body: proof })),
    onSuccess: async () => {
      setStep('none');
      await refresh();
    },
  });
  const renew = useMutation({
    mutationFn: (proof: Proof) => answer(api().POST('/api/v1/accounts/me/recovery-codes', { body: proof })),
    onSuccess: async (answered) => {
      setCodes(answered.codes);
      setStep('none');
      await refresh();
    },
  });
  const action = { setUp, remove, newCodes: renew };
  const open = (next: Exclude<Step, 'none'>) => {
    action[next].reset();
    setStep(next);
  };
  return (
    <Card title={t('security.authenticator')} caption={t('security.authenticatorLead')}>
      <Row>
        <Badge
          label={isOn ? t('security.authenticatorOn') : t('security.authenticatorOff')}
          tone={isOn ? 'success' : 'neutral'}
        />
      </Row>
      {isOn ? (
        <>
          <Text>{t('security.codesLeft', { count: codesLeft })}</Text>
          <Row gap="s" wrap>
            <Button label={t('security.newCodes')} variant="secondary" onPress={() => open('newCodes')} />
            <Button label={t('security.remove')} variant="secondary" onPress={() => open('remove')} />
          </Row>
        </>
      ) : (
        <Button label={t('security.setUp')} variant="secondary" onPress={() => open('setUp')} />
      )}
      {step === 'none' ? null : (
        <ProofDialog
          title={t(
            step === 'setUp'
              ? 'security.authenticator'
              : step === 'remove'
                ? 'security.removeTitle'
                : 'security.newCodes',
          )}
          confirmLabel={t(
            step === 'setUp' ? 'security.setUp' : step === 'remove' ? 'security.remove' : 'security.newCodes',
          )}
          open
          busy={action[step].isPending}
          error={action[step].error}
          onConfirm={(proof) => action[step].mutate(proof)}
          onClose={() => setStep('none')}
        />
      )}
      {setUp.data && !isOn && codes === null ? (
        <FirstCode
          secret={setUp.data.secret}
          qrRows={setUp.data.qr_rows}
          onClose={setUp.reset}
          onConfirmed={(next) => {
            setCodes(next);
            setUp.reset();
            void refresh();
          }}
        />
      ) : null}
      {codes ? <Codes codes={codes} onClose={() => setCodes(null)} /> : null}
    </Card>
  );
}

function FirstCode({
  secret,
  qrRows,
  onClose,
  onConfirmed,
}: {
  secret: string;
  qrRows: readonly string[];
  onClose: () => void;
  onConfirmed: (codes: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => answer(api().PUT('/api/v1/accounts/me/authenticator', { body: { code: code.trim() } })),
    onSuccess: (answered) => onConfirmed(answered.codes),
  });
  const submit = () => {
    if (code.trim().length >= 6 && !confirm.isPending) confirm.mutate();
  };
  return (
    <Dialog title={t('security.authenticator')} open onClose={onClose}>
      <Box gap="l">
        <Text>{t('security.scan')}</Text>
        <Box align="center">
          <QrCode rows={qrRows} label={t('security.qr')} />
        </Box>
        <Box gap="xs">
          <Text variant="label">{t('security.key')}</Text>
          <Text selectable>{secret.match(/.{1,4}/g)?.join(' ') ?? secret}</Text>
        </Box>
        {confirm.error ? <Banner tone="danger" urgent title={errorText(confirm.error).message} /> : null}
        <TextField
          label={t('security.firstCode')}
          value={code}
          onChangeText={setCode}
          autoComplete="one-time-code"
          inputMode="numeric"
          onSubmitEditing={submit}
        />
        <Row gap="s" justify="flex-end">
          <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
          <Button
            label={t('security.confirm')}
            busy={confirm.isPending}
            disabled={code.trim().length < 6}
            onPress={submit}
          />
        </Row>
      </Box>
    </Dialog>
  );
}

function Codes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('security.codesTitle')} open onClose={onClose}>
      <Box gap="l">
        <Text>{t('security.codesLead')}</Text>
        <Box gap="xs" role="list">
          {codes.map((code) => (
            <Box key={code} role="listitem">
              <Text selectable strong>
                {code}
              </Text>
            </Box>
          ))}
        </Box>
        <Row justify="flex-end">
          <Button label={t('security.done')} onPress={onClose} />
        </Row>
      </Box>
    </Dialog>
  );
}
