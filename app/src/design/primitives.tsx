import type { ReactNode } from 'react';
import {
  type DimensionValue,
  Platform,
  Text as NativeText,
  type TextProps as NativeTextProps,
  type TextStyle,
  View,
  type ViewProps,
  type ViewStyle,
} from 'react-native';

import { webProps } from './interaction';
import { useTheme } from './theme';
import {
  type ColorName,
  type Radius,
  radius as radii,
  scaledType,
  size,
  type Space,
  space,
  type TypeVariant,
} from './tokens';

export const fontFamily = Platform.select({
  web: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  default: undefined,
});

export type BoxProps = Omit<ViewProps, 'style'> & {
  children?: ReactNode;
  direction?: 'row' | 'column';
  gap?: Space;
  padding?: Space;
  paddingX?: Space;
  paddingY?: Space;
  align?: ViewStyle['alignItems'];
  alignSelf?: ViewStyle['alignSelf'];
  justify?: ViewStyle['justifyContent'];
  wrap?: boolean;
  flex?: number;
  shrink?: boolean;
  background?: ColorName;
  border?: boolean;
  borderColor?: ColorName;
  radius?: Radius;
  width?: DimensionValue;
  minWidth?: DimensionValue;
  maxWidth?: DimensionValue;
  height?: DimensionValue;
  basis?: DimensionValue;
  style?: ViewStyle;
};

/** A view laid out with tokens only. */
export function Box({
  direction = 'column',
  gap,
  padding,
  paddingX,
  paddingY,
  align,
  alignSelf,
  justify,
  wrap,
  flex,
  shrink,
  background,
  border,
  borderColor,
  radius,
  width,
  minWidth,
  maxWidth,
  height,
  basis,
  style,
  ...rest
}: BoxProps) {
  const { color } = useTheme();
  const own: ViewStyle = { flexDirection: direction };
  if (gap) own.gap = space[gap];
  if (padding) own.padding = space[padding];
  if (paddingX) own.paddingHorizontal = space[paddingX];
  if (paddingY) own.paddingVertical = space[paddingY];
  if (align) own.alignItems = align;
  if (alignSelf) own.alignSelf = alignSelf;
  if (justify) own.justifyContent = justify;
  if (wrap) own.flexWrap = 'wrap';
  if (flex !== undefined) own.flex = flex;
  if (shrink) own.flexShrink = 1;
  if (background) own.backgroundColor = color[background];
  if (border || borderColor) {
    own.borderWidth = size.hairline;
    own.borderColor = color[borderColor ?? 'border'];
  }
  if (radius) own.borderRadius = radii[radius];
  if (width !== undefined) own.width = width;
  if (minWidth !== undefined) own.minWidth = minWidth;
  if (maxWidth !== undefined) own.maxWidth = maxWidth;
  if (height !== undefined) own.height = height;
  if (basis !== undefined) own.flexBasis = basis;
  return <View {...rest} style={[own, style]} />;
}

export function Row(props: BoxProps) {
  return <Box align="center" {...props} direction="row" />;
}

export type TextProps = Omit<NativeTextProps, 'style'> & {
  children?: ReactNode;
  variant?: TypeVariant;
  tone?: ColorName;
  align?: 'center' | 'end';
  /** Heading level for assistive technology; the look comes from `variant`. */
  level?: 1 | 2 | 3 | 4;
  /** BCP 47 tag when the passage is not in the language of the app. */
  lang?: string;
  uppercase?: boolean;
  shrink?: boolean;
  strong?: boolean;
  /** Figures of equal width, for numbers that stand under each other or change in place. */
  tabular?: boolean;
  /** Breaks inside words where it must, for names of files. */
  anywhere?: boolean;
};

const BREAK_ANYWHERE = Platform.select({ web: { overflowWrap: 'anywhere' }, default: {} });

/** React Native means the end by the right side of text; a browser means the right side. */
const TEXT_END = Platform.select({ web: 'end', default: 'right' }) as 'right';

const FIGURE_VARIANTS: ReadonlySet<TypeVariant> = new Set(['stat', 'statLarge']);

/** Text on the type scale. */
export function Text({
  variant = 'body',
  tone = 'text',
  align,
  level,
  lang,
  uppercase,
  shrink,
  strong,
  tabular,
  anywhere,
  ...rest
}: TextProps) {
  const { color, textScale } = useTheme();
  const style: TextStyle = {
    ...scaledType(variant, textScale),
    color: color[tone],
    fontFamily,
  };
  if (tabular || FIGURE_VARIANTS.has(variant)) style.fontVariant = ['tabular-nums'];
  if (anywhere) Object.assign(style, BREAK_ANYWHERE);
  if (align) style.textAlign = align === 'end' ? TEXT_END : align;
  if (uppercase) style.textTransform = 'uppercase';
  if (shrink) style.flexShrink = 1;
  if (strong) style.fontWeight = '600';
  const heading = level ? webProps({ role: 'heading', 'aria-level': level }) : undefined;
  const language = lang ? webProps({ lang }) : undefined;
  return <NativeText {...heading} {...language} {...rest} style={style} />;
}

/** Read by screen readers, not seen. */
export function VisuallyHidden({ children, ...rest }: ViewProps) {
  return (
    <View {...rest} style={hiddenStyle}>
      {children}
    </View>
  );
}

const hiddenStyle: ViewStyle = {
  position: 'absolute',
  width: 1,
  height: 1,
  overflow: 'hidden',
  opacity: 0,
};
