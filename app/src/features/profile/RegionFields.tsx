import { useTranslation } from 'react-i18next';

import type { Athlete, AthleteChange, Units } from '@/api/types';
import { Box, SearchSelect, SegmentedControl, Select, Text } from '@/design';
import { chooseLanguage, type Language, languageNames, languages, supportedLanguage } from '@/i18n';

import { timeZones } from './timeZones';

/** Units, language and time zone; each is kept as soon as it is chosen. */
export function RegionFields({
  athlete,
  onChange,
}: {
  athlete: Athlete;
  onChange: (change: AthleteChange) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <Box gap="xs">
        <Text variant="label">{t('profile.units')}</Text>
        <SegmentedControl<Units>
          label={t('profile.units')}
          value={athlete.units}
          onChange={(units) => onChange({ units })}
          options={[
            { value: 'metric', label: t('profile.metric') },
            { value: 'imperial', label: t('profile.imperial') },
          ]}
        />
      </Box>
      <Select<Language>
        label={t('profile.language')}
        value={supportedLanguage(athlete.language)}
        onChange={(language) => {
          void chooseLanguage(language);
          onChange({ language });
        }}
        options={languages.map((value) => ({ value, label: languageNames[value] }))}
      />
      <SearchSelect
        label={t('profile.timeZone')}
        hint={t('profile.timeZoneHint')}
        searchLabel={t('profile.searchZone')}
        emptyText={t('profile.noZone')}
        value={athlete.time_zone}
        onChange={(time_zone) => onChange({ time_zone })}
        options={timeZones(athlete.time_zone).map((value) => ({ value, label: value.replaceAll('_', ' ') }))}
      />
    </>
  );
}
