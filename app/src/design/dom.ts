import type { CSSProperties } from 'react';

import { fontFamily } from './primitives';
import { type Palette, radius, scaledType, size, space, type TypeVariant } from './tokens';

/** The type scale for elements that the web build writes itself; plain CSS wants units. */
export function domType(variant: TypeVariant, textScale: number): CSSProperties {
  const { fontSize, lineHeight, fontWeight, letterSpacing } = scaledType(variant, textScale);
  return { fontFamily, fontSize, lineHeight: `${lineHeight}px`, fontWeight, letterSpacing };
}

/** The frame that every control of a form has. */
export function domControl(color: Palette, textScale: number, invalid = false): CSSProperties {
  return {
    ...domType('body', textScale),
    boxSizing: 'border-box',
    width: '100%',
    minHeight: size.control,
    paddingInline: space.m,
    color: color.text,
    backgroundColor: color.surface,
    borderWidth: size.hairline,
    borderStyle: 'solid',
    borderColor: invalid ? color.danger : color.borderStrong,
    borderRadius: radius.m,
  };
}

/** The element that scrolls what is in it; null when the page does. */
export function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(parent).overflowY)) return parent;
  }
  return null;
}
