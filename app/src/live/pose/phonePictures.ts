/** From what a phone's graphics processor made of a picture to its pixels; pure. */
import type { Size } from './geometry';
import type { Pixels, Plane } from './sampling';

/** Pictures are scaled into a square of this side, upright, bars at two sides. */
export const SQUARE_PX = 640;
const CHANNELS = 3;

/** A picture that the camera took: red, green and blue in turn, in the square; the size is that of the upright picture. */
export type Square = { rgb: ArrayBuffer; size: Size };

/** The pixels inside the square, without the bars. */
export function pixelsOfSquare({ rgb, size }: Square): Pixels {
  const bytes = new Uint8Array(rgb);
  if (bytes.length !== SQUARE_PX * SQUARE_PX * CHANNELS) {
    throw new RangeError(
      `A picture of ${bytes.length} octets is none of ${SQUARE_PX} by ${SQUARE_PX} pixels`,
    );
  }
  const scale = SQUARE_PX / Math.max(size.widthPx, size.heightPx);
  const widthPx = Math.round(size.widthPx * scale);
  const heightPx = Math.round(size.heightPx * scale);
  const left = Math.floor((SQUARE_PX - widthPx) / 2);
  const top = Math.floor((SQUARE_PX - heightPx) / 2);
  const plane = (channel: number): Plane => ({
    bytes,
    offset: CHANNELS * (top * SQUARE_PX + left) + channel,
    step: CHANNELS,
    stride: CHANNELS * SQUARE_PX,
    widthPx,
    heightPx,
  });
  return { widthPx, heightPx, planes: [plane(0), plane(1), plane(2)], coding: null };
}
