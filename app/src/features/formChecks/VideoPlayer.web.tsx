import { useImperativeHandle, useRef } from 'react';
import { unstable_createElement } from 'react-native-web';

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
  return unstable_createElement('video', {
    ref: element,
    src: path,
    controls: true,
    playsInline: true,
    preload: 'metadata',
    'aria-label': label,
    onTimeUpdate: () => onTime(element.current?.currentTime ?? 0),
    style: {
      width: '100%',
      maxHeight: '70vh',
      borderRadius: radius.m,
      backgroundColor: color.surfaceSunken,
    },
  });
}
