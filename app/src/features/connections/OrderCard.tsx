import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, Banner, Box, Button, Card, Row, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { moved, type Ranked } from './order';

/** One ranking: moved with buttons, saved as a whole, undone with one more press. */
export function OrderCard({
  title,
  sources,
  isOwn,
  isRule = false,
  nameOf,
  countOf,
  busy,
  error,
  onSave,
}: {
  title: string;
  sources: readonly Ranked[];
  isOwn: boolean;
  /** Without an own order it is decided case by case, so that no place can be told. */
  isRule?: boolean;
  nameOf: (id: string) => string;
  countOf: (count: number) => string;
  busy: boolean;
  error: unknown;
  /** An empty order leaves it to the rules again. */
  onSave: (order: string[], done: () => void) => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const saved = sources.map(({ id }) => id);
  const [draft, setDraft] = useState<string[] | null>(null);
  const [before, setBefore] = useState<string[] | null>(null);
  const [said, setSaid] = useState('');
  const order = draft ?? saved;
  const counts = new Map(sources.map(({ id, count }) => [id, count]));
  const move = (id: string, by: -1 | 1) => {
    const next = moved(order, id, by);
    setDraft(next);
    setSaid(t('sourceOrder.moved', { name: nameOf(id), place: next.indexOf(id) + 1 }));
  };
  const save = (next: string[], remembered: string[] | null) =>
    onSave(next, () => {
      setDraft(null);
      setBefore(remembered);
      setSaid(t('sourceOrder.saved'));
    });
  const current = isOwn ? saved : [];
  const names = { what: title };
  return (
    <Card
      title={title}
      level={3}
      action={
        <Badge
          label={t(isOwn ? 'sourceOrder.own' : 'sourceOrder.byRule')}
          tone={isOwn ? 'info' : 'neutral'}
        />
      }
    >
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <Box gap="xs" role="list" aria-label={t('sourceOrder.listOf', names)}>
        {order.map((id, index) => (
          <Row key={id} role="listitem" justify="space-between" gap="s">
            <Box shrink gap="xxs">
              <Text variant="bodyStrong">
                {isRule && !isOwn && !draft ? nameOf(id) : `${index + 1}. ${nameOf(id)}`}
              </Text>
              <Text variant="caption" tone="textSecondary">
                {countOf(counts.get(id) ?? 0)}
              </Text>
            </Box>
            <Row gap="xs">
              <Button
                label={t('sourceOrder.up', { name: nameOf(id), ...names })}
                icon="chevronUp"
                iconOnly
                variant="quiet"
                disabled={index === 0 || busy}
                onPress={() => move(id, -1)}
              />
              <Button
                label={t('sourceOrder.down', { name: nameOf(id), ...names })}
                icon="chevronDown"
                iconOnly
                variant="quiet"
                disabled={index === order.length - 1 || busy}
                onPress={() => move(id, 1)}
              />
            </Row>
          </Row>
        ))}
      </Box>
      <Box role="status" aria-live="polite">
        {said ? (
          <Text variant="caption" tone="textSecondary">
            {said}
          </Text>
        ) : null}
      </Box>
      <Row gap="s" wrap>
        {draft ? (
          <>
            <Button
              label={t('sourceOrder.save')}
              accessibilityLabel={t('sourceOrder.saveNamed', names)}
              small
              busy={busy}
              onPress={() => save(order, current)}
            />
            <Button
              label={t('action.cancel')}
              variant="quiet"
              small
              onPress={() => {
                setDraft(null);
                setSaid('');
              }}
            />
          </>
        ) : null}
        {!draft && before ? (
          <Button
            label={t('sourceOrder.undo')}
            accessibilityLabel={t('sourceOrder.undoNamed', names)}
            variant="secondary"
            small
            busy={busy}
            onPress={() => save(before, null)}
          />
        ) : null}
        {!draft && isOwn ? (
          <Button
            label={t('sourceOrder.reset')}
            accessibilityLabel={t('sourceOrder.resetNamed', names)}
            variant="quiet"
            small
            busy={busy}
            onPress={() => save([], current)}
          />
        ) : null}
      </Row>
    </Card>
  );
}
