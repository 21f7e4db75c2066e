import type { CameraAnswer } from '../contract/calibration.ts';
import { fieldOfView, matrixOf, type Camera } from './camera.ts';

/** What a camera of a file says, in words where its numbers ask for some. */
export function cameraAnswer(camera: Camera, imageSize: [number, number] | null): CameraAnswer {
  const { fx, fy, cx, cy, skew, k1, k2, p1, p2, k3 } = camera;
  const notes: string[] = [];
  const percent = (200 * Math.abs(fx - fy)) / (fx + fy);
  if (fx === fy) notes.push('fx and fy are equal: the file holds one focal length for square pixels.');
  else {
    notes.push(
      `fx and fy differ by ${percent.toPrecision(2)} %. Without its deviations a file cannot say whether that is real: ` +
        'calibrate from the photos or points to learn it.',
    );
  }
  if (imageSize !== null && (cx < 0 || cy < 0 || cx > imageSize[0] || cy > imageSize[1])) {
    notes.push('The principal point lies outside the image: check that the file is of photos of this size.');
  }
  return {
    imageSize,
    K: matrixOf(camera),
    fx,
    fy,
    cx,
    cy,
    skew,
    distortion: { k1, k2, p1, p2, k3 },
    fieldOfViewDeg: imageSize === null ? null : fieldOfView(camera, imageSize),
    notes,
  };
}
