import { useTranslation } from 'react-i18next';
import Svg, { Rect } from 'react-native-svg';

import type { FormRep } from '@/api/types';
import { Box, Row, Text, useTheme } from '@/design';
import { webProps } from '@/design/interaction';
import { size, space } from '@/design/tokens';
import { useFormat } from '@/i18n/useFormat';

import { faultRows, marksAt, neighbourMark } from './faultMarks';
import { TimeSlider } from './TimeSlider';
import { useFormWords } from './useFormWords';
import { repAt } from './verdict';

const ROW = 20;
const STEP_S = 0.1;
const PAGE_S = 1;
const LABELS = 120;

/** The recording from start to end: repetitions or the hold, and under them where each fault was seen. Moves the video. */
export function FaultTimeline({
  reps,
  isHold,
  movesPicture,
  duration_s,
  time_s,
  onSeek,
}: {
  reps: readonly FormRep[];
  isHold: boolean;
  /** There is a video or a drawing that goes along. */
  movesPicture: boolean;
  duration_s: number;
  time_s: number;
  onSeek: (t_s: number) => void;
}) {
  const { t } = useTranslation();
  const { color } = useTheme();
  const format = useFormat();
  const words = useFormWords();
  const rows = faultRows(reps);
  const current = repAt(reps, time_s);
  const firstRow = t(isHold ? 'hold.title' : 'formReplay.repsRow');
  const hint = rows.length > 0 ? 'formReplay.timelineHint' : 'formReplay.timelineHintClean';
  const legend = rows.length > 0 ? 'formReplay.legend' : 'formReplay.legendClean';
  const height = Math.max(size.touch, ROW * (1 + rows.length));
  const x = (t_s: number, width: number) => (duration_s > 0 ? (t_s / duration_s) * width : 0);
  const said = [
    `${format.number(time_s, 1)} ${t('unit.s')}`,
    current ? (isHold ? firstRow : t('formReplay.inRep', { index: current.index })) : null,
    ...marksAt(rows, time_s).map((code) => words.fault(code)),
  ];
  const toNeighbour = (direction: 1 | -1) => {
    const found = neighbourMark(rows, time_s, direction);
    if (found !== null) onSeek(found);
  };
  return (
    <Box gap="xs">
      <Row gap="s" align="flex-start">
        <Box width={LABELS}>
          {['formReplay.repsRow', ...rows.map((row) => row.code)].map((name, index) => (
            <Box key={name} height={ROW} justify="center">
              <Text variant="micro" tone="textSecondary" numberOfLines={1}>
                {index === 0 ? firstRow : words.fault(name)}
              </Text>
            </Box>
          ))}
        </Box>
        <Box flex={1} minWidth={0}>
          <TimeSlider
            label={t('formReplay.timeline')}
            valueText={said.filter(Boolean).join(', ')}
            value={Math.min(time_s, duration_s)}
            max={duration_s}
            step={STEP_S}
            page={PAGE_S}
            height={height}
            onChange={onSeek}
            onNeighbour={rows.length > 0 ? toNeighbour : undefined}
          >
            {(width) => (
              <Svg width={width} height={height} {...webProps({ 'aria-hidden': true })}>
                <Rect x={0} y={ROW / 2 - 1} width={width} height={2} fill={color.border} />
                {reps.map((rep) => (
                  <Rect
                    key={rep.index}
                    x={x(rep.start_s, width) + 0.5}
                    y={space.xs}
                    width={Math.max(2, x(rep.end_s - rep.start_s, width) - 1)}
                    height={ROW - space.s}
                    rx={2}
                    fill={rep.complete ? color.accent : color.load}
                  />
                ))}
                {rows.flatMap((row, place) =>
                  row.marks.map((mark) => (
                    <Rect
                      key={`${row.code}-${mark.repIndex}`}
                      x={x(mark.from_s, width)}
                      y={ROW * (place + 1) + space.xs}
                      width={Math.max(3, x(mark.to_s - mark.from_s, width))}
                      height={ROW - space.s}
                      rx={2}
                      fill={mark.isClear ? color.formNegative : 'none'}
                      stroke={color.formNegative}
                      strokeWidth={1.5}
                    />
                  )),
                )}
              </Svg>
            )}
          </TimeSlider>
        </Box>
      </Row>
      <Text variant="micro" tone="textSecondary">
        {t(movesPicture ? hint : legend)}
      </Text>
    </Box>
  );
}
