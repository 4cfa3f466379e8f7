import { CARD_SIZE, type CardContent, type CardFormat, cardShapes, wrapped } from './cardLayout';

/** Every sign half as wide as it is high. */
const measure = (text: string, size: number) => [...text].length * size * 0.5;

const line = (index: number) => ({ label: `Label ${index}`, value: `${index * 1000}.25 km` });
const route: CardContent['route'] = [
  [
    [0, 0.5],
    [0.4, 0],
  ],
  [
    [0.6, 0.25],
    [1, 0.5],
  ],
];

function card(lines: number, more: Partial<CardContent> = {}): CardContent {
  return {
    title: 'Morning ride',
    caption: null,
    lines: Array.from({ length: lines }, (_, index) => line(index)),
    route: null,
    alt: '',
    ...more,
  };
}

const formats: CardFormat[] = ['wide', 'square'];

describe('share cards', () => {
  it.each(formats.flatMap((format) => [0, 1, 3, 9].map((count) => [format, count] as const)))(
    'keeps everything of a %s card with %i figures inside the picture, with and without a route',
    (format, count) => {
      const { width, height } = CARD_SIZE[format];
      const long = 'A very long title of a ride around all the lakes of the north '.repeat(4);
      for (const content of [
        card(count),
        card(count, { route }),
        card(count, { route, title: long, caption: long }),
      ]) {
        for (const shape of cardShapes(content, format, measure)) {
          if (shape.kind === 'text') {
            const wide = measure(shape.text, shape.size);
            expect(shape.end ? shape.x - wide : shape.x).toBeGreaterThanOrEqual(0);
            expect(shape.end ? shape.x : shape.x + wide).toBeLessThanOrEqual(width);
            expect(shape.y - shape.size).toBeGreaterThanOrEqual(0);
            expect(shape.y).toBeLessThanOrEqual(height);
          } else if (shape.kind === 'way') {
            for (const { x, y } of shape.points) {
              expect(x).toBeGreaterThan(0);
              expect(x).toBeLessThan(width);
              expect(y).toBeGreaterThan(0);
              expect(y).toBeLessThan(height);
            }
          } else {
            expect(shape.height).toBeGreaterThan(0);
          }
        }
      }
    },
  );

  it('keeps the figures of one row well apart', () => {
    const values = cardShapes(card(3), 'wide', measure).flatMap((shape) =>
      shape.kind === 'text' && shape.text.endsWith('km') ? [shape] : [],
    );
    const ends = values.map((one) => one.x + measure(one.text, one.size));
    values.slice(1).forEach((one, index) => expect(one.x - (ends[index] ?? 0)).toBeGreaterThanOrEqual(71.9));
  });

  it('says each figure once, the title, the name of the program, and nothing else', () => {
    const texts = cardShapes(card(4, { route }), 'wide', measure).flatMap((shape) =>
      shape.kind === 'text' ? [shape.text] : [],
    );
    const figures = [0, 1, 2, 3].flatMap((index) => [line(index).label, line(index).value]);
    expect(texts).toEqual(['Morning ride', ...figures, 'TopForm']);
  });

  it('draws the pieces of a route apart, in one scale and the right way round', () => {
    const ways = cardShapes(card(2, { route }), 'wide', measure).filter((shape) => shape.kind === 'way');
    expect(ways).toHaveLength(2);
    const [[a, b] = [], [c, d] = []] = ways.map((shape) => shape.points) as unknown as {
      x: number;
      y: number;
    }[][];
    expect((d!.x - a!.x) / 1).toBeCloseTo((a!.y - b!.y) / 0.5);
    expect(c!.y).toBeGreaterThan(b!.y);
  });

  it('breaks at spaces, inside words that are too long, and ends what does not fit', () => {
    const count = (text: string) => [...text].length;
    expect(wrapped('one two three', 7, 3, count)).toEqual(['one two', 'three']);
    expect(wrapped('环湖骑行一百公里', 4, 3, count)).toEqual(['环湖骑行', '一百公里']);
    expect(wrapped('one two three four', 7, 2, count)).toEqual(['one two', 'three…']);
  });
});
