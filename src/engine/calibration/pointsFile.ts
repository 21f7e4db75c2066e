import type { CalibrationPoints } from '../contract/calibration.ts';
import { readCornersVnl } from './cornersVnl.ts';
import { readPointsCsv } from './pointsCsv.ts';
import { readPointsJson } from './pointsJson.ts';

/** What a file of points may leave out. */
export interface PointsFileOptions {
  /** [width, height] of the photos in pixels. */
  imageSize?: readonly [number, number] | undefined;
  /** [columns, rows] of the board's inner corners. */
  board?: readonly [number, number] | undefined;
}

/**
 * Points of a text file, whose kind is told by its content: JSON ({imageSize, views} or {board, image_size, corners}), mrcal's
 * corners.vnl (a line "# filename x y ..."), or CSV with columns view, X, Y, u, v. Throws `malformed-file` with row and column
 * from 1, `invalid-request` where the image size or the board is not known.
 */
export function readPoints(text: string, file: string, options: PointsFileOptions = {}): CalibrationPoints {
  const content = text.replace(/^\uFEFF/, '');
  if (/^\s*[{[]/.test(content)) return readPointsJson(content, file, options);
  if (/^\s*#\s*filename\s/m.test(content)) return readCornersVnl(content, file, options);
  return readPointsCsv(content, file, options);
}
