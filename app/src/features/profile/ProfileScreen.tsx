import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { meQuery } from '@/api/queries';
import type { Athlete } from '@/api/types';
import {
  Banner,
  Box,
  Button,
  Card,
  Columns,
  Row,
  type SchemeChoice,
  Screen,
  SegmentedControl,
  Text,
  TextField,
  type TextSize,
  useTheme,
  useToast,
} from '@/design';
import { countUnsent } from '@/features/account/unsent';
import { useSignOut } from '@/features/account/useSession';
import { RoleCard } from '@/features/administration/RoleCard';
import { useUploader } from '@/features/jobs/uploads';
import { MapChoice } from '@/features/maps/MapChoice';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { useFormDraft } from '@/features/shell/drafts';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { type Clock, clocks, useClock } from '@/i18n/clock';

import { AimFields } from './AimFields';
import { BirthDateField } from './BirthDateField';
import {
  changeOf,
  fieldText,
  fieldValue,
  isBodyForm,
  NOTHING_TYPED,
  type ParameterId,
  parameterIds,
  typedRange,
  withoutSent,
} from './parameters';
import { RegionFields } from './RegionFields';
import { useChangeMe } from './useChangeMe';
import { useSuffix } from './useSuffix';

export function ProfileScreen() {
  const { t } = useTranslation();
  const me = useQuery(meQuery());
  return (
    <Screen title={t('profile.title')} subtitle={me.data?.email}>
      <QueryState query={me} skeleton={{ count: 3, height: 160 }}>
        {(athlete) => (
          <Columns
            main={
              <>
                <Preferences athlete={athlete} />
                <Aim athlete={athlete} />
                <Body athlete={athlete} />
              </>
            }
            aside={
              <>
                <Thresholds />
                <DailyValues />
                <Sources />
                <Coaching />
                <RoleCard />
                <Appearance />
                <Leave />
              </>
            }
          />
        )}
      </QueryState>
    </Screen>
  );
}

function Preferences({ athlete }: { athlete: Athlete }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const change = useChangeMe();
  const [name, setName] = useState(athlete.display_name);
  return (
    <Card title={t('profile.preferences')}>
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <TextField
        label={t('account.name')}
        value={name}
        onChangeText={setName}
        maxLength={80}
        onBlur={() => {
          const trimmed = name.trim();
          if (trimmed !== '' && trimmed !== athlete.display_name) change.mutate({ display_name: trimmed });
        }}
      />
      <BirthDateField athlete={athlete} />
      <RegionFields athlete={athlete} onChange={change.mutate} />
    </Card>
  );
}

function Aim({ athlete }: { athlete: Athlete }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const change = useChangeMe();
  return (
    <Card title={t('welcome.aimCard')} caption={t('welcome.aimCaption')}>
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <AimFields athlete={athlete} onChange={change.mutate} />
    </Card>
  );
}

/** What formulas need to know of a body. Every field may stay empty: nothing is ever guessed. */
function Body({ athlete }: { athlete: Athlete }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const { form, setForm, draft } = useFormDraft('body', NOTHING_TYPED, isBodyForm);
  const { edits, sex: sexEdit } = form;
  const sex = sexEdit ?? athlete.sex ?? 'unknown';
  const [tried, setTried] = useState(false);
  const change = useChangeMe(() => toast(t('profile.savedRecomputing')));
  const wrong = (id: ParameterId) => fieldValue(id, edits[id], athlete) === undefined;
  const suffix = useSuffix(athlete.units);
  const error = (id: ParameterId) => {
    if (!tried || !wrong(id)) return null;
    const [low, high] = typedRange(id, athlete.units);
    return t('profile.outOfRange', { low, high, unit: suffix(id) });
  };
  const save = () => {
    setTried(true);
    if (parameterIds.some(wrong)) return;
    const body = changeOf(edits, athlete);
    const chosen = sex === 'unknown' ? null : sex;
    if (chosen !== (athlete.sex ?? null)) body.sex = chosen;
    if (Object.keys(body).length === 0) {
      draft.forget();
      toast(t('profile.saved'));
      return;
    }
    change.mutate(body, {
      onSuccess: () => {
        // What was typed while the answer was on its way stays.
        setForm((now) => ({
          edits: withoutSent(now.edits, edits),
          sex: now.sex === sexEdit ? null : now.sex,
        }));
        setTried(false);
      },
    });
  };
  return (
    <Card title={t('profile.body')} caption={t('profile.bodyCaption')}>
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <Box gap="xs">
        <Text variant="label">{t('profile.sex')}</Text>
        <SegmentedControl
          label={t('profile.sex')}
          value={sex}
          onChange={(next) => setForm((now) => ({ ...now, sex: next }))}
          options={[
            { value: 'f', label: t('profile.female') },
            { value: 'm', label: t('profile.male') },
            { value: 'unknown', label: t('welcome.notSaid') },
          ]}
        />
        <Text variant="caption" tone="textSecondary">
          {t('profile.sexHint')}
        </Text>
      </Box>
      <UnsavedLine draft={draft} discards />
      <Row wrap gap="l" align="flex-start">
        {parameterIds.map((id) => (
          <Box key={id} style={{ flexGrow: 1, flexBasis: 220 }}>
            <TextField
              label={t(`profile.parameter.${id}`)}
              hint={t(`profile.parameterHint.${id}`)}
              value={fieldText(id, edits[id], athlete)}
              placeholder={t('profile.unknown')}
              suffix={suffix(id)}
              inputMode={id === 'threshold_speed_m_s' || id === 'css_m_s' ? 'text' : 'decimal'}
              error={error(id)}
              onChangeText={(text) =>
                setForm((now) => ({ ...now, edits: { ...now.edits, [id]: { text, units: athlete.units } } }))
              }
            />
          </Box>
        ))}
      </Row>
      <Button label={t('action.save')} busy={change.isPending} onPress={save} />
    </Card>
  );
}

function Thresholds() {
  const { t } = useTranslation();
  return (
    <Card title={t('thresholds.title')} caption={t('thresholds.link')}>
      <Button href="/thresholds" label={t('thresholds.open')} variant="secondary" />
    </Card>
  );
}

function DailyValues() {
  const { t } = useTranslation();
  return (
    <Card title={t('wellness.title')} caption={t('wellness.subtitle')}>
      <Button href="/body" label={t('wellness.open')} variant="secondary" />
    </Card>
  );
}

function Sources() {
  const { t } = useTranslation();
  return (
    <Card title={t('devices.title')} caption={t('devices.openCaption')}>
      <Button href="/devices" label={t('devices.open')} icon="devices" variant="secondary" />
    </Card>
  );
}

function Appearance() {
  const { t } = useTranslation();
  const { choice, chooseScheme, textSize, chooseTextSize } = useTheme();
  const [clock, chooseClock] = useClock();
  return (
    <Card title={t('profile.appearance')}>
      <SegmentedControl<SchemeChoice>
        label={t('profile.appearance')}
        value={choice}
        onChange={chooseScheme}
        options={[
          { value: 'system', label: t('profile.system') },
          { value: 'light', label: t('profile.light') },
          { value: 'dark', label: t('profile.dark') },
        ]}
      />
      <Box gap="xs">
        <Text variant="label">{t('profile.textSize')}</Text>
        <SegmentedControl<TextSize>
          label={t('profile.textSize')}
          value={textSize}
          onChange={chooseTextSize}
          options={[
            { value: 'normal', label: t('profile.textSizes.normal') },
            { value: 'large', label: t('profile.textSizes.large') },
            { value: 'largest', label: t('profile.textSizes.largest') },
          ]}
        />
        <Text variant="caption" tone="textSecondary">
          {t('profile.textSizeHint')}
        </Text>
      </Box>
      <Box gap="xs">
        <Text variant="label">{t('profile.clock')}</Text>
        <SegmentedControl<Clock>
          label={t('profile.clock')}
          value={clock}
          onChange={chooseClock}
          options={clocks.map((value) => ({ value, label: t(`profile.clocks.${value}`) }))}
        />
      </Box>
      <MapChoice />
    </Card>
  );
}

function Coaching() {
  const { t } = useTranslation();
  return (
    <Card title={t('coaching.card')}>
      <Button href="/people" label={t('coaching.open')} variant="secondary" align="start" />
      <Button href="/coaching" label={t('coaching.openCoaching')} variant="secondary" align="start" />
    </Card>
  );
}

function Leave() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const client = useQueryClient();
  const signOut = useSignOut();
  const owner = useUploader();
  const [unsent, setUnsent] = useState(0);
  const leave = async () => {
    const count = owner === null ? 0 : await countUnsent(client, owner);
    if (count > 0) setUnsent(count);
    else signOut.mutate();
  };
  return (
    <Card title={t('profile.account')} caption={t('security.link')}>
      {signOut.error ? <Banner tone="danger" urgent title={errorText(signOut.error).message} /> : null}
      <Button href="/security" label={t('security.open')} variant="secondary" />
      <Button href="/privacy" label={t('privacy.open')} variant="secondary" />
      <Button href="/privacy-zones" label={t('zones.title')} variant="secondary" />
      <Button
        label={t('profile.signOut')}
        icon="signOut"
        variant="secondary"
        busy={signOut.isPending}
        onPress={() => void leave()}
      />
      {unsent > 0 ? (
        <ConfirmDialog
          title={t('profile.unsentTitle', { count: unsent })}
          body={t('profile.unsentBody')}
          confirmLabel={t('profile.signOutAndDelete')}
          open
          busy={signOut.isPending}
          error={signOut.error}
          onConfirm={() => signOut.mutate()}
          onClose={() => setUnsent(0)}
        />
      ) : null}
    </Card>
  );
}
