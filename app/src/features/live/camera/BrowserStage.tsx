import { useImperativeHandle, useRef } from 'react';

import { useTheme } from '@/design';
import { radius } from '@/design/tokens';
import type { Seen } from '@/live/pose/messages';

import { BONES, LINE_SHARE, MIN_SCORE } from './bones';
import type { StageProps } from './stageTypes';

/** The camera's picture in a browser, with the skeleton over it. */
export function BrowserStage({ ref, mirrored, label }: StageProps) {
  const { color } = useTheme();
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const line = color.accent;
  useImperativeHandle(
    ref,
    () => ({
      play: (stream: MediaStream) => {
        if (video.current !== null) {
          video.current.srcObject = stream;
          void video.current.play();
        }
        return video.current;
      },
      draw: (seen: Seen) => {
        if (canvas.current !== null) drawOn(canvas.current, seen, line);
      },
    }),
    [line],
  );
  const shown = {
    position: 'absolute',
    inset: 0,
    width: '100%',
    height: '100%',
    objectFit: 'contain',
    transform: mirrored ? 'scaleX(-1)' : undefined,
  } as const;
  return (
    <div
      style={{
        position: 'relative',
        width: '100%',
        aspectRatio: '4 / 3',
        maxHeight: '60vh',
        overflow: 'hidden',
        borderRadius: radius.m,
        backgroundColor: color.surfaceSunken,
      }}
    >
      <video ref={video} autoPlay playsInline muted aria-label={label} style={shown} />
      <canvas ref={canvas} aria-hidden style={shown} />
    </div>
  );
}

function drawOn(canvas: HTMLCanvasElement, { xy, score, widthPx, heightPx }: Seen, line: string): void {
  if (canvas.width !== widthPx || canvas.height !== heightPx) {
    canvas.width = widthPx;
    canvas.height = heightPx;
  }
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.clearRect(0, 0, widthPx, heightPx);
  if (xy === null || score === null) return;
  context.strokeStyle = line;
  context.lineWidth = LINE_SHARE * Math.max(widthPx, heightPx);
  context.lineCap = 'round';
  for (const [start, end] of BONES) {
    if (Math.min(score[start] ?? 0, score[end] ?? 0) < MIN_SCORE) continue;
    context.beginPath();
    context.moveTo(xy[2 * start] ?? 0, xy[2 * start + 1] ?? 0);
    context.lineTo(xy[2 * end] ?? 0, xy[2 * end + 1] ?? 0);
    context.stroke();
  }
}
