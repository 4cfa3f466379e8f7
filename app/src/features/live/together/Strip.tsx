import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Box, Button, type ColorName, Icon, Row, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';
import { QUIET_S, quietS } from '@/live/together/sharing';

import type { Room, RoomPerson } from './roomQueries';

const ZONES = ['zone1', 'zone2', 'zone3', 'zone4', 'zone5', 'zone6', 'zone7'] as const satisfies ColorName[];
/** A cheer is shown so long. [s] */
const CHEERED_S = 15;
const TILE_WIDTH = 168;
const BAR_WIDTH = 8;

/** The time, once a second. */
function useNow(): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

type Props = {
  room: Room;
  /** When the room came, by our clock. */
  receivedMs: number;
  onCheer: (handle: string) => void;
  onPutOut?: (handle: string) => void;
};

/** The others in the room, side by side, to be read from two metres. */
export function Strip({ room, receivedMs, onCheer, onPutOut }: Props) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const others = room.people.filter(({ is_you }) => !is_you);
  const cheer = room.cheers.find(
    ({ by, to, at }) =>
      isOther(room, by.handle) &&
      (!to || !isOther(room, to.handle)) &&
      quietS(at, room.as_of, receivedMs, nowMs) < CHEERED_S,
  );
  return (
    <Box gap="s">
      {others.length === 0 ? <Text tone="textSecondary">{t('together.alone')}</Text> : null}
      <Row gap="s" wrap align="stretch" role="list" aria-label={t('together.others')}>
        {others.map((person) => (
          <Tile
            key={person.handle}
            person={person}
            silentS={quietS(person.last_seen_at, room.as_of, receivedMs, nowMs)}
            onCheer={() => onCheer(person.handle)}
            onPutOut={onPutOut ? () => onPutOut(person.handle) : undefined}
          />
        ))}
      </Row>
      <Box aria-live="polite">
        {cheer ? (
          <Row gap="s">
            <Icon name="like" tone="accentText" />
            <Text variant="title" tone="accentText" testID="cheer">
              {t(cheer.to ? 'together.cheersYou' : 'together.cheersAll', { name: cheer.by.name })}
            </Text>
          </Row>
        ) : null}
      </Box>
    </Box>
  );
}

const isOther = ({ people }: Room, handle: string): boolean =>
  people.every((person) => person.handle !== handle || !person.is_you);

function Tile({
  person,
  silentS,
  onCheer,
  onPutOut,
}: {
  person: RoomPerson;
  silentS: number;
  onCheer: () => void;
  onPutOut: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const isSilent = silentS >= QUIET_S;
  const { count, elapsed_s, hr_bpm, zone, speed_m_s, power_w, name } = person;
  const zoneColor = zone ? ZONES[zone - 1] : undefined;
  const small = [
    zone ? t('together.zone', { number: zone }) : null,
    power_w === null || power_w === undefined ? null : format.plain(power_w, 'w')?.text,
    speed_m_s === null || speed_m_s === undefined ? null : format.speed(speed_m_s, 'running')?.text,
    elapsed_s === null || elapsed_s === undefined ? null : format.clock(elapsed_s),
  ].filter((text): text is string => typeof text === 'string');
  const tone: ColorName = isSilent ? 'textSecondary' : 'text';
  return (
    <Row
      role="listitem"
      align="stretch"
      background={isSilent ? 'surfaceSunken' : 'surface'}
      border
      radius="m"
      minWidth={TILE_WIDTH}
      style={{ overflow: 'hidden' }}
      testID={`room-${person.handle}`}
    >
      <Box width={BAR_WIDTH} background={isSilent ? 'border' : (zoneColor ?? 'accent')} />
      <Box padding="m" gap="xxs" flex={1}>
        <Text variant="bodyStrong" tone={tone}>
          {name}
        </Text>
        <Row gap="m" align="flex-end">
          {typeof count === 'number' ? (
            <Big text={format.number(count)} unit={t('together.reps')} tone={tone} />
          ) : null}
          {typeof hr_bpm === 'number' ? (
            <Big text={format.number(hr_bpm)} unit={t('together.bpm')} tone={isSilent ? tone : 'hr'} />
          ) : null}
        </Row>
        {small.length > 0 ? (
          <Text variant="heading" tone={tone} tabular>
            {small.join(' · ')}
          </Text>
        ) : null}
        {isSilent ? (
          <Text tone="textSecondary">
            {t('together.noNews', {
              time: silentS < 100 ? t('together.seconds', { value: silentS }) : format.clock(silentS),
            })}
          </Text>
        ) : null}
        <Row gap="xs">
          <Button
            label={t('together.cheer')}
            accessibilityLabel={t('together.cheerOne', { name })}
            icon="like"
            variant="quiet"
            onPress={onCheer}
          />
          {onPutOut ? (
            <Button
              label={t('together.putOut')}
              accessibilityLabel={t('together.putOutOne', { name })}
              variant="quiet"
              onPress={onPutOut}
            />
          ) : null}
        </Row>
      </Box>
    </Row>
  );
}

function Big({ text, unit, tone }: { text: string; unit: string; tone: ColorName }) {
  return (
    <Row gap="xs" align="flex-end">
      <Text variant="count" tone={tone} tabular>
        {text}
      </Text>
      <Text tone="textSecondary">{unit}</Text>
    </Row>
  );
}
