import type { GreyImage } from '../../photos/grey.ts';

/** Mean of each block of n x n pixels; what is left at the right and the bottom is dropped. */
export function shrunk({ width, height, data }: GreyImage, n: number): GreyImage {
  if (n === 1) return { width, height, data };
  const [w, h] = [Math.floor(width / n), Math.floor(height / n)];
  const out = new Float32Array(w * h);
  const scale = 1 / (n * n);
  for (let y = 0; y < h * n; y++) {
    const to = Math.floor(y / n) * w;
    const from = y * width;
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += data[from + x * n + k] as number;
      out[to + x] = (out[to + x] as number) + sum * scale;
    }
  }
  return { width: w, height: h, data: out };
}

/** Gaussian blur of the given standard deviation in pixels; the border is continued. */
export function blurred({ width, height, data }: GreyImage, sigma: number): GreyImage {
  const radius = Math.ceil(2.5 * sigma);
  const weights = Float32Array.from({ length: radius + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight, i) => sum + (i === 0 ? weight : 2 * weight), 0);
  for (let i = 0; i <= radius; i++) weights[i] = (weights[i] as number) / total;
  const across = new Float32Array(width * height);
  const padded = new Float32Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    padded.set(data.subarray(row, row + width), radius);
    padded.fill(data[row] as number, 0, radius);
    padded.fill(data[row + width - 1] as number, radius + width);
    for (let x = 0; x < width; x++) {
      const centre = x + radius;
      let sum = (weights[0] as number) * (padded[centre] as number);
      for (let k = 1; k <= radius; k++) {
        sum += (weights[k] as number) * ((padded[centre - k] as number) + (padded[centre + k] as number));
      }
      across[row + x] = sum;
    }
  }
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let k = 0; k <= radius; k++) {
      const weight = weights[k] as number;
      const above = Math.max(0, y - k) * width;
      const below = Math.min(height - 1, y + k) * width;
      if (k === 0) for (let x = 0; x < width; x++) out[row + x] = weight * (across[row + x] as number);
      else {
        for (let x = 0; x < width; x++) {
          out[row + x] =
            (out[row + x] as number) +
            weight * ((across[above + x] as number) + (across[below + x] as number));
        }
      }
    }
  }
  return { width, height, data: out };
}

/** Grey level at (x, y), bilinear between pixels whose centres are whole numbers; the border is continued. */
export function levelAt({ width, height, data }: GreyImage, x: number, y: number): number {
  // No arrays here: this is asked for a hundred thousand times a photo.
  const cx = x > 0 ? (x < width - 1 ? x : width - 1) : 0;
  const cy = y > 0 ? (y < height - 1 ? y : height - 1) : 0;
  const left = Math.floor(cx);
  const top = Math.floor(cy);
  const at = top * width + left;
  const right = left < width - 1 ? 1 : 0;
  const down = top < height - 1 ? width : 0;
  const across = cx - left;
  const along = cy - top;
  const upper = (data[at] as number) * (1 - across) + (data[at + right] as number) * across;
  const lower = (data[at + down] as number) * (1 - across) + (data[at + down + right] as number) * across;
  return upper * (1 - along) + lower * along;
}
