import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Button, Card, Row, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { calendarQuery } from './planQueries';

/** Private addresses under which calendars read the plan. */
export function CalendarCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const addresses = useQuery(calendarQuery());
  const refresh = () => void client.invalidateQueries({ queryKey: calendarQuery().queryKey });
  const add = useMutation({
    mutationFn: () =>
      answer(api().POST('/api/v1/calendar/addresses', { body: { name: t('calendar.name') } })),
    onSuccess: refresh,
  });
  const revoke = useMutation({
    mutationFn: (id: string) =>
      answer(
        api().DELETE('/api/v1/calendar/addresses/{address_id}', { params: { path: { address_id: id } } }),
      ),
    onSuccess: () => {
      add.reset();
      refresh();
    },
  });
  const failure = add.error ?? revoke.error;
  const path = add.data?.path ?? null;
  return (
    <Card title={t('calendar.title')} caption={t('calendar.caption')} folds>
      {failure ? <Banner tone="danger" urgent title={errorText(failure).message} /> : null}
      {path ? (
        <Banner tone="success" title={t('calendar.made')}>
          <Text variant="caption" selectable>
            {typeof window !== 'undefined' && window.location ? `${window.location.origin}${path}` : path}
          </Text>
        </Banner>
      ) : null}
      {addresses.data?.items.map((item) => (
        <Row key={item.id} justify="space-between" gap="s">
          <Text variant="caption">
            {t('calendar.since', {
              day: format.day(item.created_at.slice(0, 10), {
                day: 'numeric',
                month: 'long',
                year: 'numeric',
              }),
            })}
          </Text>
          <Button
            label={t('calendar.revoke')}
            variant="quiet"
            small
            busy={revoke.isPending}
            onPress={() => revoke.mutate(item.id)}
          />
        </Row>
      ))}
      <Row>
        <Button
          label={t('calendar.add')}
          variant="secondary"
          small
          busy={add.isPending}
          onPress={() => add.mutate()}
        />
      </Row>
    </Card>
  );
}
