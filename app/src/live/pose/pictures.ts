/** From a picture of the camera to its pixels, without converting more than will be looked at. */
import type { Size } from './geometry';
import { pixelsFromRgba, type Pixels, type Plane } from './sampling';

/** Larger pictures are made smaller where they must be converted as a whole. */
const MAX_SIDE_PX = 1280;

type Layout = { widthPx: number; heightPx: number; at: PlaneLayout; step: number; skip: number };

let canvas: OffscreenCanvas | null = null;
let buffer = new Uint8Array(0);

/** The pixels of a picture, which is closed. They are valid until the next picture. */
export async function pixelsOf(picture: VideoFrame | ImageBitmap): Promise<Pixels> {
  try {
    return 'displayWidth' in picture && isPlanar(picture) ? await planesOf(picture) : drawn(picture);
  } finally {
    picture.close();
  }
}

/** Whether the bytes of the frame are upright planes of brightness and colour, as cameras give them. */
function isPlanar(frame: VideoFrame): boolean {
  const { format, visibleRect, displayWidth, displayHeight } = frame;
  const isTurned = 'rotation' in frame && frame.rotation !== 0;
  return (
    (format === 'I420' || format === 'NV12') &&
    !isTurned &&
    visibleRect?.width === displayWidth &&
    visibleRect.height === displayHeight
  );
}

async function planesOf(frame: VideoFrame): Promise<Pixels> {
  const needed = frame.allocationSize();
  if (buffer.length !== needed) {
    buffer = new Uint8Array(needed);
  }
  const layouts = await frame.copyTo(buffer);
  const size: Size = { widthPx: frame.displayWidth, heightPx: frame.displayHeight };
  const half = { widthPx: Math.ceil(size.widthPx / 2), heightPx: Math.ceil(size.heightPx / 2) };
  const [luma, second, third] = layouts;
  const plane = ({ at, step, skip, widthPx, heightPx }: Layout): Plane => {
    return { bytes: buffer, offset: at.offset + skip, step, stride: at.stride, widthPx, heightPx };
  };
  const isInterleaved = frame.format === 'NV12';
  const step = isInterleaved ? 2 : 1;
  return {
    ...size,
    planes: [
      plane({ ...size, at: luma!, step: 1, skip: 0 }),
      plane({ ...half, at: second!, step, skip: 0 }),
      plane({ ...half, at: isInterleaved ? second! : third!, step, skip: isInterleaved ? 1 : 0 }),
    ],
    coding: {
      matrix: frame.colorSpace.matrix === 'bt709' ? 'bt709' : 'bt601',
      fullRange: frame.colorSpace.fullRange === true,
    },
  };
}

function drawn(picture: VideoFrame | ImageBitmap): Pixels {
  const [width, height] =
    'displayWidth' in picture
      ? [picture.displayWidth, picture.displayHeight]
      : [picture.width, picture.height];
  const scale = Math.min(1, MAX_SIDE_PX / Math.max(width, height));
  const widthPx = Math.max(1, Math.round(width * scale));
  const heightPx = Math.max(1, Math.round(height * scale));
  if (canvas === null || canvas.width !== widthPx || canvas.height !== heightPx) {
    canvas = new OffscreenCanvas(widthPx, heightPx);
  }
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (context === null) {
    throw new Error('The browser gives no canvas');
  }
  context.drawImage(picture, 0, 0, widthPx, heightPx);
  return pixelsFromRgba(context.getImageData(0, 0, widthPx, heightPx).data, { widthPx, heightPx });
}
