import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import Svg, { Rect } from 'react-native-svg';

import { formCheckQuery } from '@/api/queries';
import type { FormCheck } from '@/api/types';
import {
  Box,
  Button,
  Card,
  Row,
  SegmentedControl,
  Select,
  Stat,
  StatGrid,
  Table,
  Text,
  useTheme,
} from '@/design';
import { webProps } from '@/design/interaction';
import { size } from '@/design/tokens';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { BodyDrawing } from './BodyDrawing';
import { boundsOf, normalisedRep, type Points } from './bodyTrack';
import {
  type Comparison,
  comparisonQuery,
  type JointDifference,
  type ReferenceKind,
  trackQuery,
} from './formQueries';
import { heatTone, heatTones, worstPhase } from './heat';
import { TimeSlider } from './TimeSlider';

const STEPS = 64;
const ROW = 22;
const LABELS = 92;
const PARTS = ['descent', 'bottom', 'ascent', 'top'] as const;

/** The set, or one repetition, beside a reference: where in the repetition which joint differs, and both bodies there. */
export function CompareCard({ check }: { check: FormCheck }) {
  const { t } = useTranslation();
  const [chosen, setReference] = useState<ReferenceKind | null>(null);
  const [rep, setRep] = useState('all');
  const complete = check.analysis.reps.filter((item) => item.complete);
  const reference = chosen ?? check.references[0] ?? 'standard';
  const comparison = useQuery({
    ...comparisonQuery(check.id, reference, rep === 'all' ? null : Number(rep)),
    enabled: check.references.length > 0,
  });
  if (check.references.length === 0 || !check.has_track) return null;
  return (
    <Card title={t('compare.title')} caption={t('compare.caption')} testID="comparison">
      {check.references.length > 1 ? (
        <SegmentedControl
          label={t('compare.reference')}
          value={reference}
          options={check.references.map((value) => ({ value, label: t(`compare.kind.${value}`) }))}
          onChange={setReference}
          fill
        />
      ) : null}
      <Select
        label={t('compare.which')}
        value={rep}
        options={[
          { value: 'all', label: t('compare.all') },
          ...complete.map((item) => ({
            value: String(item.index),
            label: t('formReplay.inRep', { index: item.index }),
          })),
        ]}
        onChange={setRep}
      />
      <QueryState query={comparison} skeleton={{ count: 2, height: 120 }}>
        {(found) => <Found key={`${reference}-${rep}`} check={check} rep={rep} found={found} />}
      </QueryState>
    </Card>
  );
}

function Found({ check, rep, found }: { check: FormCheck; rep: string; found: Comparison }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [phase, setPhase] = useState(() => worstPhase(found.joints));
  const [isTable, setTable] = useState(false);
  return (
    <Box gap="m">
      <StatGrid>
        {[
          <Stat
            key="similar"
            label={t('compare.similarity')}
            value={found.similarity === null ? null : format.number(100 * found.similarity)}
            unit="%"
            missingLabel={t('compare.tooFew')}
          />,
          <Stat
            key="tempo"
            label={t('compare.tempo')}
            value={format.number(100 * found.tempo_ratio)}
            unit="%"
          />,
        ]}
      </StatGrid>
      <Text variant="micro" tone="textSecondary">
        {t('compare.similarityNote', { count: found.good_reps })}
      </Text>
      <Overlay check={check} rep={rep} found={found} phase={phase} />
      <HeatStrip joints={found.joints} phase={phase} onPhase={setPhase} />
      <Button
        label={t(isTable ? 'compare.hideTable' : 'compare.showTable')}
        variant="quiet"
        small
        flush="start"
        onPress={() => setTable(!isTable)}
      />
      {isTable ? <PartTable joints={found.joints} /> : null}
    </Box>
  );
}

function Overlay({
  check,
  rep,
  found,
  phase,
}: {
  check: FormCheck;
  rep: string;
  found: Comparison;
  phase: number;
}) {
  const { t } = useTranslation();
  const otherId = found.reference_form_check_id ?? check.id;
  const track = useQuery(trackQuery(check.id));
  const otherTrack = useQuery({ ...trackQuery(otherId), enabled: found.reference_poses === null });
  const other = useQuery({ ...formCheckQuery(otherId), enabled: found.reference_poses === null });
  const reps = check.analysis.reps.filter((item) => item.complete);
  const shown = reps.find((item) => String(item.index) === rep) ?? reps[0];
  if (!track.data || shown === undefined) return null;
  const mine = normalisedRep(track.data, shown, STEPS);
  let theirs: (Points | null)[] = found.reference_poses?.xy ?? [];
  if (found.reference_poses === null) {
    const held = other.data?.analysis.reps.find((item) => item.index === found.reference_rep_index);
    theirs = held && otherTrack.data ? normalisedRep(otherTrack.data, held, STEPS) : [];
  }
  const place = Math.min(STEPS - 1, Math.round(phase * (STEPS - 1)));
  return (
    <Box gap="xs">
      <BodyDrawing
        label={t('compare.overlay', { index: shown.index })}
        bones={track.data.bones}
        bounds={boundsOf([mine, theirs])}
        maxHeight={size.chartMedium}
        bodies={[
          { points: theirs[place] ?? null, tone: 'load', dashed: true },
          { points: mine[place] ?? null, tone: 'accent' },
        ]}
      />
      <Row gap="m" wrap>
        <Key tone="accent" label={t('compare.you', { index: shown.index })} />
        <Key tone="load" label={t(`compare.kind.${found.reference}`)} />
      </Row>
    </Box>
  );
}

function Key({ tone, label }: { tone: 'accent' | 'load'; label: string }) {
  return (
    <Row gap="xs">
      <Box background={tone} radius="s" width={size.swatch} height={size.swatch} />
      <Text variant="micro" tone="textSecondary">
        {label}
      </Text>
    </Row>
  );
}

function HeatStrip({
  joints,
  phase,
  onPhase,
}: {
  joints: readonly JointDifference[];
  phase: number;
  onPhase: (phase: number) => void;
}) {
  const { t } = useTranslation();
  const { color } = useTheme();
  const format = useFormat();
  const height = Math.max(size.touch, ROW * joints.length);
  const count = joints[0]?.by_phase_deg.length ?? 1;
  const column = Math.min(count - 1, Math.floor(phase * count));
  const said = joints.map((joint) => {
    const value = joint.by_phase_deg[column] ?? null;
    return value === null
      ? null
      : `${t(`compare.joint.${joint.joint}` as 'compare.joint.elbow')} ${format.signed(value)}°`;
  });
  return (
    <Box gap="xs">
      <Row gap="s" align="flex-start">
        <Box width={LABELS}>
          {joints.map((joint) => (
            <Box key={joint.joint} height={ROW} justify="center">
              <Text variant="micro" tone="textSecondary" numberOfLines={1}>
                {t(`compare.joint.${joint.joint}` as 'compare.joint.elbow')}
              </Text>
            </Box>
          ))}
        </Box>
        <Box flex={1} minWidth={0}>
          <TimeSlider
            label={t('compare.phase')}
            valueText={[t('compare.phaseAt', { value: format.number(100 * phase) }), ...said]
              .filter(Boolean)
              .join(', ')}
            value={phase}
            max={1}
            step={1 / (STEPS - 1)}
            page={1 / count}
            height={height}
            onChange={onPhase}
          >
            {(width) => (
              <Svg width={width} height={height} {...webProps({ 'aria-hidden': true })}>
                {joints.flatMap((joint, row) =>
                  joint.by_phase_deg.map((value, index) => {
                    const tone = heatTone(value);
                    return (
                      <Rect
                        key={`${joint.joint}-${index}`}
                        x={(index / count) * width + 0.5}
                        y={row * ROW + 1}
                        width={Math.max(1, width / count - 1)}
                        height={ROW - 2}
                        fill={tone === null ? 'none' : color[tone]}
                      />
                    );
                  }),
                )}
              </Svg>
            )}
          </TimeSlider>
        </Box>
      </Row>
      <Row gap="s" wrap>
        {heatTones.map((tone, index) => (
          <Row key={tone} gap="xs">
            <Box background={tone} width={size.swatch} height={size.swatch} />
            <Text variant="micro" tone="textSecondary">
              {t(`compare.heat.${index}` as 'compare.heat.0')}
            </Text>
          </Row>
        ))}
      </Row>
      <Text variant="micro" tone="textSecondary">
        {said.filter(Boolean).join(' · ')}
      </Text>
    </Box>
  );
}

function PartTable({ joints }: { joints: readonly JointDifference[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      label={t('compare.table')}
      columns={[
        {
          id: 'joint',
          title: t('compare.jointTitle'),
          grow: 2,
          minWidth: 92,
          cell: (item: JointDifference) => t(`compare.joint.${item.joint}` as 'compare.joint.elbow'),
        },
        ...PARTS.map((part) => ({
          id: part,
          title: t(`compare.part.${part}`),
          numeric: true,
          minWidth: 60,
          cell: (item: JointDifference) => `${format.signed(item.by_part_deg[part] ?? 0)}°`,
        })),
      ]}
      items={joints}
      keyOf={(item) => item.joint}
    />
  );
}
