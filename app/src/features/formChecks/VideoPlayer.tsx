import { useEventListener } from 'expo';
import { useVideoPlayer, VideoView } from 'expo-video';
import { useImperativeHandle } from 'react';

import { serverAddress, sessionHeaders } from '@/api/session';

import type { VideoPlayerProps } from './videoTypes';

const UPDATES_S = 0.1;

export function VideoPlayer({ path, label, ref, onTime }: VideoPlayerProps) {
  const player = useVideoPlayer(
    { uri: `${serverAddress()}${path}`, headers: sessionHeaders() },
    (created) => {
      created.timeUpdateEventInterval = UPDATES_S;
    },
  );
  useEventListener(player, 'timeUpdate', ({ currentTime }) => onTime(currentTime));
  useImperativeHandle(ref, () => ({
    seek: (t_s: number) => {
      player.currentTime = t_s;
    },
  }));
  return (
    <VideoView
      player={player}
      accessibilityLabel={label}
      contentFit="contain"
      style={{ width: '100%', aspectRatio: 16 / 9 }}
    />
  );
}
