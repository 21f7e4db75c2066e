import { seededRandom } from '../base/random.ts';
import { demoMaterials } from './demoSceneMaterials.ts';
import type { DemoRecipe } from './demoSceneRecipe.ts';

/**
 * The picture of the demo scene, drawn on a map of 320 x 240 units whatever the number of pixels: x grows with the
 * sample, y with the line. Distances below are in these units.
 */
const mapWidth = 320;
const mapHeight = 240;

/** Deterministic smooth pattern over the map: a lattice of random numbers, joined smoothly. */
type Field = (x: number, y: number) => number;

/**
 * Abundances of the five materials: a Float64Array of lines x samples x 5, the material fastest, each pixel's five
 * from 0 to 1 with sum 1. They are the softmax of five smooth scores, so that every border is a mixture.
 */
export function demoAbundances({ lines, samples, seed }: DemoRecipe): Float64Array {
  const count = demoMaterials.length;
  const abundances = new Float64Array(lines * samples * count);
  const score = landscape(seed);
  for (let line = 0; line < lines; line += 1) {
    for (let sample = 0; sample < samples; sample += 1) {
      const x = ((sample + 0.5) * mapWidth) / samples;
      const y = ((line + 0.5) * mapHeight) / lines;
      softmax(score(x, y), abundances, (line * samples + sample) * count);
    }
  }
  return abundances;
}

/** One entry a pixel, 1 where it has no data: a triangle at the top right. */
export function demoNoData({ lines, samples, noDataCorner }: DemoRecipe): Uint8Array {
  const missing = new Uint8Array(lines * samples);
  const leg = Math.round(noDataCorner * Math.min(lines, samples));
  for (let line = 0; line < leg; line += 1) {
    missing.fill(1, (line + 1) * samples - (leg - line), (line + 1) * samples);
  }
  return missing;
}

/** Class of each pixel: 0 where it has no data, else 1 + the material of the largest abundance (lower on a tie). */
export function demoClasses(abundances: Float64Array, missing: Uint8Array): Uint8Array {
  const count = demoMaterials.length;
  return missing.map((noData, pixel) => {
    if (noData === 1) return 0;
    const mixture = abundances.subarray(pixel * count, (pixel + 1) * count);
    return 1 + mixture.indexOf(Math.max(...mixture));
  });
}

function softmax(scores: readonly number[], target: Float64Array, at: number): void {
  const largest = Math.max(...scores);
  let sum = 0;
  for (const [i, score] of scores.entries()) {
    const weight = Math.exp(score - largest);
    target[at + i] = weight;
    sum += weight;
  }
  for (let i = 0; i < scores.length; i += 1) target[at + i] = (target[at + i] ?? 0) / sum;
}

/** The scores of Water, Crop, Soil, Road, Trees at a place of the map. */
function landscape(seed: number): (x: number, y: number) => number[] {
  const plots = parcels(seed);
  const texture = lattice(seed, 1, 7);
  const wood = lattice(seed, 2, 42);
  const grain = lattice(seed, 3, 3);

  return (x, y) => {
    const shore = Math.max(riverDepth(x, y), lakeDepth(x, y)) + 2 * (texture(x, y) - 0.5);
    const bank = Math.exp(-(((shore + 7) / 4) ** 2)) * smoothStep(0.35, 0.6, wood(y, x));
    const forest = smoothStep(0.5, 0.64, wood(x, y) + 0.12 * (texture(x, y) - 0.5) + woodlandLift(x, y));
    const mixture = 0.06 * (grain(x, y) - 0.5) + 0.1 * (texture(y, x) - 0.5);
    const crop = Math.min(0.97, Math.max(0.03, plots(x, y) + mixture));
    return [
      Math.min(7, 1.6 * shore),
      Math.log(crop),
      Math.log(1 - crop),
      9 - 4 * Math.max(0, roadDistance(x, y) - 1.6),
      -5 + 8.5 * Math.max(forest, 0.85 * bank) + 1.5 * (grain(x, y) - 0.5),
    ];
  };
}

/** Distance inside the river's bank (negative on land): a meander that widens downstream. */
function riverDepth(x: number, y: number): number {
  const middle = 166 + 24 * Math.sin(x / 43) + 9 * Math.sin(x / 17 + 1);
  const slope = (24 / 43) * Math.cos(x / 43) + (9 / 17) * Math.cos(x / 17 + 1);
  const halfWidth = 5 + (4 * x) / mapWidth;
  return halfWidth - Math.abs(y - middle) / Math.hypot(1, slope);
}

/** About the distance inside the lake's shore. */
function lakeDepth(x: number, y: number): number {
  const radius = 27;
  return radius * (1 - Math.hypot((x - 236) / 1.45, (y - 62) / 0.95) / radius);
}

/** Distance from the nearer of two roads: one across the map, one that joins it from the south over the river. */
function roadDistance(x: number, y: number): number {
  const below = y - 118 + 0.22 * (x - 160) - 10 * Math.sin(x / 70);
  const main = Math.abs(below) / 1.03;
  const side = below > 0 ? Math.abs(x - 92 - 0.25 * (y - 118)) / 1.03 : Number.POSITIVE_INFINITY;
  return Math.min(main, side);
}

/** Raises the woods in the north west and the south east, so that the pattern of fields stays free between. */
function woodlandLift(x: number, y: number): number {
  const northWest = Math.exp(-((x / 95) ** 2) - (y / 62) ** 2);
  const southEast = Math.exp(-(((x - mapWidth) / 110) ** 2) - ((y - mapHeight) / 48) ** 2);
  return 0.45 * Math.max(northWest, southEast) - 0.16;
}

/** Share of crop in fields of a turned pattern with soft borders; inside, rows and a soft wave along them. */
function parcels(seed: number): Field {
  const random = seededRandom(seed, 10);
  const columns = 16;
  const share = Array.from({ length: columns * columns }, () => random.uniform());
  const at = (i: number, j: number): number => {
    const u =
      share[(((j % columns) + columns) % columns) * columns + (((i % columns) + columns) % columns)] ?? 0;
    // Most fields are either grown or bare.
    return 0.06 + 0.88 * smoothStep(0.25, 0.75, u);
  };
  const [cos, sin] = [Math.cos(0.28), Math.sin(0.28)];
  return (x, y) => {
    const along = (cos * x + sin * y) / 47 + 3;
    const across = (cos * y - sin * x) / 31 + 5;
    const [i, j] = [Math.floor(along), Math.floor(across)];
    const right = smoothStep(0.96, 1.04, along - i) + smoothStep(-0.04, 0.04, along - i) - 1;
    const low = smoothStep(0.94, 1.06, across - j) + smoothStep(-0.06, 0.06, across - j) - 1;
    const field = blend2(at, i, j, right, low);
    return field + 0.05 * Math.sin((across - j) * 2 * Math.PI * 5) + 0.04 * Math.sin(2 * Math.PI * along);
  };
}

/** Mixture of a cell with its neighbours: -1 ... 0 towards the lower index, 0 ... 1 towards the higher. */
function blend2(
  at: (i: number, j: number) => number,
  i: number,
  j: number,
  right: number,
  low: number,
): number {
  const row = (k: number): number => blend(at(i, k), at(i + Math.sign(right), k), Math.abs(right));
  return blend(row(j), row(j + Math.sign(low)), Math.abs(low));
}

/** Smooth noise from 0 to 1 with features of about `cell` units: bilinear between lattice points after a smooth step. */
function lattice(seed: number, stream: number, cell: number): Field {
  const size = 128;
  const random = seededRandom(seed, stream);
  const values = Float64Array.from({ length: size * size }, () => random.uniform());
  const at = (i: number, j: number): number => values[(j & (size - 1)) * size + (i & (size - 1))] ?? 0;
  return (x, y) => {
    const [i, j] = [Math.floor(x / cell), Math.floor(y / cell)];
    const [u, v] = [smoothStep(0, 1, x / cell - i), smoothStep(0, 1, y / cell - j)];
    return blend(blend(at(i, j), at(i + 1, j), u), blend(at(i, j + 1), at(i + 1, j + 1), u), v);
  };
}

const blend = (a: number, b: number, share: number): number => a + (b - a) * share;

/** 0 below `from`, 1 above `to`, a cubic without corners between. */
function smoothStep(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
