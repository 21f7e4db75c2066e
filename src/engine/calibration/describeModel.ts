import type { CalibrationModel, ModelViewAnswer } from '../contract/calibration.ts';
import { fieldOfView, matrixOf, type IntrinsicName, type Pose } from './camera.ts';
import type { Fitted } from './fitModel.ts';
import { poseFrame, project } from './projection.ts';
import type { ViewPoints } from './views.ts';

/** Covariance of two intrinsics of a fit, pixels squared where both are; 0 for what was held. */
export function covarianceOf(
  { unknowns, intrinsicCovariance, variance }: Fitted,
  a: IntrinsicName,
  b: IntrinsicName,
): number {
  const size = unknowns.length;
  const slope = (k: number, name: IntrinsicName): number =>
    unknowns[k]?.moves.find(([moved]) => moved === name)?.[1] ?? 0;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      sum += slope(i, a) * slope(j, b) * (intrinsicCovariance?.[i * size + j] ?? NaN);
    }
  }
  return sum * variance;
}

/** Standard deviation of one intrinsic of a fit. */
export const deviationOf = (fit: Fitted, name: IntrinsicName): number =>
  Math.sqrt(covarianceOf(fit, name, name));

/** A fitted model as the answer states it; `density` is [mx, my] in pixels a millimetre where it is known. */
export function describeModel(
  fit: Fitted,
  views: readonly ViewPoints[],
  imageSize: readonly [number, number],
  density: readonly [number, number] | null,
): CalibrationModel {
  const { camera, sse, residualCount, freedom, unknowns, choice } = fit;
  const { fx, fy, cx, cy, skew, k1, k2, p1, p2, k3 } = camera;
  const moved = new Set(unknowns.flatMap(({ moves }) => moves.map(([name]) => name)));
  const sd: Record<string, number> = {};
  for (const name of moved) sd[name] = deviationOf(fit, name);
  const millimetres: Pick<CalibrationModel, 'fMm' | 'fMmAxes'> = {};
  if (density !== null) {
    const [mx, my] = density;
    const x = { value: fx / mx, sd: deviationOf(fit, 'fx') / mx };
    const y = { value: fy / my, sd: deviationOf(fit, 'fy') / my };
    millimetres.fMm = choice.focal === 'single' ? y.value : (x.value + y.value) / 2;
    millimetres.fMmAxes = { x, y };
    const shared = covarianceOf(fit, 'fx', 'fy') / (mx * my);
    sd['fMm'] = choice.focal === 'single' ? y.sd : Math.sqrt(x.sd ** 2 + y.sd ** 2 + 2 * shared) / 2;
  }
  return {
    focal: choice.focal,
    K: matrixOf(camera),
    fx,
    fy,
    cx,
    cy,
    skew,
    distortion: { k1, k2, p1, p2, k3 },
    rms: Math.sqrt((2 * sse) / residualCount),
    sd,
    ...millimetres,
    sse,
    residualCount,
    parameterCount: residualCount - freedom,
    fieldOfViewDeg: fieldOfView(camera, imageSize),
    views: views.map((view, v) => describeView(fit, view, v)),
  };
}

function describeView(fit: Fitted, view: ViewPoints, v: number): ModelViewAnswer {
  const pose = fit.poses[v] as Pose;
  const frame = poseFrame(pose);
  const out = new Float64Array(2);
  const residuals: [number, number][] = [];
  let [sum, largest] = [0, 0];
  for (let i = 0; i < view.count; i++) {
    project(fit.camera, frame, view.object[2 * i] as number, view.object[2 * i + 1] as number, out);
    const du = (view.image[2 * i] as number) - (out[0] as number);
    const dv = (view.image[2 * i + 1] as number) - (out[1] as number);
    residuals.push([du, dv]);
    sum += du * du + dv * dv;
    largest = Math.max(largest, Math.hypot(du, dv));
  }
  const deviations = Array.from(fit.poseVariances[v] as Float64Array, (one) => Math.sqrt(fit.variance * one));
  return {
    name: view.name,
    rms: Math.sqrt(sum / view.count),
    max: largest,
    rotation: pose.rotation,
    translation: pose.translation,
    sd: {
      rotation: deviations.slice(0, 3) as [number, number, number],
      translation: deviations.slice(3) as [number, number, number],
    },
    residuals,
  };
}
