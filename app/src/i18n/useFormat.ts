import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { meQuery } from '@/api/queries';
import type { Sport } from '@/api/types';
import { formatLocale } from '@/i18n';
import * as time from '@/lib/time';
import * as units from '@/lib/units';

import { useHours } from './clock';

/** A number with its unit as people read it, and the same as one string. */
export type Shown = { value: string; unit: string; text: string };

/** Formats bound to the person's language, units and time zone. */
export function useFormat() {
  const { t, i18n } = useTranslation();
  const { data: athlete } = useQuery({ ...meQuery(), enabled: false });
  const language = useHours(formatLocale(i18n.language));
  const system = athlete?.units ?? 'metric';
  const zone = athlete?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return useMemo(() => {
    const show = (quantity: units.Quantity | null): Shown | null => {
      if (quantity === null) return null;
      const unit = quantity.unit === 'none' ? '' : t(`unit.${quantity.unit}`);
      return {
        value: quantity.value,
        unit,
        text: unit === '' ? quantity.value : `${quantity.value} ${unit}`,
      };
    };
    const plain = (value: number | null | undefined, unit: units.UnitId, digits = 0): Shown | null =>
      value === null || value === undefined
        ? null
        : show({ value: units.decimal(value, digits, language), unit });
    return {
      language,
      system,
      zone,
      plain,
      number: (value: number, digits = 0) => units.decimal(value, digits, language),
      signed: (value: number, digits = 0) =>
        `${Math.round(value * 10 ** digits) > 0 ? '+' : ''}${units.decimal(value, digits, language)}`,
      distance: (meters: number | null | undefined, sport?: Sport | string) =>
        meters === null || meters === undefined
          ? null
          : show(units.distance(meters, system, language, sport)),
      raceDistance: (meters: number) => show(units.raceDistance(meters, system, language))?.text ?? '',
      elevation: (meters: number | null | undefined) =>
        meters === null || meters === undefined ? null : show(units.elevation(meters, system, language)),
      speed: (value: number | null | undefined, sport: Sport | string) =>
        value === null || value === undefined ? null : show(units.speed(value, sport, system, language)),
      temperature: (celsius: number | null | undefined) =>
        celsius === null || celsius === undefined ? null : show(units.temperature(celsius, system, language)),
      mass: (kilograms: number | null | undefined) =>
        kilograms === null || kilograms === undefined ? null : show(units.mass(kilograms, system, language)),
      clock: units.clock,
      moment: (moment: time.LocalMoment, options: Intl.DateTimeFormatOptions = time.DAY_AND_TIME) =>
        time.formatLocal(moment, zone, language, options),
      instant: (iso: string, options: Intl.DateTimeFormatOptions = time.DAY_AND_TIME) =>
        time.formatLocal({ started_at: iso, utc_offset_s: null }, zone, language, options),
      day: (day: string, options: Intl.DateTimeFormatOptions) => time.formatDay(day, language, options),
      today: () => time.todayIn(zone, new Date()),
    };
  }, [t, language, system, zone]);
}

export type Format = ReturnType<typeof useFormat>;
