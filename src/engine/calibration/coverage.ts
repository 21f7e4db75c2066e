import type { CalibrationCoverage } from '../contract/calibration.ts';
import type { ViewPoints } from './views.ts';

/** Cells along the longer side. */
const cellsAlong = 10;

/** How the corners of all views spread over the image: a grid of about square cells, ten along the longer side. */
export function coverageOf(
  views: readonly ViewPoints[],
  [width, height]: readonly [number, number],
): CalibrationCoverage {
  const cell = Math.max(width, height) / cellsAlong;
  const columns = Math.max(1, Math.round(width / cell));
  const rows = Math.max(1, Math.round(height / cell));
  const counts = Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
  for (const { image, count } of views) {
    for (let i = 0; i < count; i++) {
      // The first pixel's centre is at 0: it reaches from -1/2 to 1/2.
      const column = Math.floor((((image[2 * i] as number) + 0.5) / width) * columns);
      const line = counts[Math.floor((((image[2 * i + 1] as number) + 0.5) / height) * rows)];
      if (line?.[column] !== undefined) line[column] += 1;
    }
  }
  const filled = counts.flat().filter((count) => count > 0).length;
  return { share: filled / (columns * rows), columns, rows, counts };
}
