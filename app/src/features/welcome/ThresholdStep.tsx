import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Athlete } from '@/api/types';
import { Box, Button, Card, SegmentedControl, Text, TextField } from '@/design';
import { parsedValue, typedRange, typedValue } from '@/features/profile/parameters';
import { useChangeMe } from '@/features/profile/useChangeMe';
import { useSuffix } from '@/features/profile/useSuffix';
import { useErrorText } from '@/features/shell/useErrorText';

import { asked, type AskedId } from './asked';

/** What formulas measure training by; not knowing is an answer, and says what happens instead. */
export function ThresholdStep({ athlete }: { athlete: Athlete }) {
  const { t } = useTranslation();
  return (
    <Card>
      {asked(athlete.sports ?? []).map((id) => (
        <Question key={id} id={id} athlete={athlete} />
      ))}
      <Text variant="caption" tone="textSecondary">
        {t('welcome.neverGuessed')}
      </Text>
      <Button href="/thresholds" label={t('welcome.allThresholds')} variant="quiet" small flush="start" />
    </Card>
  );
}

function Question({ id, athlete }: { id: AskedId; athlete: Athlete }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const suffix = useSuffix(athlete.units)(id);
  const change = useChangeMe();
  const [knows, setKnows] = useState(athlete[id] !== null && athlete[id] !== undefined);
  const [typed, setTyped] = useState<string | null>(null);
  const [left, setLeft] = useState(false);
  const text = typed ?? typedValue(id, athlete, athlete.units);
  const value = parsedValue(id, text, athlete.units);
  const [low, high] = typedRange(id, athlete.units);
  const name = t(`profile.parameter.${id}`);
  const keep = () => {
    setLeft(true);
    if (value !== undefined && typed !== null && value !== (athlete[id] ?? null))
      change.mutate({ [id]: value });
  };
  const wrong = left && value === undefined ? t('profile.outOfRange', { low, high, unit: suffix }) : null;
  return (
    <Box gap="s">
      <Box>
        <Text variant="label">{name}</Text>
        <Text variant="caption" tone="textSecondary">
          {t(`profile.parameterHint.${id}`)}
        </Text>
      </Box>
      <SegmentedControl
        label={name}
        value={knows ? 'known' : 'unknown'}
        onChange={(answer) => {
          setKnows(answer === 'known');
          if (answer === 'unknown') {
            setTyped(null);
            if ((athlete[id] ?? null) !== null) change.mutate({ [id]: null });
          }
        }}
        options={[
          { value: 'unknown', label: t('profile.unknown') },
          { value: 'known', label: t('welcome.known') },
        ]}
      />
      {knows ? (
        <TextField
          label={name}
          hideLabel
          value={text}
          suffix={suffix}
          inputMode={id === 'threshold_speed_m_s' || id === 'css_m_s' ? 'text' : 'decimal'}
          error={change.error ? errorText(change.error).message : wrong}
          onChangeText={setTyped}
          onBlur={keep}
          onSubmitEditing={keep}
        />
      ) : (
        <Text variant="caption" tone="textSecondary">
          {t(`welcome.instead.${id}`)}
        </Text>
      )}
    </Box>
  );
}
