import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';
import Svg, { Rect } from 'react-native-svg';

import { answer, api } from '@/api/client';
import { isNotFound } from '@/api/errors';
import { keys } from '@/api/queries';
import {
  Banner,
  Box,
  Button,
  Card,
  Checkbox,
  Columns,
  EmptyState,
  Row,
  Screen,
  Text,
  useTheme,
  useToast,
} from '@/design';
import { onKeys, webProps } from '@/design/interaction';
import { size, space } from '@/design/tokens';
import { QueryState } from '@/features/shell/QueryState';
import { useFormDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { BodyDrawing } from './BodyDrawing';
import { boundsOf, pointsAt } from './bodyTrack';
import { type FaultCode, type LabelSheet, labelsQuery, type Track, trackQuery } from './formQueries';
import { canMark, mark, type Marked, type MarkKind, withComplete, withFault, withoutRep } from './labels';
import { RaterCard } from './RaterCard';
import { TimeSlider } from './TimeSlider';
import { usePlayback } from './usePlayback';
import { useFormWords } from './useFormWords';

const KINDS: readonly MarkKind[] = ['start', 'turn', 'end'];
const STEP_S = 1 / 15;

/** Marks repetitions and faults on the moving skeleton; the same page for the owner and for whom they asked. */
export function LabelScreen() {
  const { t } = useTranslation();
  const { id } = useLocalSearchParams<{ id: string }>();
  const sheet = useQuery(labelsQuery(id));
  const track = useQuery(trackQuery(id));
  const isOwner = sheet.data?.is_owner === true;
  const back = isOwner
    ? ({ href: `/form-checks/${id}`, label: t('form.title') } as const)
    : ({ href: '/form-checks', label: t('formChecks.title') } as const);
  return (
    <Screen title={t('label.title')} subtitle={t('label.subtitle')} back={back}>
      {isNotFound(sheet.error) || isNotFound(track.error) ? (
        <EmptyState icon="question" title={t('form.goneTitle')}>
          {t('label.goneBody')}
        </EmptyState>
      ) : (
        <QueryState query={sheet} skeleton={{ count: 2, height: 200 }}>
          {(loaded) => (
            <QueryState query={track} skeleton={{ count: 1, height: 260 }}>
              {(moving) => <Marking key={loaded.form_check_id} sheet={loaded} track={moving} />}
            </QueryState>
          )}
        </QueryState>
      )}
    </Screen>
  );
}

type Sheet = { marked: Marked; unjudged: FaultCode[] };

function isSheet(found: unknown): found is Sheet {
  if (typeof found !== 'object' || found === null) return false;
  const { marked, unjudged } = found as Partial<Sheet>;
  return Array.isArray(unjudged) && Array.isArray(marked?.reps);
}

function Marking({ sheet, track }: { sheet: LabelSheet; track: Track }) {
  const { t } = useTranslation();
  const toast = useToast();
  const errorText = useErrorText();
  const client = useQueryClient();
  const id = sheet.form_check_id;
  const kept: Sheet = {
    marked: { reps: sheet.labels?.reps ?? [], open: null },
    unjudged: (sheet.labels?.unjudged ?? []) as FaultCode[],
  };
  const { form, setForm, draft } = useFormDraft(`labels.${id}`, kept, isSheet);
  const { marked, unjudged } = form;
  const setMarked = (next: Marked) => setForm((now) => ({ ...now, marked: next }));
  const setUnjudged = (next: FaultCode[]) => setForm((now) => ({ ...now, unjudged: next }));
  const play = usePlayback(sheet.duration_s);
  const save = useMutation({
    mutationFn: () =>
      answer(
        api().PUT('/api/v1/form-checks/{form_check_id}/labels', {
          params: { path: { form_check_id: id } },
          body: { reps: marked.reps, unjudged },
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(labelsQuery(id).queryKey, saved);
      draft.forget();
      void client.invalidateQueries({ queryKey: keys.formChecks });
      toast(t('label.saved'));
    },
  });
  const put = (kind: MarkKind) => setMarked(mark(marked, kind, play.time_s));
  const shortcuts = onKeys({
    s: () => put('start'),
    t: () => put('turn'),
    e: () => put('end'),
  });
  return (
    <Columns
      main={
        <>
          <Card>
            <View {...shortcuts} style={{ gap: space.m }}>
              <BodyDrawing
                label={t('label.drawing')}
                bones={track.bones}
                bounds={boundsOf([track.xy])}
                bodies={[{ points: pointsAt(track, play.time_s), tone: 'accent' }]}
              />
              <Position sheet={sheet} marked={marked} time_s={play.time_s} onSeek={play.seek} />
              <Row gap="s" wrap>
                <Button
                  label={t(play.isPlaying ? 'label.pause' : 'label.play')}
                  variant="secondary"
                  onPress={play.toggle}
                />
                {KINDS.map((kind) => (
                  <Button
                    key={kind}
                    label={t(`label.mark.${kind}`)}
                    disabled={!canMark(marked, kind, play.time_s)}
                    onPress={() => put(kind)}
                  />
                ))}
              </Row>
              <Text variant="micro" tone="textSecondary">
                {t('label.keys')}
              </Text>
            </View>
          </Card>
          <MarkedReps sheet={sheet} marked={marked} onChange={setMarked} onSeek={play.seek} />
        </>
      }
      aside={
        <>
          <Card title={t('label.unjudged')} caption={t('label.unjudgedCaption')}>
            <FaultChoices
              faults={sheet.faults}
              chosen={unjudged}
              onChange={(code, isThere) =>
                setUnjudged(isThere ? [...unjudged, code] : unjudged.filter((other) => other !== code))
              }
            />
          </Card>
          <Card>
            <UnsavedLine draft={draft} discards />
            {save.error ? (
              <Banner tone="danger" urgent title={errorText(save.error).message}>
                {errorText(save.error).remedy ?? undefined}
              </Banner>
            ) : null}
            <Button
              label={t('label.save')}
              busy={save.isPending}
              disabled={marked.open !== null}
              onPress={() => save.mutate()}
            />
            <Text variant="micro" tone="textSecondary">
              {t(marked.open === null ? 'label.saveNote' : 'label.openNote')}
            </Text>
          </Card>
          {sheet.is_owner ? <RaterCard sheet={sheet} /> : null}
        </>
      }
    />
  );
}

function Position({
  sheet,
  marked,
  time_s,
  onSeek,
}: {
  sheet: LabelSheet;
  marked: Marked;
  time_s: number;
  onSeek: (t_s: number) => void;
}) {
  const { t } = useTranslation();
  const { color } = useTheme();
  const format = useFormat();
  const x = (t_s: number, width: number) => (sheet.duration_s > 0 ? (t_s / sheet.duration_s) * width : 0);
  return (
    <TimeSlider
      label={t('formReplay.timeline')}
      valueText={`${format.number(time_s, 1)} ${t('unit.s')}`}
      value={time_s}
      max={sheet.duration_s}
      step={STEP_S}
      page={1}
      height={size.touch}
      onChange={onSeek}
    >
      {(width) => (
        <Svg width={width} height={size.touch} {...webProps({ 'aria-hidden': true })}>
          <Rect x={0} y={size.touch / 2 - 1} width={width} height={2} fill={color.borderStrong} />
          {marked.reps.map((rep) => (
            <Rect
              key={rep.start_s}
              x={x(rep.start_s, width)}
              y={size.touch / 4}
              width={Math.max(2, x(rep.end_s - rep.start_s, width))}
              height={size.touch / 2}
              rx={3}
              fill={rep.complete === false ? color.load : color.accent}
            />
          ))}
          {marked.open ? (
            <Rect
              x={x(marked.open.start_s, width)}
              y={size.touch / 4}
              width={Math.max(2, x(time_s - marked.open.start_s, width))}
              height={size.touch / 2}
              rx={3}
              fill="none"
              stroke={color.accent}
              strokeWidth={2}
            />
          ) : null}
        </Svg>
      )}
    </TimeSlider>
  );
}

function MarkedReps({
  sheet,
  marked,
  onChange,
  onSeek,
}: {
  sheet: LabelSheet;
  marked: Marked;
  onChange: (marked: Marked) => void;
  onSeek: (t_s: number) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  const [open, setOpen] = useState<number | null>(null);
  return (
    <Card title={t('label.reps', { count: marked.reps.length })} testID="marked-reps">
      {marked.reps.length === 0 ? <Text tone="textSecondary">{t('label.none')}</Text> : null}
      <Box role="list" gap="s">
        {marked.reps.map((rep, index) => {
          const name = t('formReplay.inRep', { index: index + 1 });
          return (
            <Box key={rep.start_s} role="listitem" gap="xs">
              <Row gap="s" justify="space-between" wrap>
                <Text variant="bodyStrong">{name}</Text>
                <Text variant="caption" tone="textSecondary">
                  {`${format.number(rep.start_s, 1)}–${format.number(rep.end_s, 1)} ${t('unit.s')}`}
                </Text>
              </Row>
              <Text variant="caption">
                {(rep.faults ?? []).map((code) => words.fault(code)).join(', ') || t('label.noFault')}
              </Text>
              <Row gap="s" wrap>
                <Button
                  label={t('label.show')}
                  accessibilityLabel={t('label.showOf', { name })}
                  variant="quiet"
                  small
                  onPress={() => onSeek(rep.start_s)}
                />
                <Button
                  label={t(open === index ? 'label.done' : 'label.faults')}
                  accessibilityLabel={t('label.faultsOf', { name })}
                  variant="quiet"
                  small
                  onPress={() => setOpen(open === index ? null : index)}
                />
                <Button
                  label={t('label.remove')}
                  accessibilityLabel={t('label.removeOf', { name })}
                  variant="quiet"
                  small
                  onPress={() => onChange(withoutRep(marked, index))}
                />
              </Row>
              {open === index ? (
                <Box gap="none">
                  <Checkbox
                    label={t('label.counts')}
                    checked={rep.complete !== false}
                    onChange={(complete) => onChange(withComplete(marked, index, complete))}
                  />
                  <FaultChoices
                    faults={sheet.faults}
                    chosen={rep.faults ?? []}
                    onChange={(code, isThere) => onChange(withFault(marked, index, code, isThere))}
                  />
                </Box>
              ) : null}
            </Box>
          );
        })}
      </Box>
    </Card>
  );
}

function FaultChoices({
  faults,
  chosen,
  onChange,
}: {
  faults: readonly string[];
  chosen: readonly FaultCode[];
  onChange: (code: FaultCode, isThere: boolean) => void;
}) {
  const words = useFormWords();
  return (
    <Box>
      {faults.map((code) => (
        <Checkbox
          key={code}
          label={words.fault(code)}
          checked={chosen.includes(code as FaultCode)}
          onChange={(isThere) => onChange(code as FaultCode, isThere)}
        />
      ))}
    </Box>
  );
}
