import { type ColorName, LARGEST_TEXT, palettes, scaledType, type, type TypeVariant } from './tokens';

/** Contrast as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test('the formula gives the known extremes', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

const textPairs: [ColorName, ColorName][] = [
  ...(
    ['background', 'surface', 'surfaceSunken', 'surfaceHover', 'surfaceSelected', 'accentSoft'] as const
  ).flatMap((ground) =>
    (['text', 'textSecondary', 'accentText'] as const).map((text): [ColorName, ColorName] => [text, ground]),
  ),
  ['textOnAccent', 'accent'],
  ['textOnAccent', 'accentHover'],
  ['textOnAccent', 'danger'],
  ['textOnAccent', 'dangerHover'],
  ['chartAxis', 'surface'],
  ['dangerText', 'dangerSoft'],
  ['warningText', 'warningSoft'],
  ['successText', 'successSoft'],
  ['infoText', 'infoSoft'],
  ['text', 'mapBackground'],
];

const graphicPairs: [ColorName, ColorName][] = [
  ...(
    [
      'fitness',
      'fatigue',
      'formPositive',
      'formNegative',
      'hr',
      'power',
      'speed',
      'altitude',
      'cadence',
      'temperature',
    ] as const
  ).map((line): [ColorName, ColorName] => [line, 'surface']),
  ['route', 'mapBackground'],
  ['borderStrong', 'surface'],
  ['borderStrong', 'background'],
  ['focus', 'background'],
  ['focus', 'surface'],
];

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const color = palettes[scheme];
  test.each(textPairs)('%s on %s can be read (4.5:1)', (text, ground) => {
    expect(contrast(color[text], color[ground])).toBeGreaterThanOrEqual(4.5);
  });
  test.each(graphicPairs)('%s on %s can be seen (3:1)', (line, ground) => {
    expect(contrast(color[line], color[ground])).toBeGreaterThanOrEqual(3);
  });
});

test('the lightness of the zones alone tells hard from easy in the light scheme', () => {
  const zones = (['zone1', 'zone2', 'zone3', 'zone5', 'zone6', 'zone7'] as const).map((zone) =>
    luminance(palettes.light[zone]),
  );
  expect(zones).toEqual([...zones].sort((a, b) => b - a));
});

test.each(Object.keys(type) as TypeVariant[])(
  '%s grows with the size of text, and less where it is large',
  (variant) => {
    const usual = type[variant];
    expect(scaledType(variant, 1)).toEqual(usual);
    const large = scaledType(variant, LARGEST_TEXT);
    const grown = usual.fontSize >= 76 ? 1 : usual.fontSize >= 32 ? 1.25 : 2;
    expect(large.fontSize).toBeCloseTo(usual.fontSize * grown);
    expect(large.lineHeight / large.fontSize).toBeCloseTo(usual.lineHeight / usual.fontSize);
  },
);
