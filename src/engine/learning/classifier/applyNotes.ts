import { CubelensError } from '../../base/errors.ts';
import type { CubeDescription } from '../../cube/cube.ts';
import { listed } from '../data/listed.ts';
import type { ClassifierModel } from './model.ts';

/** Pixels of an image that were not classified, and why. */
export interface Unclassified {
  /** All of them. */
  pixels: number;
  /** Those with a value that can only be a fill value. */
  filled: number;
  /** Of each band that the classifier takes, whether a pixel has a value in it. */
  hasValue: readonly boolean[];
}

/**
 * What is to be said of pixels that were not classified. Throws `degenerate` where that is all of them, naming the bands (indexes
 * from 0 in the cube) that hold no value.
 */
export function unclassifiedNotes(
  { file, lines, samples }: Pick<CubeDescription, 'file' | 'lines' | 'samples'>,
  bands: readonly number[],
  { pixels, filled, hasValue }: Unclassified,
): string[] {
  if (pixels === lines * samples) {
    const empty = bands.filter((_, k) => hasValue[k] !== true).map((band) => `band ${band + 1}`);
    const where = empty.length === 0 ? '' : `; none at all in ${listed(empty)}`;
    throw new CubelensError(
      'degenerate',
      `${file}: no pixel has a value in all ${bands.length} bands that the classifier takes${where}.`,
      {
        file,
        field: 'cube',
        remedy:
          'Give a cube of the sensor that the classifier was trained on, with its bands and nodata value.',
      },
    );
  }
  if (filled === 0) return [];
  return [
    `Pixels unclassified for a value beyond 1e30 or far beyond the training's, which is no measurement: ${filled}. ` +
      'Declare it in the header, as "data ignore value".',
  ];
}

/** A note where pixels lie outside the lines and samples that a classifier of the position has seen. */
export function positionNotes(
  { auxiliary, range }: Pick<ClassifierModel, 'auxiliary' | 'range'>,
  { file, lines, samples }: Pick<CubeDescription, 'file' | 'lines' | 'samples'>,
): string[] {
  if (auxiliary !== 'position') return [];
  const [[line0, line1] = [0, 0], [sample0, sample1] = [0, 0]] = range.auxiliary;
  if (line0 <= 0 && sample0 <= 0 && lines - 1 <= line1 && samples - 1 <= sample1) return [];
  return [
    `The classifier takes the position and has seen lines ${line0} to ${line1} and samples ${sample0} to ${sample1}; ` +
      `${file} has ${lines} lines and ${samples} samples: classes outside are guessed.`,
  ];
}
