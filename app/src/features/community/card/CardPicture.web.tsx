import { useEffect, useImperativeHandle, useRef } from 'react';

import { useTheme } from '@/design';
import { fontFamily } from '@/design/primitives';

import { CARD_SIZE, cardShapes, type Shape, type Weight } from './cardLayout';
import type { CardPictureProps, Shared } from './cardTypes';

const font = (size: number, weight: Weight) => `${weight} ${size}px ${fontFamily}`;

/** The card as a picture: what is on the screen is what leaves. */
export function CardPicture({ card, format, ref }: CardPictureProps) {
  const { color } = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = CARD_SIZE[format];
  useEffect(() => {
    const surface = canvas.current?.getContext('2d');
    if (!surface) return;
    let current = true;
    const draw = () => {
      if (!current) return;
      const measure = (text: string, size: number, weight: Weight) => {
        surface.font = font(size, weight);
        return surface.measureText(text).width;
      };
      surface.clearRect(0, 0, width, height);
      for (const shape of cardShapes(card, format, measure)) paint(surface, shape, color[shape.tone]);
    };
    draw();
    void document.fonts.ready.then(draw);
    return () => {
      current = false;
    };
  }, [card, format, width, height, color]);
  useImperativeHandle(ref, () => ({
    share: async (fileName) => {
      const blob = await new Promise<Blob | null>((done) => canvas.current?.toBlob(done, 'image/png'));
      if (blob === null) throw new Error('The browser made no picture.');
      return handOver(new File([blob], fileName, { type: 'image/png' }), card.alt);
    },
  }));
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      role="img"
      aria-label={card.alt}
      style={{ width: '100%', height: 'auto', display: 'block' }}
    />
  );
}

function paint(surface: CanvasRenderingContext2D, shape: Shape, paintColor: string): void {
  surface.fillStyle = paintColor;
  surface.strokeStyle = paintColor;
  if (shape.kind === 'rect') {
    surface.beginPath();
    surface.roundRect(shape.x, shape.y, shape.width, shape.height, shape.radius);
    surface.fill();
  } else if (shape.kind === 'text') {
    surface.font = font(shape.size, shape.weight);
    surface.textAlign = shape.end ? 'right' : 'left';
    surface.fillText(shape.text, shape.x, shape.y);
  } else {
    surface.lineWidth = shape.width;
    surface.lineJoin = 'round';
    surface.lineCap = 'round';
    surface.beginPath();
    shape.points.forEach(({ x, y }, index) => (index === 0 ? surface.moveTo(x, y) : surface.lineTo(x, y)));
    surface.stroke();
  }
}

async function handOver(file: File, alt: string): Promise<Shared> {
  if (navigator.canShare?.({ files: [file], text: alt })) {
    try {
      await navigator.share({ files: [file], text: alt });
      return 'shared';
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return 'cancelled';
      throw error;
    }
  }
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(address);
  return 'saved';
}
