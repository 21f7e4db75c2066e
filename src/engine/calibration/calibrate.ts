import { CubelensError } from '../base/errors.ts';
import type {
  CalibrationAnswer,
  CalibrationOptions,
  CalibrationPoints,
  CalibrationRequest,
  DistortionName,
  FocalModel,
} from '../contract/calibration.ts';
import { coverageOf } from './coverage.ts';
import { compareModels, outlierNotes, ratioNotes, trustNotes } from './explain.ts';
import { fitModel, type Fitted } from './fitModel.ts';
import { homographyOf, relativeMiss } from './homography.ts';
import { invalid } from './problems.ts';
import { describeModel } from './describeModel.ts';
import type { Matrix3 } from './rotation.ts';
import { boardSpacing } from './spacing.ts';
import { checkedViews, type ViewPoints } from './views.ts';

const allDistortion: readonly DistortionName[] = ['k1', 'k2', 'p1', 'p2', 'k3'];

/** Share of their extent by which a board may miss its points: a strong distortion bends lines by less. */
const mostMiss = 0.1;

/**
 * K, distortion and poses from points of a flat board in several views, with one focal length, two, or both (`focal`
 * left out) and the test between them. Closed form by Zhang (2000), then Levenberg-Marquardt; standard deviations from
 * sigma^2 (J'J)^-1 with sigma^2 = SSE / (2N - p). Pixels: the first one's centre is (0, 0). A view that cannot be used is
 * left out and says why. Throws `invalid-request` for what cannot be fitted at all, `degenerate` where the views do not
 * determine K (all boards parallel, too few views), `not-converged`.
 */
export function calibrate(request: CalibrationRequest): CalibrationAnswer {
  const { points, ...options } = request;
  checkOptions(options);
  const { views, homographies, reasons } = usableViews(points);
  if (options.squareMm !== undefined) {
    scaleBoards(views, homographies, options.squareMm / boardSpacing(views[0] as ViewPoints));
  }
  const notes: string[] = [];
  const { free, single } = fitBoth(points, options, views, homographies, notes);
  const asked = options.focal === 'single' ? [single] : [free, single];
  const fits = asked.filter((fit) => fit !== null);
  const first = fits[0] as Fitted;
  const models = fits.map((fit) => describeModel(fit, views, points.imageSize, options.density ?? null));
  const firstModel = models[0] as (typeof models)[number];
  const seen = new Map(views.map(({ index }, v) => [index, firstModel.views[v]]));
  if (free !== null && single !== null) notes.push(...ratioNotes(free, single, options.density ?? null));
  notes.push(...outlierNotes(firstModel, first), ...trustNotes(firstModel, views, points.imageSize));
  return {
    imageSize: [...points.imageSize],
    views: points.views.map(({ name, image, object }, index) => ({
      name,
      found: image.length > 0 || object.length > 0,
      included: seen.has(index),
      rms: seen.get(index)?.rms ?? null,
      max: seen.get(index)?.max ?? null,
      points: image.length,
      reason: reasons.get(index) ?? null,
    })),
    models,
    test:
      free === null || single === null || fits.length < 2
        ? null
        : compareModels(free, single, options.density ?? null),
    coverage: coverageOf(views, points.imageSize),
    translationUnit: options.squareMm === undefined ? 'board' : 'mm',
    notes: [...leftOut(points, reasons), ...notes, ...unitNotes(options), ...fewViews(views.length)],
  };
}

/** Densities and squares outside these are most likely in another unit. */
const plausible = { density: 20, squareMm: [0.5, 2000] } as const;

/** Sentences on numbers that look as if they were given in another unit. */
function unitNotes({ density, squareMm }: CalibrationOptions): string[] {
  const notes: string[] = [];
  const coarse = density?.find((value) => value < plausible.density);
  if (coarse !== undefined) {
    notes.push(
      `A density of ${coarse} px/mm is a pixel pitch of ${Number((1000 / coarse).toPrecision(3))} micrometres: was the pitch ` +
        `given? ${coarse} micrometres are ${Number((1000 / coarse).toPrecision(3))} px/mm.`,
    );
  }
  if (squareMm !== undefined && !(squareMm >= plausible.squareMm[0] && squareMm <= plausible.squareMm[1])) {
    notes.push(
      `A square of ${squareMm} mm is unusual: its side is given in millimetres, and so are the poses.`,
    );
  }
  return notes;
}

const fewViews = (count: number): string[] =>
  count < 3
    ? [
        `Only ${count === 1 ? 'one view takes' : `${count} views take`} part: with fewer than three the deviations mean little.`,
      ]
    : [];

/** Changes the boards' unit in place: points times `scale`, and the homographies that take them to the same pixels. */
function scaleBoards(views: readonly ViewPoints[], homographies: readonly Matrix3[], scale: number): void {
  for (const { object } of views) object.forEach((entry, i) => (object[i] = entry * scale));
  for (const h of homographies) {
    h.forEach((entry, i) => {
      if (i % 3 !== 2) h[i] = entry / scale;
    });
  }
}

/** Views with a homography each, and why others have none. */
function usableViews(points: CalibrationPoints): {
  views: ViewPoints[];
  homographies: Matrix3[];
  reasons: Map<number, string>;
} {
  const { usable, reasons } = checkedViews(points);
  const views: ViewPoints[] = [];
  const homographies: Matrix3[] = [];
  for (const view of usable) {
    const homography = homographyOf(view);
    const miss = homography === null ? Infinity : relativeMiss(homography, view);
    if (homography === null || miss > mostMiss) {
      reasons.set(
        view.index,
        'no flat board fits its points: their order, or the columns and rows of the board, are not those of the image',
      );
    } else {
      views.push(view);
      homographies.push(homography);
    }
  }
  if (views.length === 0) {
    throw invalid(
      'views',
      `No view can be used. ${leftOut(points, reasons).join(' ')}`,
      'Give each view four or more points of a flat board, with as many in the image as on the board.',
    );
  }
  return { views, homographies, reasons };
}

/** A sentence on each reason for which views are left out. */
function leftOut(points: CalibrationPoints, reasons: ReadonlyMap<number, string>): string[] {
  const byReason = new Map<string, string[]>();
  for (const [index, reason] of reasons) {
    const names = byReason.get(reason) ?? [];
    byReason.set(reason, names);
    names.push(points.views[index]?.name ?? String(index + 1));
  }
  return [...byReason].map(([reason, names]) => {
    if (names.length === 1) return `View ${names.join()} is left out: ${reason}.`;
    const rest = names.length > 10 ? ` and ${names.length - 10} more` : '';
    return `Views ${names.slice(0, 10).join(', ')}${rest} are left out: ${reason}.`;
  });
}

/** The models that were asked for, and beside 'single' the free one; null where one was not asked for or cannot be fitted. */
function fitBoth(
  { imageSize, views: all }: CalibrationPoints,
  options: CalibrationOptions,
  views: readonly ViewPoints[],
  homographies: readonly Matrix3[],
  notes: string[],
): { free: Fitted | null; single: Fitted | null } {
  const density = options.density ?? [1, 1];
  const distortion = options.distortion ?? allDistortion;
  const choice = (focal: FocalModel): Parameters<typeof fitModel>[3] => ({
    focal,
    ratio: density[0] / density[1],
    // In the order of the answer, each once.
    distortion: distortion === 'none' ? [] : allDistortion.filter((name) => distortion.includes(name)),
    skew: options.skew ?? false,
    centre: options.centre ?? null,
  });
  const fit = (focal: FocalModel, more?: Parameters<typeof fitModel>[4]): Fitted =>
    fitModel(views, homographies, imageSize, choice(focal), more);
  try {
    if (options.focal === 'single') {
      const single = fit('single');
      // Not asked for: it only shows whether the ratio is wrong.
      const free = orDegenerate(() => fit('free', [single.camera]));
      return { free: free instanceof CubelensError ? null : free, single };
    }
    if (options.focal === 'free') return { free: fit('free'), single: null };
    const free = orDegenerate(() => fit('free'));
    if (free instanceof CubelensError) {
      const single = fit('single');
      notes.push(`Only one focal length can be fitted. ${free.message}`);
      return { free: null, single };
    }
    const single = orDegenerate(() => fit('single', [free.camera]));
    if (single instanceof CubelensError) {
      notes.push(`The model with one focal length cannot be fitted. ${single.message}`);
      return { free, single: null };
    }
    // The free model holds the single one: it never fits worse, unless it stopped in another minimum.
    return { free: single.sse < free.sse ? fit('free', [single.camera]) : free, single };
  } catch (thrown) {
    if (!(thrown instanceof CubelensError) || views.length === all.length) throw thrown;
    const lost = `${all.length - views.length} of ${all.length} views are left out.`;
    throw new CubelensError(thrown.code, `${thrown.message} ${lost}`, thrown.place, thrown);
  }
}

/** The result, or the error of a fit that the data do not allow. */
function orDegenerate(fit: () => Fitted): Fitted | CubelensError {
  try {
    return fit();
  } catch (thrown) {
    if (thrown instanceof CubelensError && (thrown.code === 'degenerate' || thrown.code === 'not-converged'))
      return thrown;
    throw thrown;
  }
}

function checkOptions({ density, squareMm, centre }: CalibrationOptions): void {
  if (density !== undefined && !density.every((value) => value > 0 && Number.isFinite(value))) {
    throw invalid(
      'density',
      `The density is ${density.join(', ')}, not two numbers above 0.`,
      'Give mx and my in pixels a millimetre: 1000 / pixel pitch in micrometres.',
    );
  }
  if (squareMm !== undefined && !(squareMm > 0 && Number.isFinite(squareMm))) {
    throw invalid(
      'squareMm',
      `A square's side is ${squareMm}, not a number above 0.`,
      'Give it in millimetres.',
    );
  }
  if (centre !== undefined && !centre.every(Number.isFinite)) {
    throw invalid(
      'centre',
      `The centre is ${centre.join(', ')}, not two numbers.`,
      'Give cx and cy in pixels.',
    );
  }
}
