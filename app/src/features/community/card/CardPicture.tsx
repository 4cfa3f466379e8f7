import { File, Paths } from 'expo-file-system';
import { shareAsync } from 'expo-sharing';
import { useImperativeHandle, useMemo, useRef } from 'react';
import { View } from 'react-native';
import Svg, { Path, Rect, Text as SvgText } from 'react-native-svg';

import { useTheme } from '@/design';

import { CARD_SIZE, cardShapes, type Measure, type Shape } from './cardLayout';
import type { CardPictureProps } from './cardTypes';

const WIDTH_OF_SIGN = 0.56;
const LAST_NARROW = 0x2e7f;

/** Nothing measures text before it is drawn here: Latin signs are about half as wide as high, Chinese ones as wide. */
const estimate: Measure = (text, size) =>
  [...text].reduce(
    (sum, sign) => sum + size * ((sign.codePointAt(0) ?? 0) > LAST_NARROW ? 1 : WIDTH_OF_SIGN),
    0,
  );

/** The card as a picture: what is on the screen is what leaves. */
export function CardPicture({ card, format, ref }: CardPictureProps) {
  const { color } = useTheme();
  const svg = useRef<Svg>(null);
  const { width, height } = CARD_SIZE[format];
  const shapes = useMemo(() => cardShapes(card, format, estimate), [card, format]);
  useImperativeHandle(ref, () => ({
    share: async (fileName) => {
      const content = await new Promise<string>((done) => {
        svg.current?.toDataURL(done, { width, height });
      });
      const file = new File(Paths.cache, fileName);
      file.create({ overwrite: true });
      file.write(content, { encoding: 'base64' });
      await shareAsync(file.uri, { mimeType: 'image/png' });
      return 'shared';
    },
  }));
  return (
    <View role="img" aria-label={card.alt} style={{ aspectRatio: width / height }}>
      <Svg ref={svg} width="100%" height="100%" viewBox={`0 0 ${width} ${height}`}>
        {shapes.map((shape, index) => (
          <Drawn key={index} shape={shape} paint={color[shape.tone]} />
        ))}
      </Svg>
    </View>
  );
}

function Drawn({ shape, paint }: { shape: Shape; paint: string }) {
  if (shape.kind === 'rect') {
    const { x, y, width, height, radius } = shape;
    return <Rect x={x} y={y} width={width} height={height} rx={radius} fill={paint} />;
  }
  if (shape.kind === 'text') {
    return (
      <SvgText
        x={shape.x}
        y={shape.y}
        fontSize={shape.size}
        fontWeight={String(shape.weight)}
        textAnchor={shape.end ? 'end' : 'start'}
        fill={paint}
      >
        {shape.text}
      </SvgText>
    );
  }
  return (
    <Path
      d={shape.points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')}
      fill="none"
      stroke={paint}
      strokeWidth={shape.width}
      strokeLinejoin="round"
      strokeLinecap="round"
    />
  );
}
