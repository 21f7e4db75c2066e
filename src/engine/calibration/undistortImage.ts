import type { Camera } from './camera.ts';
import { distortPoint } from './distortion.ts';

/** Rows of pixels, each of `channels` bytes. */
export interface PixelImage {
  width: number;
  height: number;
  channels: number;
  data: Uint8Array;
}

/**
 * A photo as the ideal camera (K alone, of the same size) would see it: each pixel is taken from where the real lens put it,
 * bilinearly between the four around it; black where that lies outside. Pixels' centres are whole numbers from 0.
 */
export function undistortImage({ width, height, channels, data }: PixelImage, camera: Camera): PixelImage {
  const out = new Uint8Array(width * height * channels);
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const [x, y] = distortPoint(camera, [u, v]);
      // Rounding at the border is not outside.
      if (!(x > -1e-6 && y > -1e-6 && x < width - 1 + 1e-6 && y < height - 1 + 1e-6)) continue;
      const left = Math.min(Math.max(0, Math.floor(x)), Math.max(0, width - 2));
      const top = Math.min(Math.max(0, Math.floor(y)), Math.max(0, height - 2));
      const [right, down] = [Math.min(1, width - 1) * channels, Math.min(1, height - 1) * width * channels];
      const [across, along] = [x - left, y - top];
      const from = (top * width + left) * channels;
      const to = (v * width + u) * channels;
      for (let c = 0; c < channels; c++) {
        const at = from + c;
        const upper = (data[at] as number) * (1 - across) + (data[at + right] as number) * across;
        const lower =
          (data[at + down] as number) * (1 - across) + (data[at + down + right] as number) * across;
        out[to + c] = Math.round(Math.min(255, Math.max(0, upper * (1 - along) + lower * along)));
      }
    }
  }
  return { width, height, channels, data: out };
}
