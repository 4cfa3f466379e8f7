import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { zonesQuery } from '@/api/queries';
import type { Zones, ZoneSport, ZoneSystem } from '@/api/types';
import { Box, Card, type ColorName, Row, SegmentedControl, Select, Table, Text } from '@/design';
import { size } from '@/design/tokens';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { DATE, thresholdShown, thresholdText } from './useThresholds';
import { isSystem, isZoneName, rangeOf } from './zones';

const swatches = ['zone1', 'zone2', 'zone3', 'zone4', 'zone5', 'zone6', 'zone7'] as const;

/** The borders of the zones of a sport, today or on a day on which they changed. */
export function ZonesCard() {
  const { t } = useTranslation();
  const [sport, setSport] = useState<ZoneSport>('cycling');
  const [on, setOn] = useState<string | null>(null);
  const zones = useQuery(zonesQuery(sport, on));
  return (
    <Card title={t('thresholds.zones')} caption={t('thresholds.zonesCaption')}>
      <SegmentedControl<ZoneSport>
        label={t('thresholds.sport')}
        value={sport}
        onChange={(next) => {
          setSport(next);
          setOn(null);
        }}
        fill
        options={[
          { value: 'cycling', label: t('planSport.cycling') },
          { value: 'running', label: t('planSport.running') },
          { value: 'swimming', label: t('planSport.swimming') },
        ]}
      />
      <QueryState query={zones} skeleton={{ count: 1, height: 240 }}>
        {(body) => <Systems key={sport} zones={body} on={on} onDay={setOn} />}
      </QueryState>
    </Card>
  );
}

function Systems({
  zones,
  on,
  onDay,
}: {
  zones: Zones;
  on: string | null;
  onDay: (day: string | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [chosen, setChosen] = useState<string | null>(null);
  const system = zones.systems.find((one) => one.id === chosen) ?? zones.systems[0];
  const name = (one: ZoneSystem) => (isSystem(one.id) ? t(`thresholds.system.${one.id}`) : one.id);
  const changed = [...zones.changed_on].reverse();
  return (
    <Box gap="m">
      {system && zones.systems.length > 1 ? (
        <Select
          label={t('thresholds.systems')}
          value={system.id}
          onChange={setChosen}
          options={zones.systems.map((one) => ({ value: one.id, label: name(one) }))}
        />
      ) : null}
      {changed.length > 1 ? (
        <Select
          label={t('thresholds.asOf')}
          value={on ?? 'today'}
          onChange={(day) => onDay(day === 'today' ? null : day)}
          options={[
            { value: 'today', label: t('thresholds.today') },
            ...changed.map((day) => ({ value: day, label: format.day(day, DATE) })),
          ]}
        />
      ) : null}
      {system ? <Borders system={system} name={name(system)} /> : null}
      {zones.missing.map(({ threshold }) => (
        <Text key={threshold} variant="caption" tone="textSecondary">
          {t('thresholds.missing', { name: t(`thresholds.quantity.${threshold}`) })}
        </Text>
      ))}
    </Box>
  );
}

function Borders({ system, name }: { system: ZoneSystem; name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const value = (border: number) => thresholdShown(format, system.threshold, border)?.value ?? '';
  const unit = thresholdShown(format, system.threshold, system.threshold_value)?.unit ?? '';
  const swatch = (number: number): ColorName => swatches[number - 1] ?? 'zone7';
  return (
    <Box gap="xs">
      <Text variant="caption" tone="textSecondary">
        {t('thresholds.zonesOf', { value: thresholdText(format, system.threshold, system.threshold_value) })}
      </Text>
      <Table
        label={name}
        items={system.zones}
        keyOf={(zone) => String(zone.number)}
        columns={[
          {
            id: 'zone',
            title: t('thresholds.zone'),
            grow: 2,
            minWidth: 140,
            cell: (zone) => (
              <Row gap="s">
                <Box
                  background={swatch(zone.number)}
                  radius="s"
                  width={size.dot}
                  height={size.dot}
                  aria-hidden
                />
                <Text variant="caption">
                  {`${zone.number} ${isZoneName(zone.name) ? t(`thresholds.zoneName.${zone.name}`) : zone.name}`}
                </Text>
              </Row>
            ),
          },
          {
            id: 'range',
            title: t('thresholds.borders', { unit }),
            numeric: true,
            grow: 2,
            minWidth: 130,
            cell: (zone) => {
              const range = rangeOf(zone, system.quantity);
              return t(`thresholds.border.${range.kind}`, {
                low: range.low === null ? '' : value(range.low),
                high: range.high === null ? '' : value(range.high),
              });
            },
          },
        ]}
      />
    </Box>
  );
}
