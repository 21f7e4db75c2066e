import type { GreyImage } from '../../photos/grey.ts';

/** Ends where a corner moves by less, in pixels. */
const tolerance = 0.002;
const mostSteps = 40;

/**
 * Refines a corner to the point whose lines to all pixels around it are at right angles with the grey levels' gradients
 * there (W. Foerstner, E. Guelch, 1987; as OpenCV's cornerSubPix), in a window of 2 `half` + 1 pixels that follows the point.
 * Null where the window leaves the image, the gradients give no point, or it runs further than `half` from its start.
 */
export function refineCorner(
  image: GreyImage,
  start: readonly [x: number, y: number],
  half: number,
): [x: number, y: number] | null {
  const side = 2 * half + 1;
  const weights = Float64Array.from({ length: side }, (_, i) => Math.exp(-(((i - half) / half) ** 2)));
  const patch = new Float64Array((side + 2) ** 2);
  let [x, y] = start;
  for (let step = 0; step < mostSteps; step++) {
    if (!samplePatch(image, x, y, half + 1, patch)) return null;
    const width = side + 2;
    let [xx, xy, yy, bx, by] = [0, 0, 0, 0, 0];
    for (let r = 0; r < side; r++) {
      const wr = weights[r] as number;
      const py = r - half;
      for (let c = 0; c < side; c++) {
        const at = (r + 1) * width + c + 1;
        const gx = ((patch[at + 1] as number) - (patch[at - 1] as number)) / 2;
        const gy = ((patch[at + width] as number) - (patch[at - width] as number)) / 2;
        const weight = wr * (weights[c] as number);
        const [wxx, wxy, wyy] = [weight * gx * gx, weight * gx * gy, weight * gy * gy];
        const px = c - half;
        xx += wxx;
        xy += wxy;
        yy += wyy;
        bx += wxx * px + wxy * py;
        by += wxy * px + wyy * py;
      }
    }
    const determinant = xx * yy - xy * xy;
    // Gradients of one direction only: an edge, no corner.
    if (!(determinant > 1e-4 * (xx + yy) ** 2)) return null;
    const dx = (yy * bx - xy * by) / determinant;
    const dy = (xx * by - xy * bx) / determinant;
    x += dx;
    y += dy;
    if (!(Math.hypot(x - start[0], y - start[1]) <= half)) return null;
    if (Math.hypot(dx, dy) < tolerance) break;
  }
  return [x, y];
}

/** Fills a square of 2 `half` + 1 grey levels around (x, y), bilinear; false where it leaves the image. */
function samplePatch(
  { width, height, data }: GreyImage,
  x: number,
  y: number,
  half: number,
  out: Float64Array,
): boolean {
  const left = Math.floor(x) - half;
  const top = Math.floor(y) - half;
  const side = 2 * half + 1;
  if (!(left >= 0 && top >= 0 && left + side < width && top + side < height)) return false;
  const [across, along] = [x - Math.floor(x), y - Math.floor(y)];
  const [a, b] = [(1 - across) * (1 - along), across * (1 - along)];
  const [c, d] = [(1 - across) * along, across * along];
  for (let r = 0; r < side; r++) {
    let at = (top + r) * width + left;
    for (let k = 0; k < side; k++, at++) {
      out[r * side + k] =
        a * (data[at] as number) +
        b * (data[at + 1] as number) +
        c * (data[at + width] as number) +
        d * (data[at + width + 1] as number);
    }
  }
  return true;
}
