import { useEffect, useEffectEvent, useRef } from 'react';

import { scrollerOf } from '../dom';

/** So far before the end the next part is asked for. */
const AHEAD_PX = 4000;

/** Says when the end of what is there comes near. */
export function NearEnd({ onNear }: { onNear: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const tell = useEffectEvent(onNear);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) tell();
      },
      { root: scrollerOf(element), rootMargin: `${AHEAD_PX}px 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return <div ref={ref} role="presentation" />;
}
