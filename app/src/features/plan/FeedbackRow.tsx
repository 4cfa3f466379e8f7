import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { keys } from '@/api/queries';
import { sendFeedback, writeKeys } from '@/api/writes';
import { Banner, Box, Button, Row, ScaleChoice, Text, TextField } from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { newKey } from '@/lib/newKey';

import type { SessionAdherence } from './planQueries';
import { showSession } from './useMark';

const EFFORTS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] as const;
const SORENESS = ['0', '2', '4', '6', '8'] as const;

type Said = { rpe_cr10?: number | null; soreness?: number | null; note?: string | null };

/** How a session was: effort is one tap, soreness a second; a note only for those who want one. */
export function FeedbackRow({
  planId,
  sessionId,
  given,
}: {
  planId: string;
  sessionId: string;
  given: SessionAdherence['feedback'];
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const client = useQueryClient();
  // What was just tapped counts before the answer of the server is back, and goes along with the next tap.
  const [tapped, setTapped] = useState<Said>({});
  const said: Said = {
    rpe_cr10: given?.rpe_cr10 ?? null,
    soreness: given?.soreness ?? null,
    note: given?.note ?? null,
    ...tapped,
  };
  const draft = useDraft(`session-note.${sessionId}`, { note: said.note ?? '' });
  const [isWriting, setWriting] = useState(false);
  const { note } = draft.values;
  const save = useMutation({
    scope: { id: `feedback-${sessionId}` },
    mutationKey: writeKeys.feedback,
    mutationFn: sendFeedback,
    onMutate: ({ said: body }) =>
      showSession(client, sessionId, (session) => {
        const about = { session_id: sessionId, day: session.day, updated_at: '' };
        return { ...session, feedback: { ...about, ...session.feedback, ...body } };
      }),
    onSuccess: (_stored, { said: body }) => {
      if (note.trim() === (body.note ?? '')) {
        draft.forget();
        setWriting(false);
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: [...keys.plan, 'adherence'] }),
  });
  const say = (part: Said) => {
    setTapped({ ...tapped, ...part });
    save.mutate({ key: newKey(), planId, sessionId, said: { ...said, ...part } });
  };
  const effort = EFFORTS.find((value) => Number(value) === said.rpe_cr10);
  const sore = SORENESS.find((value) => Number(value) === said.soreness);
  return (
    <Box gap="s" testID="feedback">
      {save.error ? <Banner tone="danger" urgent title={errorText(save.error).message} /> : null}
      <ScaleChoice
        label={t('feedback.effort')}
        value={effort ?? null}
        onChange={(value) => say({ rpe_cr10: Number(value) })}
        options={EFFORTS.map((value) => ({ value, label: value }))}
      />
      <ScaleChoice
        label={t('feedback.soreness')}
        value={sore ?? null}
        onChange={(value) => say({ soreness: Number(value) })}
        options={SORENESS.map((value) => ({ value, label: t(`feedback.sore.${value}`) }))}
        minWidth={58}
      />
      {effort !== undefined && sore !== undefined ? (
        <Text variant="caption" tone="successText" role="status">
          {t('feedback.thanks')}
        </Text>
      ) : null}
      {!isWriting && !draft.isRestored ? (
        <Row gap="s">
          <Button
            label={t(said.note ? 'feedback.changeNote' : 'feedback.addNote')}
            variant="quiet"
            small
            flush="start"
            onPress={() => setWriting(true)}
          />
        </Row>
      ) : (
        <Box gap="s">
          <UnsavedLine draft={draft} />
          <TextField
            label={t('feedback.note')}
            value={note}
            multiline
            onChangeText={(next) => draft.change({ note: next })}
          />
          <Row gap="s">
            <Button
              label={t('feedback.saveNote')}
              small
              busy={save.isPending}
              onPress={() => say({ note: note.trim() === '' ? null : note.trim() })}
            />
          </Row>
        </Box>
      )}
    </Box>
  );
}
