import { useEffect, useRef, useState } from 'react';

/** A time that runs while it plays and stops at the end. */
export function usePlayback(duration_s: number) {
  const [time_s, setTime] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const last = useRef<number | null>(null);
  useEffect(() => {
    if (!isPlaying) return;
    let request = 0;
    last.current = null;
    const tick = (now: number) => {
      const passed_s = last.current === null ? 0 : (now - last.current) / 1000;
      last.current = now;
      setTime((before) => Math.min(duration_s, before + passed_s));
      request = requestAnimationFrame(tick);
    };
    request = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(request);
  }, [isPlaying, duration_s]);
  const isAtEnd = time_s >= duration_s;
  return {
    time_s,
    isPlaying: isPlaying && !isAtEnd,
    seek: (t_s: number) => {
      setPlaying(false);
      setTime(t_s);
    },
    toggle: () => {
      if (isAtEnd) setTime(0);
      setPlaying(isAtEnd || !isPlaying);
    },
  };
}
