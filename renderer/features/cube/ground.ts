import type { CubeInfo } from '../../../src/engine/contract/index.ts';

/** How map coordinates are called and written. */
export interface MapWords {
  x: string;
  y: string;
  unit: string;
  decimals: number;
}

const degreeMetres = 111_319.49;

/** True for longitude and latitude. */
const isGeographic = ({ crs }: CubeInfo): boolean => /^\s*(GEOG|GEODCRS|GEOGCRS)/i.test(crs?.wkt ?? '');

/** Factor from the projected system's unit to metres; the last UNIT of its text is the one of lengths. */
function metresPerUnit({ crs }: CubeInfo): number {
  const units = [...(crs?.wkt ?? '').matchAll(/UNIT\s*\[\s*"[^"]*"\s*,\s*([\d.eE+-]+)/g)];
  const factor = Number(units.at(-1)?.[1] ?? 1);
  return Number.isFinite(factor) && factor > 0 ? factor : 1;
}

/** Lengths of a step by one sample and by one line, in units of the map. */
function steps({ geoTransform }: CubeInfo): { sample: number; line: number } | null {
  if (geoTransform === null) return null;
  const [, a, b, , d, e] = geoTransform;
  return { sample: Math.hypot(a, d), line: Math.hypot(b, e) };
}

/**
 * Metres on the ground that a sample covers; null without a map. In degrees that is so at the image's middle: a degree
 * of longitude shrinks with the cosine of the latitude.
 */
export function metresPerSample(info: CubeInfo): number | null {
  const step = steps(info);
  if (step === null || info.geoTransform === null || info.crs === null) return null;
  if (!isGeographic(info)) return step.sample * metresPerUnit(info);
  const [, , , y0, d, e] = info.geoTransform;
  const latitude = y0 + (info.samples / 2) * d + (info.lines / 2) * e;
  return step.sample * degreeMetres * Math.max(0.01, Math.cos((latitude * Math.PI) / 180));
}

/** How many samples' widths a line is high: pixels need not be square. */
export function aspectOf(info: CubeInfo): number {
  const step = steps(info);
  if (step === null || step.sample === 0 || step.line === 0) return 1;
  const ratio = step.line / step.sample;
  // What is farther from square than that is no picture any more.
  return ratio > 0.05 && ratio < 20 ? ratio : 1;
}

/** Words for map coordinates; decimals for a tenth of a pixel, none where pixels are 10 m or more. */
export function mapWords(info: CubeInfo): MapWords | null {
  const step = steps(info);
  if (step === null) return null;
  const decimals = Math.min(8, Math.max(0, Math.ceil(1 - Math.log10(step.sample || 1))));
  if (isGeographic(info)) return { x: 'Lon', y: 'Lat', unit: '°', decimals };
  return { x: 'E', y: 'N', unit: info.crs === null ? '' : 'm', decimals: step.sample >= 10 ? 0 : decimals };
}
