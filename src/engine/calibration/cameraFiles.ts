import type { CameraFormat } from '../contract/calibration.ts';
import type { Camera } from './camera.ts';
import { matrixOf } from './camera.ts';

/** A camera as files state it. */
export interface CameraFile {
  /** [width, height] in pixels. */
  imageSize: readonly [number, number];
  camera: Camera;
}

/** A number as OpenCV's files write reals: all digits, and a point. */
const real = (value: number): string => {
  const text = String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.` : text;
};

const list = (values: readonly number[]): string => `[ ${values.map(real).join(', ')} ]`;

const coefficients = ({ k1, k2, p1, p2, k3 }: Camera): number[] => [k1, k2, p1, p2, k3];

const openCvMatrix = (name: string, rows: number, cols: number, values: readonly number[]): string =>
  `${name}: !!opencv-matrix\n   rows: ${rows}\n   cols: ${cols}\n   dt: d\n   data: ${list(values)}\n`;

/**
 * A camera as OpenCV's FileStorage YAML, with the names of its calibration sample: image_width, image_height, camera_matrix,
 * distortion_coefficients (k1, k2, p1, p2, k3) and, where given, avg_reprojection_error (the RMS of a point in pixels).
 */
export const openCvYaml = ({ imageSize, camera }: CameraFile, rms?: number): string =>
  `%YAML:1.0\n---\nimage_width: ${imageSize[0]}\nimage_height: ${imageSize[1]}\n` +
  openCvMatrix('camera_matrix', 3, 3, matrixOf(camera).flat()) +
  openCvMatrix('distortion_coefficients', 5, 1, coefficients(camera)) +
  (rms === undefined ? '' : `avg_reprojection_error: ${real(rms)}\n`);

/** As `openCvYaml`, in OpenCV's XML. */
export function openCvXml({ imageSize, camera }: CameraFile, rms?: number): string {
  const matrix = (name: string, rows: number, cols: number, values: readonly number[]): string =>
    `<${name} type_id="opencv-matrix">\n  <rows>${rows}</rows>\n  <cols>${cols}</cols>\n  <dt>d</dt>\n` +
    `  <data>\n    ${values.map(real).join(' ')}</data></${name}>\n`;
  return (
    '<?xml version="1.0"?>\n<opencv_storage>\n' +
    `<image_width>${imageSize[0]}</image_width>\n<image_height>${imageSize[1]}</image_height>\n` +
    matrix('camera_matrix', 3, 3, matrixOf(camera).flat()) +
    matrix('distortion_coefficients', 5, 1, coefficients(camera)) +
    (rms === undefined ? '' : `<avg_reprojection_error>${real(rms)}</avg_reprojection_error>\n`) +
    '</opencv_storage>\n'
  );
}

/** A camera as ROS' camera_info YAML (distortion model plumb_bob; R is the identity, P is K beside a column of zeros). */
export function rosCameraInfo({ imageSize, camera }: CameraFile, name = 'camera'): string {
  const k = matrixOf(camera);
  const matrix = (title: string, rows: number, cols: number, values: readonly number[]): string =>
    `${title}:\n  rows: ${rows}\n  cols: ${cols}\n  data: [${values.join(', ')}]\n`;
  return (
    `image_width: ${imageSize[0]}\nimage_height: ${imageSize[1]}\ncamera_name: ${JSON.stringify(name)}\n` +
    matrix('camera_matrix', 3, 3, k.flat()) +
    'distortion_model: plumb_bob\n' +
    matrix('distortion_coefficients', 1, 5, coefficients(camera)) +
    matrix('rectification_matrix', 3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]) +
    matrix(
      'projection_matrix',
      3,
      4,
      k.flatMap((row) => [...row, 0]),
    )
  );
}

/** A camera as OpenCV or ROS read it; `rms` in pixels where it is known. */
export function cameraText(file: CameraFile, format: Exclude<CameraFormat, 'json'>, rms?: number): string {
  if (format === 'opencv-yaml') return openCvYaml(file, rms);
  return format === 'opencv-xml' ? openCvXml(file, rms) : rosCameraInfo(file);
}
