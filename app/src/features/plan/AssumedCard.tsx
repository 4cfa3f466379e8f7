import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { fitnessQuery } from '@/api/queries';
import type { Plan } from '@/api/types';
import { Box, Button, Card, Text } from '@/design';
import { firstDay } from '@/features/fitness/ranges';
import { useFormat } from '@/i18n/useFormat';

import { type Assumed, assumedOf, filledInOf } from './assumed';

/** What the plan rests on: what had to be assumed, and what was taken from one's own data. */
export function AssumedCard({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const format = useFormat();
  const fitness = useQuery(fitnessQuery(firstDay('1y', format.today())));
  const assumed = assumedOf(plan, fitness.data);
  const known = filledInOf(plan);
  if (assumed.length + known.length === 0) return null;
  return (
    <Card title={t('assumed.title')} caption={t('assumed.caption')} testID="assumed" folds>
      {assumed.length > 0 ? <Items items={assumed} label={t('assumed.title')} /> : null}
      {known.length > 0 ? (
        <>
          <Text variant="label">{t('assumed.known')}</Text>
          <Items items={known} label={t('assumed.known')} />
        </>
      ) : null}
      <Text variant="caption" tone="textSecondary">
        {t('assumed.after')}
      </Text>
    </Card>
  );
}

function Items({ items, label }: { items: readonly Assumed[]; label: string }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <Box gap="s" role="list" aria-label={label}>
      {items.map((item, index) => {
        const said = words(item);
        return (
          <Box key={`${item.code}-${index}`} role="listitem">
            <Text variant="caption" lang={said.lang}>
              {said.text}
            </Text>
            {item.place === null ? null : (
              <Button
                href={item.place}
                label={t(`assumed.change.${item.place}`)}
                variant="quiet"
                small
                flush="start"
              />
            )}
          </Box>
        );
      })}
    </Box>
  );
}

function useWords(): (item: Assumed) => { text: string; lang: string | undefined } {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const sport = (name: unknown) =>
    i18n.exists(`planSport.${String(name)}`) ? t(`planSport.${String(name) as 'running'}`) : String(name);
  return ({ code, params, text, isKnown }) => {
    const key = `assumed.${isKnown ? 'fromData' : 'code'}.${code}`;
    if (!i18n.exists(key)) return { text, lang: i18n.language.startsWith('en') ? undefined : 'en' };
    const speed = Number(params.speed_m_s ?? params.swim_speed_m_s);
    const value = Number.isFinite(speed)
      ? format.speed(speed, String(params.sport))?.text
      : format.plain(Number(params.power_w), 'w')?.text;
    const values = {
      ...params,
      sport: sport(params.sport),
      own: sport(params.own),
      value: value ?? '',
      time: format.clock(Number(params.time_s) || 0),
      ctl: format.number(Number(params.ctl) || 0),
      minutes: format.number(Number(params.minutes) || 0),
    };
    return { text: t(key as 'assumed.code.longest', values), lang: undefined };
  };
}
