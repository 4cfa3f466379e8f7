import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, Box, Button, type Column, Row, Table, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import type { ModelTransition, ModelVersion } from './adminQueries';
import { flatNumbers, gatesOf, type Group, groupKey, reasonsIn, type Score } from './modelNumbers';
import { Records, type WordColumn } from './Records';

const tones = {
  candidate: 'info',
  shadow: 'warning',
  champion: 'success',
  retired: 'neutral',
  refused: 'danger',
} as const;

/** In which state a version is, in words. */
export function StateBadge({ state }: { state: ModelVersion['state'] }) {
  const { t } = useTranslation();
  return <Badge tone={tones[state]} label={t(`admin.models.state.${state}`)} />;
}

/** What a model is called, or its identifier where it has no name here. */
export function useModelName(): (model_id: string) => string {
  const { t, i18n } = useTranslation();
  return (model_id) => {
    const key = `admin.models.name.${model_id}`;
    return i18n.exists(key) ? t(key as 'admin.models.name.push_up_verdict') : model_id;
  };
}

/** Why something was decided; the server's words are English, gates have names of their own. */
export function Reason({ text }: { text: string }) {
  const { t } = useTranslation();
  const gates = reasonsIn(text);
  if (gates === null) return <Text lang="en">{text}</Text>;
  return <Text>{gates.map((gate) => t(`admin.models.gate.${gate}`)).join('; ')}</Text>;
}

function figures(value: number): number {
  const magnitude = Math.abs(value);
  return Number.isInteger(value) ? 0 : magnitude >= 100 ? 0 : magnitude >= 1 ? 2 : 3;
}

/** A comparison on people held out: scores, gain with its interval, groups. Other numbers as they are, when asked for. */
export function DecidingNumbers({ numbers, label }: { numbers: ModelTransition['numbers']; label: string }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const gates = gatesOf(numbers);
  const all = flatNumbers(numbers);
  if (all.length === 0) return null;
  const text = (value: number) => format.number(value, figures(value));
  const groupName = (name: string) => {
    const key = groupKey(name);
    return i18n.exists(key) ? t(key as 'admin.models.line.seen') : name;
  };
  const scores: [WordColumn<Score>, ...WordColumn<Score>[]] = [
    {
      id: 'score',
      title: t('admin.models.score'),
      grow: 3,
      minWidth: 108,
      cell: ({ id }) => t(`admin.models.scores.${id}`),
    },
    {
      id: 'challenger',
      title: t('admin.models.challenger'),
      numeric: true,
      minWidth: 76,
      cell: ({ challenger }) => text(challenger),
    },
    {
      id: 'champion',
      title: t('admin.models.state.champion'),
      numeric: true,
      minWidth: 76,
      cell: ({ champion }) => text(champion),
    },
  ];
  const groups: Column<Group>[] = [
    {
      id: 'group',
      title: t('admin.models.group'),
      grow: 3,
      minWidth: 92,
      cell: ({ name }) => groupName(name),
    },
    {
      id: 'people',
      title: t('admin.models.people'),
      numeric: true,
      minWidth: 56,
      cell: ({ people }) => format.number(people),
    },
    {
      id: 'sets',
      title: t('admin.models.sets'),
      numeric: true,
      minWidth: 52,
      cell: ({ sets }) => format.number(sets),
    },
    {
      id: 'gain',
      title: t('admin.models.gain'),
      numeric: true,
      minWidth: 60,
      cell: ({ gain }) => format.signed(gain, 3),
    },
  ];
  return (
    <Box gap="s">
      {gates ? (
        <Text variant="caption">
          {t('admin.models.heldOut', {
            people: format.number(gates.people),
            sets: format.number(gates.sets),
          })}
        </Text>
      ) : null}
      {gates?.gain ? (
        <Text variant="caption">
          {t('admin.models.gainText', {
            mean: format.signed(gates.gain.mean, 3),
            low: format.signed(gates.gain.low, 3),
            high: format.signed(gates.gain.high, 3),
          })}
        </Text>
      ) : null}
      {gates && gates.scores.length > 0 ? (
        <Records
          label={t('admin.models.scoresOf', { what: label })}
          columns={scores}
          items={gates.scores}
          keyOf={(one) => one.id}
        />
      ) : null}
      {gates && gates.groups.length > 0 ? (
        <Table
          label={t('admin.models.groupsOf', { what: label })}
          columns={groups}
          items={gates.groups}
          keyOf={(one) => one.name}
        />
      ) : null}
      <Button
        label={t(open ? 'admin.models.hideNumbers' : 'admin.models.showNumbers')}
        accessibilityLabel={t(open ? 'admin.models.hideNumbersOf' : 'admin.models.showNumbersOf', {
          what: label,
        })}
        icon={open ? 'chevronUp' : 'chevronDown'}
        variant="quiet"
        small
        flush="start"
        onPress={() => setOpen(!open)}
      />
      {open ? <Numbers all={all} text={text} /> : null}
    </Box>
  );
}

function Numbers({ all, text }: { all: ReturnType<typeof flatNumbers>; text: (value: number) => string }) {
  return (
    <Box gap="xs" role="list">
      {all.map(({ name, value }) => (
        <Row key={name} gap="m" justify="space-between" role="listitem">
          <Text variant="caption" tone="textSecondary" lang="en" shrink anywhere>
            {name}
          </Text>
          <Text variant="caption" tabular shrink anywhere>
            {value === null ? '–' : typeof value === 'number' ? text(value) : value}
          </Text>
        </Row>
      ))}
    </Box>
  );
}
