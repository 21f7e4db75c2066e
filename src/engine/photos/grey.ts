import type { Photo } from './photo.ts';

/** One number a pixel, from 0 (black) to 255 (white), rows from the top. */
export interface GreyImage {
  width: number;
  height: number;
  data: Float32Array;
}

/** The grey of a photo: .299 R + .587 G + .114 B (Rec. 601, as OpenCV's), not rounded, scaled to 0 ... 255. */
export function greyOf({ width, height, channels, data, maxValue }: Photo): GreyImage {
  const grey = new Float32Array(width * height);
  const scale = 255 / maxValue;
  if (channels === 1) {
    for (let i = 0; i < grey.length; i++) grey[i] = scale * (data[i] as number);
  } else {
    const [red, green, blue] = [0.299 * scale, 0.587 * scale, 0.114 * scale];
    for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
      grey[i] =
        red * (data[at] as number) + green * (data[at + 1] as number) + blue * (data[at + 2] as number);
    }
  }
  return { width, height, data: grey };
}
