/** Pixels of a frame, and the square crops that the models take. */
import type { Affine, Size } from './geometry';

/** One plane of a picture; neighbours in a row lie `step` bytes apart, rows `stride`. */
export type Plane = {
  bytes: Uint8Array | Uint8ClampedArray;
  offset: number;
  step: number;
  stride: number;
  widthPx: number;
  heightPx: number;
};

/** How brightness and colour difference become red, green and blue. */
export type YuvCoding = { matrix: 'bt601' | 'bt709'; fullRange: boolean };

/** An upright picture as the camera gives it, brightness and half-resolution colour, or as red, green and blue. */
export type Pixels = Size & { planes: readonly [Plane, Plane, Plane]; coding: YuvCoding | null };

type Range = { scale: number; offset: number };

// Luma weights (Kr, Kb) of ITU-R BT.601 and BT.709.
const LUMA_WEIGHTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722] } as const;
const NO_COLOUR = 128;
const LIMITED_BLACK = 16;
const MOST = 255;
const CHANNELS = 3;

/** The planes of a picture that is stored as red, green, blue and one more byte a pixel. */
export function pixelsFromRgba(rgba: Uint8Array | Uint8ClampedArray, size: Size): Pixels {
  const plane = (offset: number): Plane => ({
    bytes: rgba,
    offset,
    step: 4,
    stride: 4 * size.widthPx,
    widthPx: size.widthPx,
    heightPx: size.heightPx,
  });
  return { ...size, planes: [plane(0), plane(1), plane(2)], coding: null };
}

/**
 * Write a square crop as red, green, blue into `out`, each `value * scale + offset`. Between pixels it is interpolated
 * linearly; what lies outside the picture is black.
 */
export function sampleInto(
  out: Float32Array,
  { planes, coding, widthPx, heightPx }: Pixels,
  uprightFromCrop: Affine,
  sizePx: number,
  range: Range,
): void {
  if (coding === null && isInterleaved(planes)) {
    samplePixels(out, planes[0], uprightFromCrop, sizePx, range);
    return;
  }
  planes.forEach((plane, channel) => {
    const isColour = coding !== null && channel > 0;
    const black = coding === null || coding.fullRange ? 0 : LIMITED_BLACK;
    const across = plane.widthPx / widthPx;
    const down = plane.heightPx / heightPx;
    const [a, b, c, d, e, f] = uprightFromCrop;
    const map: Affine = [a * across, b * across, c * across, d * down, e * down, f * down];
    samplePlane(out, channel, plane, map, sizePx, isColour ? NO_COLOUR : black);
  });
  if (coding === null) {
    for (let place = 0; place < out.length; place += 1) {
      out[place] = out[place]! * range.scale + range.offset;
    }
  } else {
    toRgb(out, coding, range);
  }
}

/** Whether red, green and blue of a pixel lie beside each other. */
const isInterleaved = (planes: Pixels['planes']): boolean =>
  planes.every(
    ({ bytes, offset, step, stride }, channel) =>
      bytes === planes[0].bytes &&
      step === planes[0].step &&
      stride === planes[0].stride &&
      offset === planes[0].offset + channel,
  );

/** The same as plane by plane, with each place worked out once: phones have no compiler for this. */
function samplePixels(
  out: Float32Array,
  plane: Plane,
  [a, b, c, d, e, f]: Affine,
  sizePx: number,
  { scale, offset: black }: Range,
): void {
  const { bytes, offset, step, stride, widthPx, heightPx } = plane;
  let to = 0;
  for (let row = 0; row < sizePx; row += 1) {
    let x = a * 0.5 + b * (row + 0.5) + c - 0.5;
    let y = d * 0.5 + e * (row + 0.5) + f - 0.5;
    for (let column = 0; column < sizePx; column += 1, x += a, y += d, to += CHANNELS) {
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (left < -1 || top < -1 || left >= widthPx || top >= heightPx) {
        out[to] = black;
        out[to + 1] = black;
        out[to + 2] = black;
        continue;
      }
      const hasLeft = left >= 0 ? 1 : 0;
      const hasTop = top >= 0 ? 1 : 0;
      const right = x - left;
      const low = y - top;
      // What lies outside the picture is black: it weighs nothing.
      const w11 = left + 1 < widthPx && top + 1 < heightPx ? right * low : 0;
      const w01 = top + 1 < heightPx ? hasLeft * (1 - right) * low : 0;
      const w10 = left + 1 < widthPx ? hasTop * right * (1 - low) : 0;
      const w00 = hasLeft * hasTop * (1 - right) * (1 - low);
      const at = offset + top * stride + left * step;
      for (let channel = 0; channel < CHANNELS; channel += 1) {
        const here = at + channel;
        let value = 0;
        if (w00 > 0) value += w00 * bytes[here]!;
        if (w10 > 0) value += w10 * bytes[here + step]!;
        if (w01 > 0) value += w01 * bytes[here + stride]!;
        if (w11 > 0) value += w11 * bytes[here + stride + step]!;
        out[to + channel] = value * scale + black;
      }
    }
  }
}

function samplePlane(
  out: Float32Array,
  channel: number,
  { bytes, offset, step, stride, widthPx, heightPx }: Plane,
  [a, b, c, d, e, f]: Affine,
  sizePx: number,
  border: number,
): void {
  let to = channel;
  for (let row = 0; row < sizePx; row += 1) {
    // Pixels are addressed by their centres, the map addresses positions.
    let x = a * 0.5 + b * (row + 0.5) + c - 0.5;
    let y = d * 0.5 + e * (row + 0.5) + f - 0.5;
    for (let column = 0; column < sizePx; column += 1, x += a, y += d, to += 3) {
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (left < -1 || top < -1 || left >= widthPx || top >= heightPx) {
        out[to] = border;
        continue;
      }
      const right = x - left;
      const low = y - top;
      const at = offset + top * stride + left * step;
      const hasLeft = left >= 0;
      const hasRight = left + 1 < widthPx;
      const hasTop = top >= 0;
      const hasLow = top + 1 < heightPx;
      const v00 = hasLeft && hasTop ? bytes[at]! : border;
      const v10 = hasRight && hasTop ? bytes[at + step]! : border;
      const v01 = hasLeft && hasLow ? bytes[at + stride]! : border;
      const v11 = hasRight && hasLow ? bytes[at + stride + step]! : border;
      const above = v00 + (v10 - v00) * right;
      out[to] = above + (v01 + (v11 - v01) * right - above) * low;
    }
  }
}

function toRgb(out: Float32Array, { matrix, fullRange }: YuvCoding, { scale, offset }: Range): void {
  const [kRed, kBlue] = LUMA_WEIGHTS[matrix];
  const kGreen = 1 - kRed - kBlue;
  const [luma, chroma, zero] = fullRange ? [1, 1, 0] : [255 / 219, 255 / 224, LIMITED_BLACK];
  const red = 2 * (1 - kRed) * chroma;
  const blue = 2 * (1 - kBlue) * chroma;
  const greenOfBlue = (blue * kBlue) / kGreen;
  const greenOfRed = (red * kRed) / kGreen;
  for (let place = 0; place < out.length; place += 3) {
    const y = (out[place]! - zero) * luma;
    const u = out[place + 1]! - NO_COLOUR;
    const v = out[place + 2]! - NO_COLOUR;
    out[place] = clipped(y + red * v) * scale + offset;
    out[place + 1] = clipped(y - greenOfBlue * u - greenOfRed * v) * scale + offset;
    out[place + 2] = clipped(y + blue * u) * scale + offset;
  }
}

const clipped = (value: number): number => (value < 0 ? 0 : value > MOST ? MOST : value);
