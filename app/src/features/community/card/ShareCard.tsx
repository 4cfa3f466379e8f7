import { keepPreviousData, queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Banner, Box, Button, Card, Checkbox, Row, SegmentedControl, useToast } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import type { ShownField } from '../communityQueries';
import type { CardFormat } from './cardLayout';
import { CardPicture } from './CardPicture';
import type { CardPictureHandle } from './cardTypes';

export type CardSubject =
  | { post_id: string }
  | { activity_id: string; shown: readonly ShownField[] }
  | { form_check_id: string; shown: readonly ShownField[] };

const cardQuery = (subject: CardSubject, withRoute: boolean) =>
  queryOptions({
    queryKey: [...keys.community, 'card', subject, withRoute],
    queryFn: () =>
      answer(
        api().GET('/api/v1/community/card', {
          params: {
            query: {
              ...('shown' in subject ? { ...subject, shown: [...subject.shown] } : subject),
              with_route: withRoute,
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** A picture of a post or of what is about to be shared, with the chosen fields and nothing else. */
export function ShareCard({ subject, mayShowRoute }: { subject: CardSubject; mayShowRoute: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Card title={t('community.card.title')} caption={t('community.card.caption')}>
      {open ? (
        <Picture subject={subject} mayShowRoute={mayShowRoute} />
      ) : (
        <Row>
          <Button label={t('community.card.make')} variant="secondary" onPress={() => setOpen(true)} />
        </Row>
      )}
    </Card>
  );
}

function Picture({ subject, mayShowRoute }: { subject: CardSubject; mayShowRoute: boolean }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const [format, setFormat] = useState<CardFormat>('wide');
  const [withRoute, setWithRoute] = useState(false);
  const picture = useRef<CardPictureHandle>(null);
  const card = useQuery(cardQuery(subject, withRoute));
  const share = useMutation({
    mutationFn: async () => picture.current?.share(`topform-${format}.png`),
    onSuccess: (how) => {
      if (how === 'saved') toast(t('community.card.saved'));
    },
  });
  const lacksRoute = withRoute && card.data !== undefined && !card.isPlaceholderData && !card.data.route;
  return (
    <>
      {share.error ? (
        <Banner tone="danger" urgent title={t('community.card.failed')}>
          {errorText(share.error).message}
        </Banner>
      ) : null}
      <SegmentedControl<CardFormat>
        label={t('community.card.format')}
        value={format}
        onChange={setFormat}
        options={[
          { value: 'wide', label: t('community.card.wide') },
          { value: 'square', label: t('community.card.square') },
        ]}
      />
      {mayShowRoute ? (
        <Checkbox label={t('community.card.route')} checked={withRoute} onChange={setWithRoute} />
      ) : null}
      {lacksRoute ? <Banner tone="info" title={t('community.card.noRoute')} /> : null}
      <QueryState query={card} skeleton={{ count: 1, height: 240 }}>
        {(content) => (
          <>
            <Box border radius="m" maxWidth={format === 'wide' ? 640 : 440} style={{ overflow: 'hidden' }}>
              <CardPicture ref={picture} card={content} format={format} />
            </Box>
            <Row>
              <Button
                label={t('community.card.share')}
                icon="share"
                busy={share.isPending}
                disabled={card.isPlaceholderData}
                onPress={() => share.mutate()}
              />
            </Row>
          </>
        )}
      </QueryState>
    </>
  );
}
