import type { GreyImage } from '../../photos/grey.ts';
import { levelAt } from './greyImage.ts';
import type { Saddle } from './saddles.ts';

/** A saddle at which four squares of alternating colour meet. */
export interface Corner extends Saddle {
  /** Angles of its two edges in radians, 0 <= edges[0] < edges[1] < pi (x to y). */
  edges: [number, number];
  /** True where it is light from edges[0] to edges[1] (and opposite), dark from edges[1] on. */
  lightFirst: boolean;
  /** Difference of light and dark in grey levels. */
  contrast: number;
}

const samples = 32;
/** Least difference of light and dark squares in grey levels: below, noise makes corners. */
const leastContrast = 6;
/** Edges leave their corner in opposite directions, but for this angle. */
const straightness = 0.45;
/** The weakest of the four sectors over the strongest. */
const evenness = 0.25;

const cosines = Float64Array.from({ length: samples }, (_, i) => Math.cos((2 * Math.PI * i) / samples));
const sines = Float64Array.from({ length: samples }, (_, i) => Math.sin((2 * Math.PI * i) / samples));

/**
 * The corner at a saddle, or null where the grey levels on a circle of `radius` pixels around it do not change exactly
 * four times between light and dark, opposite sides alike.
 */
export function cornerAt(image: GreyImage, saddle: Saddle, radius: number): Corner | null {
  const { x, y } = saddle;
  const ring = new Float64Array(samples);
  for (let i = 0; i < samples; i++) {
    ring[i] = levelAt(image, x + radius * (cosines[i] as number), y + radius * (sines[i] as number));
  }
  // The level of the saddle itself lies between light and dark, also where the board is unevenly lit.
  const middle = levelAt(image, x, y);
  const changes: number[] = [];
  for (let i = 0; i < samples; i++) {
    const a = (ring[i] as number) - middle;
    const b = (ring[(i + 1) % samples] as number) - middle;
    if (a > 0 === b > 0) continue;
    changes.push(i + a / (a - b));
    if (changes.length > 4) return null;
  }
  const [c0, c1, c2, c3] = changes;
  if (c0 === undefined || c1 === undefined || c2 === undefined || c3 === undefined) return null;
  const step = (2 * Math.PI) / samples;
  const [first, second] = [(c2 - c0) * step - Math.PI, (c3 - c1) * step - Math.PI];
  if (Math.abs(first) > straightness || Math.abs(second) > straightness) return null;
  const sectors = sectorMeans(ring, middle, [c0, c1, c2, c3]);
  const sizes = sectors.map(Math.abs);
  const [weakest, strongest] = [Math.min(...sizes), Math.max(...sizes)];
  const contrast = sizes.reduce((sum, size) => sum + size, 0) / 2;
  if (weakest < evenness * strongest || contrast < leastContrast) return null;
  // Changes 0 and 2 are one line, 1 and 3 the other.
  const a = (((c0 * step + first / 2) % Math.PI) + Math.PI) % Math.PI;
  const b = (((c1 * step + second / 2) % Math.PI) + Math.PI) % Math.PI;
  const light = (sectors[0] as number) > 0;
  return a < b
    ? { ...saddle, edges: [a, b], lightFirst: light, contrast }
    : { ...saddle, edges: [b, a], lightFirst: !light, contrast };
}

/** Means of ring - middle between one change and the next. */
function sectorMeans(ring: Float64Array, middle: number, changes: readonly number[]): number[] {
  return changes.map((from, k) => {
    const to = changes[k + 1] ?? (changes[0] as number) + samples;
    let [sum, count] = [0, 0];
    for (let i = Math.ceil(from); i <= Math.floor(to); i++) {
      sum += (ring[i % samples] as number) - middle;
      count += 1;
    }
    return count === 0 ? 0 : sum / count;
  });
}

/** True where it is light on the side that comes next when turning from direction `angle` (x to y), which is an edge's. */
export function lightAfter({ edges, lightFirst }: Corner, angle: number): boolean {
  const along = lineDistance(edges[0], angle) < lineDistance(edges[1], angle);
  return along === lightFirst;
}

/** Angle between two lines by their angles, 0 to pi / 2. */
export function lineDistance(a: number, b: number): number {
  const d = Math.abs(a - b) % Math.PI;
  return Math.min(d, Math.PI - d);
}
