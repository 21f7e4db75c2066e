import { hcl } from 'd3-color';
import type { ClassRecord } from '../../../src/engine/contract/index.ts';

export type Rgb = readonly [number, number, number];

/** Degrees of hue from one class to the next: the golden angle, so that any few in a row lie far apart. */
const goldenAngle = 137.508;
const lightnesses = [78, 60, 42, 88];

/**
 * The colours of a class map, number 0 first. Where the file has none, 0 is grey (it usually means "none") and the others
 * differ by hue, and in turns by lightness.
 */
export function paletteOf(classes: readonly ClassRecord[]): Rgb[] {
  return classes.map(({ rgb }, number) => {
    if (rgb !== null) return rgb;
    if (number === 0) return [96, 100, 106];
    const { r, g, b } = hcl(30 + number * goldenAngle, 45, lightnesses[number % lightnesses.length] ?? 60)
      .rgb()
      .clamp();
    return [Math.round(r), Math.round(g), Math.round(b)];
  });
}
