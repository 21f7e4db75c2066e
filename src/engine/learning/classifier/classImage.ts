import type { ClassFormat } from '../../contract/classifierJobs.ts';
import type { ClassRecord } from '../../contract/cube.ts';
import { CubelensError } from '../../base/errors.ts';
import { textCell } from '../../exports/csv.ts';
import type { ClassifierModel } from './model.ts';

/** Codes of uint8 without the one of unclassified pixels. */
const mostClasses = 255;

/** Well apart, also for people who see red and green alike (M. Okabe and K. Ito, 2008), without black. */
const firstColours: [number, number, number][] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
];

/** Class of an image, its colour chosen. */
export type ColouredClass = ClassRecord & { rgb: [number, number, number] };

/** The code of each class of a classifier: as in the class map that it learnt, else from 1. */
export const codesOf = ({ classes, map }: Pick<ClassifierModel, 'classes' | 'map'>): number[] =>
  map?.codes ?? classes.map((_, k) => k + 1);

/**
 * The classes of an image by their code: 0 unclassified and black; the others with the names and colours of the class map that was
 * learnt, or named by the classifier. Throws `out-of-range` where a byte cannot tell them apart.
 */
export function classRecords({ classes, map }: Pick<ClassifierModel, 'classes' | 'map'>): ColouredClass[] {
  if (classes.length > mostClasses) {
    throw new CubelensError(
      'out-of-range',
      `A class image tells ${mostClasses} classes apart, not ${classes.length}.`,
      {
        field: 'classes',
        remedy: 'Train a classifier of fewer classes.',
      },
    );
  }
  const others: readonly ClassRecord[] =
    map?.records.slice(1) ?? classes.map((name) => ({ name, rgb: null }));
  return [
    { name: 'Unclassified', rgb: [0, 0, 0] },
    ...others.map(({ name, rgb }, k): ColouredClass => {
      const [red, green, blue] = rgb ?? firstColours[k] ?? furtherColour(k);
      return { name, rgb: [red, green, blue] };
    }),
  ];
}

/** Hues a golden angle apart, lighter and darker in turn. */
function furtherColour(k: number): [number, number, number] {
  const hue = (k * 137.508) % 360;
  const lightness = [0.45, 0.7, 0.3][k % 3] ?? 0.5;
  const channel = (shift: number): number => {
    const at = (shift + hue / 30) % 12;
    const reach = 0.75 * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** The heading of a CSV. */
export const csvHeading = 'line,sample,class,probability\r\n';

/** Pixels of whole lines that are classified: code (0 unclassified) and probability (NaN) of each. */
export interface ClassedLines {
  line0: number;
  samples: number;
  codes: Uint8Array;
  probability: Float32Array;
}

/** The bytes of such pixels: codes, the colours of a picture (unclassified ones transparent), or rows of a CSV. */
export function classBytes(
  format: ClassFormat,
  { line0, samples, codes, probability }: ClassedLines,
  classes: readonly ColouredClass[],
): Uint8Array {
  if (format === 'png') {
    const out = new Uint8Array(4 * codes.length);
    codes.forEach((code, pixel) => {
      if (code === 0) return;
      out.set(classes[code]?.rgb ?? [0, 0, 0], 4 * pixel);
      out[4 * pixel + 3] = 255;
    });
    return out;
  }
  if (format !== 'csv') return codes;
  const rows: string[] = [];
  codes.forEach((code, pixel) => {
    const [line, sample] = [line0 + Math.floor(pixel / samples), pixel % samples];
    const said =
      code === 0 ? ',' : `${textCell(classes[code]?.name ?? '')},${short(probability[pixel] as number)}`;
    rows.push(`${line},${sample},${said}\r\n`);
  });
  return new TextEncoder().encode(rows.join(''));
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
