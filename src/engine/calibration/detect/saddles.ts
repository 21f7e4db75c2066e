import type { GreyImage } from '../../photos/grey.ts';

/** A place where the grey levels form a saddle, as the corner of four squares does. */
export interface Saddle {
  x: number;
  y: number;
  /** Minus the determinant of the second derivatives, in grey levels squared / px^4: high where both curvatures are strong. */
  strength: number;
}

/** Two saddles are this far apart at least, in pixels. */
const apart = 3;

/**
 * The strongest saddles of a blurred image, strongest first, at most `most`: local maxima of Ixy^2 - Ixx Iyy, placed
 * between pixels by a parabola along each axis.
 */
export function saddlesOf({ width, height, data }: GreyImage, most: number): Saddle[] {
  const strength = new Float32Array(width * height);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const centre = 2 * (data[i] as number);
      const xx = (data[i + 1] as number) - centre + (data[i - 1] as number);
      const yy = (data[i + width] as number) - centre + (data[i - width] as number);
      const xy =
        ((data[i + width + 1] as number) -
          (data[i + width - 1] as number) -
          (data[i - width + 1] as number) +
          (data[i - width - 1] as number)) /
        4;
      strength[i] = xy * xy - xx * yy;
    }
  }
  const found: Saddle[] = [];
  for (let y = apart; y < height - apart; y++) {
    for (let x = apart; x < width - apart; x++) {
      const i = y * width + x;
      const value = strength[i] as number;
      if (!(value > 0) || !isMaximum(strength, width, i, value)) continue;
      found.push({
        x: x + peak(strength[i - 1] as number, value, strength[i + 1] as number),
        y: y + peak(strength[i - width] as number, value, strength[i + width] as number),
        strength: value,
      });
    }
  }
  return found.sort((a, b) => b.strength - a.strength).slice(0, most);
}

function isMaximum(values: Float32Array, width: number, i: number, value: number): boolean {
  // The four next to it first: they decide nearly always.
  if ((values[i - 1] as number) > value || (values[i + 1] as number) >= value) return false;
  if ((values[i - width] as number) > value || (values[i + width] as number) >= value) return false;
  for (let dy = -apart; dy <= apart; dy++) {
    for (let dx = -apart; dx <= apart; dx++) {
      const other = values[i + dy * width + dx] as number;
      // Of equal ones the first counts.
      if (other > value || (other === value && (dy < 0 || (dy === 0 && dx < 0)))) return false;
    }
  }
  return true;
}

/** Where a parabola through three equally spaced values has its top, from the middle one. */
function peak(before: number, at: number, after: number): number {
  const bend = before - 2 * at + after;
  return bend < 0 ? Math.min(0.5, Math.max(-0.5, (before - after) / (2 * bend))) : 0;
}
