import type { CalibrationModel, FocalTest } from '../contract/calibration.ts';
import { covarianceOf, deviationOf } from './describeModel.ts';
import { fTail } from './fTest.ts';
import type { Fitted } from './fitModel.ts';
import type { ViewPoints } from './views.ts';

/** p below which the data are said to ask for two focal lengths. */
const significance = 0.05;
/** Points fit exactly where their root mean square distance is below this (pixels): the rest is rounding. */
const exact = 1e-7;

const rmsOf = ({ sse, residualCount }: Fitted): number => Math.sqrt((2 * sse) / residualCount);

/** p for people. */
const probability = (p: number): string =>
  p >= 0.001 ? `p = ${p < 0.1 ? p.toFixed(3) : p.toFixed(2)}` : 'p < 0.001';

const signed = (value: number): string => (value < 0 ? value.toFixed(2) : `+${value.toFixed(2)}`);

/**
 * Does the data ask for two focal lengths? F = (SSE1 - SSE2) / (SSE2 / (2N - p2)) with 1 and 2N - p2 degrees of freedom,
 * SSE1 of the model with one focal length and SSE2 of the one with two; p is the upper tail of the F distribution.
 */
export function compareModels(
  free: Fitted,
  single: Fitted,
  density: readonly [number, number] | null,
): FocalTest {
  const df: [number, number] = [1, free.freedom];
  // Rounding as a floor: points that both models fit exactly would else divide noise by noise.
  const floor = free.residualCount * (exact / 100) ** 2;
  const F = Math.max(0, single.sse - free.sse) / ((free.sse + floor) / free.freedom);
  const p = fTail(F, ...df);
  const figures = `F = ${F < 1e5 ? F.toFixed(2) : F.toExponential(2)}, ${probability(p)}`;
  if (rmsOf(single) < exact) {
    return { F, df, p, verdict: 'both models fit the points exactly: one focal length is enough' };
  }
  if (p >= significance)
    return { F, df, p, verdict: `the data do not ask for two focal lengths (${figures})` };
  const [mx, my] = density ?? [1, 1];
  const [a, b] = [free.camera.fx / mx, free.camera.fy / my];
  const unit = density === null ? 'px' : 'mm';
  const percent = (100 * Math.abs(a - b)) / ((a + b) / 2);
  const names = density === null ? 'fx and fy are' : 'fx / mx and fy / my are';
  const figure = (value: number): string => value.toPrecision(6);
  return {
    F,
    df,
    p,
    verdict:
      `the data ask for two focal lengths (${figures}): ${names} ${figure(a)} and ${figure(b)} ${unit}, ` +
      `${percent.toPrecision(2)} % apart`,
  };
}

/** Sentences on a ratio mx / my that the points contradict. */
export function ratioNotes(
  free: Fitted,
  single: Fitted,
  density: readonly [number, number] | null,
): string[] {
  const { fx, fy, cx, cy } = free.camera;
  const ratio = fx / fy;
  const sd =
    ratio *
    Math.sqrt(
      Math.max(
        0,
        covarianceOf(free, 'fx', 'fx') / fx ** 2 +
          covarianceOf(free, 'fy', 'fy') / fy ** 2 -
          (2 * covarianceOf(free, 'fx', 'fy')) / (fx * fy),
      ),
    );
  const far = Math.abs(ratio - single.choice.ratio) > Math.max(5 * sd, 0.005 * ratio);
  const { p } = compareModels(free, single, density);
  if (!far || p >= 0.001) return [];
  const stated =
    density === null
      ? 'mx / my = 1 (no density was given)'
      : `mx / my = ${single.choice.ratio.toPrecision(6)}`;
  const shift = [single.camera.cx - cx, single.camera.cy - cy] as const;
  const shifted =
    Math.hypot(...shift) > 3 * Math.hypot(deviationOf(free, 'cx'), deviationOf(free, 'cy'))
      ? ` and the principal point moves by (${signed(shift[0])}, ${signed(shift[1])}) px: it takes up the wrong ratio`
      : '';
  return [
    `The constants look wrong: with ${stated} the RMS is ${rmsOf(single).toPrecision(4)} px instead of ` +
      `${rmsOf(free).toPrecision(4)} px${shifted}. The points themselves say fx / fy = ${ratio.toPrecision(6)} +- ` +
      `${sd.toPrecision(2)}. Check the data sheet's pixel pitch, and whether the image was resized or binned along one axis.`,
  ];
}

/** A sentence on views that fit much worse than the others; none is left out for that. */
export function outlierNotes(model: CalibrationModel, fit: Fitted): string[] {
  const sorted = model.views.map(({ rms }) => rms).sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const bad = model.views.filter(({ rms }) => rms > 3 * median && rms > exact);
  if (rmsOf(fit) < exact || sorted.length < 4 || bad.length === 0) return [];
  const list = bad.slice(0, 5).map(({ name, rms }) => `${name} (${rms.toFixed(3)} px)`);
  const more = bad.length > 5 ? ` and ${bad.length - 5} more` : '';
  return [
    `The RMS of ${list.join(', ')}${more} is above three times the median of all views (${median.toFixed(3)} px): ` +
      'look at their points before trusting the result.',
  ];
}

/** Sentences on what makes a result doubtful: a focal length known badly, a large misfit, points outside the image. */
export function trustNotes(
  { fx, sd, rms }: CalibrationModel,
  views: readonly ViewPoints[],
  [width, height]: readonly [number, number],
): string[] {
  const notes: string[] = [];
  const share = (sd['fx'] ?? 0) / fx;
  if (share > 0.02) {
    notes.push(
      `fx is known to +- ${(100 * share).toFixed(1)} % only, however small the RMS is: ` +
        'add views with the board tilted, and near the edges of the image.',
    );
  }
  if (rms > Math.hypot(width, height) / 200) {
    notes.push(
      `The RMS of ${rms.toFixed(2)} px is large: check the order of the points, the board and the image size, ` +
        'and whether distortion coefficients are missing.',
    );
  }
  let outside = 0;
  for (const { image, count } of views) {
    for (let i = 0; i < count; i++) {
      const [u, v] = [image[2 * i] as number, image[2 * i + 1] as number];
      // The outer pixels reach half a pixel beyond their centres; some count from their corners.
      if (u < -1 || v < -1 || u > width || v > height) outside += 1;
    }
  }
  if (outside > 0) {
    notes.push(
      `${outside} points lie outside the image of ${width} x ${height} pixels: check the image size, which decides ` +
        'field of view and coverage.',
    );
  }
  return notes;
}
