import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Badge, Banner, Box, Button, Card, Checkbox, Row, Text, useToast } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import {
  type NoticeSettings,
  type PushDevice,
  pushDevicesQuery,
  removePushDevice,
  sendTrial,
  useNoticeChange,
} from './noticeQueries';
import { pushPlace, readPushState, subscribe, unsubscribe } from './push';
import type { PushOffer } from './pushTypes';

/** Messages to this device and to others; the browser asks for its permission only after a press. */
export function PushCard({
  settings,
  onChange,
}: {
  settings: NoticeSettings;
  onChange: (settings: NoticeSettings) => void;
}) {
  const { t } = useTranslation();
  const words = usePushWords();
  const devices = useQuery(pushDevicesQuery());
  return (
    <Card title={t('notices.pushTitle')} caption={words('pushCaption')}>
      <QueryState query={devices} skeleton={{ count: 1, height: 60 }}>
        {({ items, public_key, tells_phones }) => (
          <>
            <ThisDevice
              device={items.find((one) => one.is_this_one)}
              offer={{ publicKey: public_key, tellsPhones: tells_phones }}
            />
            {items.length > 0 ? <DeviceList devices={items} /> : null}
          </>
        )}
      </QueryState>
      <Checkbox
        label={t('notices.hideText')}
        checked={settings.hides_text ?? false}
        onChange={(hides_text) => onChange({ ...settings, hides_text })}
      />
      <Text variant="caption" tone="textSecondary">
        {t('notices.hideTextCaption')}
      </Text>
    </Card>
  );
}

type PushWord =
  | 'pushCaption'
  | 'turnOn'
  | 'turnOff'
  | 'isOn'
  | 'unsupported'
  | 'unsupportedBody'
  | 'blocked'
  | 'blockedBody'
  | 'pushFailed';

/** A browser and an app on a phone are turned on in other words. */
function usePushWords(): (word: PushWord) => string {
  const { t } = useTranslation();
  return (word) => t(pushPlace === 'phone' ? `notices.onPhone.${word}` : `notices.${word}`);
}

function ThisDevice({ device, offer }: { device?: PushDevice; offer: PushOffer }) {
  const { t } = useTranslation();
  const words = usePushWords();
  const errorText = useErrorText();
  const client = useQueryClient();
  const state = useQuery({
    queryKey: [...keys.notices, 'push-state', offer],
    queryFn: () => readPushState(offer),
    gcTime: 0,
  });
  const turnOn = useNoticeChange(async () => {
    const made = await subscribe(offer, t('notices.title'));
    if (made === null) return;
    if ('phone' in made) await answer(api().POST('/api/v1/notices/phones', { body: { token: made.phone } }));
    else await answer(api().POST('/api/v1/notices/devices', { body: made.browser }));
  });
  const turnOff = useNoticeChange(async (id: string) => {
    await removePushDevice(id);
    await unsubscribe();
    await client.invalidateQueries({ queryKey: keys.notices });
  });
  const error = turnOn.error ?? turnOff.error;
  if (state.data === undefined) return null;
  if (state.data === 'unsupported' || state.data === 'not_offered')
    return <Banner title={words('unsupported')}>{words('unsupportedBody')}</Banner>;
  return (
    <Box gap="s">
      {error ? (
        <Banner tone="danger" urgent title={words('pushFailed')}>
          {errorText(error).message}
        </Banner>
      ) : null}
      {state.data === 'blocked' ? (
        <Banner tone="warning" title={words('blocked')}>
          {words('blockedBody')}
        </Banner>
      ) : device !== undefined && state.data === 'on' ? (
        <Row gap="s" wrap>
          <Badge label={words('isOn')} tone="success" icon="check" />
          <Button
            label={words('turnOff')}
            variant="quiet"
            small
            busy={turnOff.isPending}
            onPress={() => turnOff.mutate(device.id)}
          />
        </Row>
      ) : (
        <Button
          label={words('turnOn')}
          icon="bell"
          busy={turnOn.isPending}
          onPress={() => turnOn.mutate(undefined)}
        />
      )}
    </Box>
  );
}

function DeviceList({ devices }: { devices: readonly PushDevice[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const toast = useToast();
  const remove = useNoticeChange(removePushDevice);
  const trial = useNoticeChange(sendTrial, () => toast(t('notices.trialSent')));
  const error = remove.error ?? trial.error;
  return (
    <Box gap="m">
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <Box gap="m" role="list">
        {devices.map((device) => {
          const name = device.name ?? t('security.unknownDevice');
          return (
            <Row key={device.id} role="listitem" gap="m" justify="space-between" wrap>
              <Box gap="xxs" shrink>
                <Row gap="s" wrap>
                  <Text strong>{name}</Text>
                  {device.is_this_one ? <Badge label={t('security.thisDevice')} tone="info" /> : null}
                </Row>
                <Text variant="caption" tone="textSecondary">
                  {device.last_sent_at
                    ? t('notices.lastSent', { when: format.instant(device.last_sent_at) })
                    : t('notices.neverSent')}
                </Text>
              </Box>
              {device.is_this_one ? null : (
                <Button
                  label={t('notices.remove')}
                  accessibilityLabel={t('notices.removeDevice', { name })}
                  variant="secondary"
                  small
                  busy={remove.isPending && remove.variables === device.id}
                  onPress={() => remove.mutate(device.id)}
                />
              )}
            </Row>
          );
        })}
      </Box>
      <Button
        label={t('notices.trial')}
        variant="secondary"
        busy={trial.isPending}
        onPress={() => trial.mutate(undefined)}
      />
    </Box>
  );
}
