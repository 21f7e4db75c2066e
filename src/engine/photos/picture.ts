import { createPngEncoder } from '../exports/png.ts';
import type { Photo } from './photo.ts';

/** A photo made small for a report. */
export interface PhotoPicture {
  /** Size of the photo itself, in pixels. */
  width: number;
  height: number;
  /** The small one as a JPEG. */
  dataUrl: string;
}

/** An image of 8 bits a channel. */
export interface ByteImage {
  width: number;
  height: number;
  channels: 1 | 3;
  data: Uint8Array;
}

/** About 48 kB as a data URL for a photo of 640 x 480. */
const quality = 60;

/**
 * A photo as a data URL for a report, no side longer than `longestSide` pixels: averages over boxes, never enlarged, not
 * turned.
 */
export async function photoPicture(photo: Photo, longestSide = 640): Promise<PhotoPicture> {
  const small = shrunk(photo, longestSide);
  const rgba = new Uint8Array(4 * small.width * small.height);
  const { channels, data } = small;
  for (let i = 0; 4 * i < rgba.length; i++) {
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = data[channels * i + (channels === 3 ? c : 0)] as number;
    rgba[4 * i + 3] = 255;
  }
  const jpeg = (await import('jpeg-js')).default;
  const encoded = jpeg.encode({ width: small.width, height: small.height, data: rgba }, quality).data;
  const dataUrl = `data:image/jpeg;base64,${Buffer.from(encoded).toString('base64')}`;
  return { width: photo.width, height: photo.height, dataUrl };
}

/** The mean of every box of pixels whose corners are rounded to whole ones. */
function shrunk(photo: Photo, longestSide: number): ByteImage {
  const factor = Math.max(1, Math.max(photo.width, photo.height) / longestSide);
  const width = Math.max(1, Math.round(photo.width / factor));
  const height = Math.max(1, Math.round(photo.height / factor));
  const { channels } = photo;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [y, y + 1].map((edge) => Math.floor((edge * photo.height) / height)) as [
      number,
      number,
    ];
    for (let x = 0; x < width; x++) {
      const [left, right] = [x, x + 1].map((edge) => Math.floor((edge * photo.width) / width)) as [
        number,
        number,
      ];
      const scale = 255 / photo.maxValue / ((bottom - top) * (right - left));
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let v = top; v < bottom; v++) {
          for (let u = left; u < right; u++)
            sum += photo.data[(v * photo.width + u) * channels + c] as number;
        }
        data[(y * width + x) * channels + c] = Math.round(sum * scale);
      }
    }
  }
  return { width, height, channels, data };
}

/** The bytes of a PNG file. Throws `out-of-range` for a size that a PNG cannot have. */
export function encodePng({ width, height, channels, data }: ByteImage): Uint8Array {
  const encoder = createPngEncoder({
    lines: height,
    samples: width,
    colour: channels === 1 ? 'grey' : 'rgb',
  });
  return Buffer.concat([...encoder.push(data), ...encoder.end()]);
}

/** A photo's pixels in 8 bits a channel: those of 16 bits are scaled and rounded. */
export function bytesOf({ data, maxValue }: Photo): Uint8Array {
  if (data instanceof Uint8Array && maxValue === 255) return data;
  const scale = 255 / maxValue;
  return Uint8Array.from(data, (value) => Math.round(value * scale));
}
