import { useImperativeHandle, useRef } from 'react';

import { useTheme } from '@/design';
import { radius } from '@/design/tokens';

import type { VideoPlayerProps } from './videoTypes';

export function VideoPlayer({ path, label, ref, onTime }: VideoPlayerProps) {
  const { color } = useTheme();
  const element = useRef<HTMLVideoElement>(null);
  useImperativeHandle(ref, () => ({
    seek: (t_s: number) => {
      if (element.current) element.current.currentTime = t_s;
    },
  }));
  return (
    <video
      ref={element}
      src={path}
      controls
      playsInline
      muted
      preload="metadata"
      aria-label={label}
      onTimeUpdate={(event) => onTime(event.currentTarget.currentTime)}
      style={{
        display: 'block',
        width: '100%',
        maxHeight: '70vh',
        borderRadius: radius.m,
        backgroundColor: color.surfaceSunken,
      }}
    />
  );
}
