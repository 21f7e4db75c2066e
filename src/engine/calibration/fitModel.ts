import { CubelensError } from '../base/errors.ts';
import type { DistortionName, FocalModel } from '../contract/calibration.ts';
import { pinhole, type Camera, type IntrinsicName, type Pose } from './camera.ts';
import { closedFormK, poseOf } from './closedForm.ts';
import { degenerateViews, parallelBoards } from './orientations.ts';
import { degenerate } from './problems.ts';
import { refine, type Refined, type Unknown } from './refine.ts';
import type { Matrix3 } from './rotation.ts';
import type { ViewPoints } from './views.ts';

/** What is fitted. */
export interface ModelChoice {
  focal: FocalModel;
  /** fx / fy of the model 'single'. */
  ratio: number;
  distortion: readonly DistortionName[];
  skew: boolean;
  /** The principal point where it is known. */
  centre: readonly [number, number] | null;
}

export interface Fitted extends Refined {
  choice: ModelChoice;
  unknowns: readonly Unknown[];
  /** Numbers (2 a point) less parameters. */
  freedom: number;
  residualCount: number;
  /** SSE / freedom: sigma squared of one coordinate. */
  variance: number;
}

/** Points up to which every start is tried; beyond, the next one only where one fails. */
const pointsForAllStarts = 20_000;
/** A focal length whose standard deviation passes this share of itself is not determined. */
const largestRelativeDeviation = 0.5;

/** The unknowns of a model; those of 'single' hold fx = ratio fy by moving both. */
export function unknownsOf({ focal, ratio, distortion, skew, centre }: ModelChoice): Unknown[] {
  const alone = (name: IntrinsicName): Unknown => ({ name, moves: [[name, 1]] });
  const names: IntrinsicName[] = [
    ...(centre === null ? (['cx', 'cy'] as const) : []),
    ...(skew ? (['skew'] as const) : []),
    ...distortion,
  ];
  const single: Unknown = {
    name: 'fy',
    moves: [
      ['fx', ratio],
      ['fy', 1],
    ],
  };
  return [...(focal === 'single' ? [single] : [alone('fx'), alone('fy')]), ...names.map(alone)];
}

/**
 * Fits a model to views with their homographies, from Zhang's closed form and from K with the principal point in the middle;
 * `more` are further starts. The best fit counts. Throws `degenerate` where the views do not determine the model,
 * `not-converged` where no start leads to a minimum.
 */
export function fitModel(
  views: readonly ViewPoints[],
  homographies: readonly Matrix3[],
  imageSize: readonly [number, number],
  choice: ModelChoice,
  more: readonly Camera[] = [],
): Fitted {
  const unknowns = unknownsOf(choice);
  const points = views.reduce((sum, { count }) => sum + count, 0);
  const parameters = unknowns.length + 6 * views.length;
  const freedom = 2 * points - parameters;
  if (freedom < 1) {
    throw degenerate(
      `${points} points give ${2 * points} numbers, too few for ${parameters} unknowns (model "${choice.focal}").`,
      'Add views or points, or fit fewer distortion coefficients.',
    );
  }
  const known = {
    zeroSkew: !choice.skew || choice.focal === 'single',
    aspect: choice.focal === 'single' ? choice.ratio : null,
    centre: choice.centre,
  };
  const form = closedFormK(homographies, known);
  if (form.camera === null && form.why === 'rank') {
    throw degenerateViews(views, homographies, imageSize, known, form.singularRatios);
  }
  const starts = startsOf(homographies, imageSize, choice).map((start) => constrained(start, choice));
  const parallel = parallelBoards(views, homographies, starts[0] as Camera);
  // Where only f is unknown, boards that are parallel to each other are enough.
  if (parallel === 'image-plane' || (parallel === 'each-other' && choice.centre === null)) {
    throw degenerateViews(views, homographies, imageSize, known, form.singularRatios, parallel);
  }
  let best: Refined | null = null;
  let failure: unknown = null;
  for (const camera of [...starts, ...more.map((start) => constrained(start, choice))]) {
    if (best !== null && points > pointsForAllStarts) break;
    try {
      const poses = homographies.map((homography) => poseOf(homography, camera));
      if (!poses.every((pose): pose is Pose => pose !== null)) continue;
      const found = refine(views, unknowns, camera, poses);
      if (best === null || found.sse < best.sse) best = found;
    } catch (thrown) {
      if (!(thrown instanceof CubelensError)) throw thrown;
      failure ??= thrown;
    }
  }
  if (best === null) {
    if (failure !== null) throw failure as CubelensError;
    throw degenerate(
      'No real K fits these views: the board is seen from too few directions for their noise.',
      'Tilt the board by 20 to 45 degrees in several directions, and check the order of the points.',
    );
  }
  const fitted: Fitted = {
    ...best,
    choice,
    unknowns,
    freedom,
    residualCount: 2 * points,
    variance: best.sse / freedom,
  };
  checkDetermined(fitted);
  return fitted;
}

/** Cameras to start from, the best guess first. */
function startsOf(
  homographies: readonly Matrix3[],
  imageSize: readonly [number, number],
  { focal, ratio, skew, centre }: ModelChoice,
): Camera[] {
  const aspect = focal === 'single' && !skew ? ratio : null;
  const middle = [(imageSize[0] - 1) / 2, (imageSize[1] - 1) / 2] as const;
  const forms = [
    { zeroSkew: !skew, aspect, centre },
    { zeroSkew: true, aspect, centre: centre ?? middle },
    { zeroSkew: true, aspect: ratio, centre: centre ?? middle },
  ];
  const starts = forms.flatMap((known) => {
    const { camera } = closedFormK(homographies, known);
    return camera === null ? [] : [camera];
  });
  // A lens of about 50 degrees, where noise leaves no closed form.
  return starts.length > 0 ? starts.slice(0, 2) : [pinhole(ratio * imageSize[1], imageSize[1], ...middle)];
}

/** A starting camera, made to obey what the model holds. */
function constrained(start: Camera, { focal, ratio, skew, centre }: ModelChoice): Camera {
  const fy = focal === 'single' ? (start.fx / ratio + start.fy) / 2 : start.fy;
  return {
    ...start,
    fy,
    fx: focal === 'single' ? ratio * fy : start.fx,
    skew: skew ? start.skew : 0,
    ...(centre === null ? {} : { cx: centre[0], cy: centre[1] }),
  };
}

/** Throws `degenerate` where a focal length is lost in its own deviation. */
function checkDetermined({ camera, unknowns, intrinsicCovariance, variance, choice }: Fitted): void {
  const remedy =
    'Add views with the board tilted by 20 to 45 degrees in several directions, or fit fewer coefficients.';
  if (intrinsicCovariance === null) {
    throw degenerate(
      `The views do not determine the model "${choice.focal}": some of its unknowns can be traded for each other.`,
      remedy,
    );
  }
  unknowns.forEach(({ name }, i) => {
    if (name !== 'fx' && name !== 'fy') return;
    const sd = Math.sqrt(variance * (intrinsicCovariance[i * (unknowns.length + 1)] as number));
    const value = camera[name];
    if (sd < largestRelativeDeviation * value) return;
    throw degenerate(
      `The views do not determine the model "${choice.focal}": ${name} = ${value.toPrecision(4)} px has a standard ` +
        `deviation of ${sd.toPrecision(3)} px. The board is seen from too few directions.`,
      remedy,
    );
  });
}
