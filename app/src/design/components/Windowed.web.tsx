import { type ReactNode, useEffect, useRef, useState } from 'react';

import { scrollerOf } from '../dom';

/** Drawn that far above and below what is seen, so that scrolling meets no gap. */
const AHEAD_PX = 2400;

/** A part of a long list: drawn while it is near the screen, a space of its height while it is far. */
export function Windowed({ estimate, children }: { estimate: number; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  /** The height that it had when it was left; null while it is drawn. */
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        const isNear = entries.at(-1)?.isIntersecting ?? true;
        // What holds the focus stays, or the keyboard would be lost.
        if (!isNear && element.contains(document.activeElement)) return;
        setLeft((held) => (isNear ? null : (held ?? (element.offsetHeight || estimate))));
      },
      { root: scrollerOf(element), rootMargin: `${AHEAD_PX}px 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [estimate]);
  return (
    <div ref={ref} role="presentation" style={left === null ? undefined : { height: left }}>
      {left === null ? children : null}
    </div>
  );
}
