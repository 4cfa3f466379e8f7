/** Where everything stands on a share card; a list of shapes that any surface can draw. */
import type { components } from '@/api/schema';

export type CardContent = components['schemas']['Card'];
export type CardFormat = 'wide' | 'square';
export type Tone = 'surface' | 'text' | 'textSecondary' | 'accent' | 'accentText' | 'mapBackground' | 'route';
export type Weight = 400 | 600 | 700;
export type Measure = (text: string, size: number, weight: Weight) => number;
export type Shape =
  | { kind: 'rect'; x: number; y: number; width: number; height: number; radius: number; tone: Tone }
  | {
      kind: 'text';
      x: number;
      y: number;
      text: string;
      size: number;
      weight: Weight;
      tone: Tone;
      end?: boolean;
    }
  | { kind: 'way'; points: readonly { x: number; y: number }[]; width: number; tone: Tone };

type Box = { x: number; y: number; width: number; height: number };

export const CARD_SIZE: Record<CardFormat, { width: number; height: number }> = {
  wide: { width: 1200, height: 630 },
  square: { width: 1080, height: 1080 },
};

const MARGIN = 64;
const GAP = 40;
/** Between figures of one row, so that a number is not read on into the next. */
const FIGURE_GAP = 72;
const BAR = 16;
const BRAND = 28;
const CAPTION = 30;
const TITLE_SIZES = [60, 52, 44, 38];
const TITLE_LINES = 2;
const LINE_HEIGHT = 1.2;
const COLUMN = 260;
const MOST_COLUMNS = 3;
const TALLEST_ROW = 210;
const ROW_UNDER_ROUTE = 118;
const LARGEST_VALUE = 92;
const SMALLEST_LABEL = 20;
const WAY_MARGIN = 36;
const WAY_WIDTH = 9;

/** All shapes of a card, from the back to the front. */
export function cardShapes(card: CardContent, format: CardFormat, measure: Measure): Shape[] {
  const { width, height } = CARD_SIZE[format];
  const shapes: Shape[] = [
    { kind: 'rect', x: 0, y: 0, width, height, radius: 0, tone: 'surface' },
    { kind: 'rect', x: 0, y: 0, width: BAR, height, radius: 0, tone: 'accent' },
  ];
  const route = card.route ?? [];
  const hasRoute = route.length > 0;
  const beside = format === 'wide' && hasRoute;
  const inner = width - 2 * MARGIN;
  const textWidth = beside ? inner - 440 - GAP : inner;
  let y = MARGIN;
  const title = fitted(card.title, textWidth, measure);
  for (const line of title.lines) {
    shapes.push({
      kind: 'text',
      x: MARGIN,
      y: y + title.size,
      text: line,
      size: title.size,
      weight: 700,
      tone: 'text',
    });
    y += title.size * LINE_HEIGHT;
  }
  if (card.caption) {
    const [caption] = wrapped(card.caption, textWidth, 1, (text) => measure(text, CAPTION, 400));
    shapes.push({
      kind: 'text',
      x: MARGIN,
      y: y + CAPTION * LINE_HEIGHT,
      text: caption ?? '',
      size: CAPTION,
      weight: 400,
      tone: 'textSecondary',
    });
    y += CAPTION * 1.5;
  }
  y += GAP;
  const bottom = height - MARGIN;
  if (beside) {
    shapes.push(
      ...way(route, { x: width - MARGIN - 440, y: MARGIN, width: 440, height: bottom - MARGIN - BRAND - 16 }),
    );
  } else if (hasRoute) {
    const rows = Math.ceil(card.lines.length / columnsOf(card.lines.length, textWidth, MOST_COLUMNS));
    const tall = bottom - BRAND - GAP - y - rows * ROW_UNDER_ROUTE - (rows > 0 ? GAP : 0);
    shapes.push(...way(route, { x: MARGIN, y, width: inner, height: tall }));
    y += tall + GAP;
  }
  shapes.push(
    ...figures(
      card.lines,
      { x: MARGIN, y, width: textWidth, height: bottom - y - (beside ? 0 : BRAND + 16) },
      format === 'square' && !hasRoute && card.lines.length <= 6 ? 2 : MOST_COLUMNS,
      measure,
    ),
    {
      kind: 'text',
      x: width - MARGIN,
      y: bottom,
      text: 'TopForm',
      size: BRAND,
      weight: 700,
      tone: 'accentText',
      end: true,
    },
  );
  return shapes;
}

function columnsOf(count: number, width: number, most: number): number {
  return Math.max(1, Math.min(count, most, Math.floor(width / COLUMN)));
}

function figures(lines: CardContent['lines'], box: Box, most: number, measure: Measure): Shape[] {
  if (lines.length === 0) return [];
  const columns = columnsOf(lines.length, box.width, most);
  const rows = Math.ceil(lines.length / columns);
  const rowHeight = Math.min(TALLEST_ROW, box.height / rows);
  const columnWidth = box.width / columns;
  const room = columnWidth - FIGURE_GAP;
  const largest = Math.min(LARGEST_VALUE, rowHeight * 0.44);
  const label = Math.max(SMALLEST_LABEL, largest * 0.48);
  /** One size for all, so that the longest fits. */
  const shrunk = (texts: string[], size: number, weight: Weight) =>
    size * Math.min(1, ...texts.map((text) => room / Math.max(measure(text, size, weight), 1)));
  const labelSize = shrunk(
    lines.map((line) => line.label),
    label,
    400,
  );
  const valueSize = shrunk(
    lines.map((line) => line.value),
    largest,
    600,
  );
  return lines.flatMap((line, index): Shape[] => {
    const x = box.x + (index % columns) * columnWidth;
    const y = box.y + Math.floor(index / columns) * rowHeight;
    return [
      {
        kind: 'text',
        x,
        y: y + label,
        text: line.label,
        size: labelSize,
        weight: 400,
        tone: 'textSecondary',
      },
      {
        kind: 'text',
        x,
        y: y + label + valueSize * 1.12,
        text: line.value,
        size: valueSize,
        weight: 600,
        tone: 'text',
      },
    ];
  });
}

function way(pieces: NonNullable<CardContent['route']>, box: Box): Shape[] {
  const all = pieces.flat();
  const longest = (index: 0 | 1) => Math.max(...all.map((point) => Number(point[index])));
  const [right, down] = [longest(0), longest(1)];
  const scale = Math.min(
    (box.width - 2 * WAY_MARGIN) / Math.max(right, 1e-3),
    (box.height - 2 * WAY_MARGIN) / Math.max(down, 1e-3),
  );
  const left = box.x + (box.width - right * scale) / 2;
  const top = box.y + (box.height - down * scale) / 2;
  return [
    { kind: 'rect', ...box, radius: 24, tone: 'mapBackground' },
    ...pieces.map((piece): Shape => {
      const points = piece.map(([x, y]) => ({ x: left + Number(x) * scale, y: top + Number(y) * scale }));
      return { kind: 'way', points, width: WAY_WIDTH, tone: 'route' };
    }),
  ];
}

function fitted(text: string, width: number, measure: Measure): { size: number; lines: string[] } {
  const last = TITLE_SIZES.at(-1) ?? BRAND;
  for (const size of TITLE_SIZES) {
    const lines = wrapped(text, width, TITLE_LINES + 1, (part) => measure(part, size, 700));
    if (lines.length <= TITLE_LINES) return { size, lines };
  }
  return { size: last, lines: wrapped(text, width, TITLE_LINES, (part) => measure(part, last, 700)) };
}

/** Breaks a text at spaces, or anywhere where there are none, and ends it with an ellipsis when it is too long. */
export function wrapped(
  text: string,
  width: number,
  most: number,
  measure: (text: string) => number,
): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (part: string) => {
    if (line === '' || measure((line + part).trimEnd()) <= width) line += part;
    else {
      lines.push(line.trimEnd());
      line = part.trimStart();
    }
  };
  for (const word of text.trim().split(/(?<=\s)/)) {
    if (measure(word.trimEnd()) <= width) add(word);
    else for (const sign of word) add(sign);
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  let end = [...(kept[most - 1] ?? '')];
  while (end.length > 0 && measure(`${end.join('')}…`) > width) end = end.slice(0, -1);
  kept[most - 1] = `${end.join('').trimEnd()}…`;
  return kept;
}
