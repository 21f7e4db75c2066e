import type { CalibrationMatrixAnswer, CalibrationMatrixRequest } from '../contract/calibration.ts';
import { fieldOfView, matrixOf } from './camera.ts';
import { invalid } from './problems.ts';

/**
 * K without any photo, from a focal length in millimetres and the sensor's density in pixels a millimetre:
 * fx = f mx, fy = f my [px]. Angles in degrees where the image size is known. Throws `invalid-request` by the field's name.
 */
export function knownMatrix(request: CalibrationMatrixRequest): CalibrationMatrixAnswer {
  const { focalMm, density, centre, skew = 0, imageSize } = request;
  const [mx, my] = density;
  const [cx, cy] = centre;
  const positive = (field: string, value: number, what: string, remedy: string): void => {
    if (value > 0 && Number.isFinite(value)) return;
    throw invalid(field, `${what} is ${value}, not a number above 0.`, remedy);
  };
  const byPitch = 'Give pixels a millimetre along x and y: 1000 / pixel pitch in micrometres.';
  positive('focalMm', focalMm, 'The focal length', 'Give it in millimetres.');
  positive('density', mx, 'The density mx', byPitch);
  positive('density', my, 'The density my', byPitch);
  for (const [field, value] of [
    ['centre', cx],
    ['centre', cy],
    ['skew', skew],
  ] as const) {
    if (!Number.isFinite(value))
      throw invalid(field, `${field} holds ${value}, not a number.`, 'Give it in pixels.');
  }
  for (const value of imageSize ?? []) {
    positive('imageSize', value, 'A side of the image', 'Give width and height in pixels.');
  }
  const [fx, fy] = [focalMm * mx, focalMm * my];
  const camera = { fx, fy, cx, cy, skew };
  const notes = [
    mx === my
      ? `Pixels are square, so both focal values are the same: f = ${focalMm} mm is ${fx} px.`
      : `One lens of f = ${focalMm} mm is ${fx} px along x and ${fy} px along y, for a millimetre of the sensor holds ` +
        `${mx} pixels along x and ${my} along y.`,
  ];
  if (imageSize !== undefined && (cx < 0 || cy < 0 || cx > imageSize[0] || cy > imageSize[1])) {
    notes.push(
      `The principal point (${cx}, ${cy}) lies outside the image of ${imageSize.join(' x ')} pixels.`,
    );
  }
  return {
    K: matrixOf(camera),
    ...camera,
    focalMm,
    density: [mx, my],
    pixelPitchUm: [1000 / mx, 1000 / my],
    fieldOfViewDeg: imageSize === undefined ? null : fieldOfView(camera, imageSize),
    notes,
  };
}
