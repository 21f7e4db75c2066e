import type { CalibrationAnswer } from '../../contract/calibration.ts';
import { decimals, place } from '../svgText.ts';

const width = 520;

/** How many corners lie in each cell of the image, as HTML with an SVG in the image's proportions. */
export function coverageMap({ coverage, imageSize }: CalibrationAnswer): string {
  const { columns, rows, counts, share } = coverage;
  const largest = counts.flat().reduce((a, b) => Math.max(a, b), 0);
  if (columns < 1 || rows < 1 || largest === 0) return '<p>No corner lies inside the image.</p>';
  // A very long image would leave no room for the figures in its cells.
  const height = Math.max(rows * 18, (width * imageSize[1]) / imageSize[0]);
  const [w, h] = [width / columns, height / rows];
  const cells = counts.flatMap((line, row) =>
    line.map((count, column) => {
      const where = `x="${place(column * w)}" y="${place(row * h)}" width="${place(w)}" height="${place(h)}"`;
      // Equal steps to the eye: few cells hold many corners.
      const shade = Math.sqrt(count / largest) * 0.75;
      const fill =
        count === 0 ? 'class="cell empty"' : `class="cell shade" fill-opacity="${shade.toFixed(3)}"`;
      return `<rect ${fill} ${where}/><text class="${count === 0 ? 't' : 'n'}" x="${place((column + 0.5) * w)}" y="${place((row + 0.5) * h + 4)}" text-anchor="middle">${count}</text>`;
    }),
  );
  return [
    `<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 ${width + 2} ${place(height + 2)}" style="max-width:${width + 100}px" role="img" aria-label="Corners in each cell of the image">`,
    ...cells,
    `</svg><figcaption>Corners of all included views in each cell of the image (${imageSize[0]} × ${imageSize[1]} px). ${decimals(100 * share, 0)} % of the cells hold at least one. Where there are none, above all in the corners of the image, the distortion is a guess.</figcaption></figure>`,
  ].join('\n');
}
