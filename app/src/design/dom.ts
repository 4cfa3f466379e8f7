import type { CSSProperties } from 'react';

import { fontFamily } from './primitives';
import { type Palette, radius, size, space, type TypeVariant, type as typeScale } from './tokens';

/** The type scale for elements that the web build writes itself; plain CSS wants units. */
export function domType(variant: TypeVariant): CSSProperties {
  const { fontSize, lineHeight, fontWeight, letterSpacing } = typeScale[variant];
  return { fontFamily, fontSize, lineHeight: `${lineHeight}px`, fontWeight, letterSpacing };
}

/** The frame that every control of a form has. */
export function domControl(color: Palette, invalid = false): CSSProperties {
  return {
    ...domType('body'),
    boxSizing: 'border-box',
    width: '100%',
    minHeight: size.control,
    paddingLeft: space.m,
    paddingRight: space.m,
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
