import { parseNumber } from '../base/parseNumber.ts';
import type { Camera } from './camera.ts';
import type { CameraFile } from './cameraFiles.ts';
import { malformed } from './problems.ts';

/** A matrix as a file states it. */
interface StatedMatrix {
  name: string;
  rows: number;
  cols: number;
  data: number[];
}

const cameraNames = ['camera_matrix', 'cameramatrix', 'k', 'm1', 'k1', 'intrinsic_matrix', 'mtx'];
const distortionNames = ['distortion_coefficients', 'distcoeffs', 'd', 'd1', 'dist'];
const remedy = 'Give a file with camera_matrix (3 x 3) and distortion_coefficients (k1, k2, p1, p2, k3).';

/**
 * A camera from OpenCV's YAML or XML, or from ROS' camera_info YAML. Names are taken whatever their case; of a stereo pair
 * (M1, D1, M2, D2) the first camera is taken. `imageSize` null: the file does not state it. Throws `malformed-file` for
 * what holds no camera, `data` of a wrong length, and distortion beyond k1, k2, p1, p2, k3.
 */
export function readCameraFile(
  text: string,
  file: string,
): { camera: Camera; imageSize: CameraFile['imageSize'] | null } {
  const isXml = /^\uFEFF?\s*</.test(text);
  const matrices = isXml ? xmlMatrices(text, file) : yamlMatrices(text, file);
  const find = (names: readonly string[]): StatedMatrix | undefined =>
    names.flatMap((name) => matrices.filter((matrix) => matrix.name.toLowerCase() === name))[0];
  const k = find(cameraNames);
  if (k === undefined) throw malformed(file, 'holds no camera matrix', remedy);
  if (k.rows !== 3 || k.cols !== 3) {
    throw malformed(file, `has a ${k.name} of ${k.rows} x ${k.cols} numbers, not 3 x 3`, remedy, {
      field: k.name,
    });
  }
  const [fx, skew, cx, below, fy, cy, ...last] = k.data as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!(fx > 0 && fy > 0) || below !== 0 || last.join() !== '0,0,1') {
    throw malformed(file, `has a ${k.name} that is not [[fx, s, cx], [0, fy, cy], [0, 0, 1]]`, remedy, {
      field: k.name,
    });
  }
  const distortion = find(distortionNames);
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0, ...more] = distortion?.data ?? [];
  const model = /^\s*distortion_model\s*:\s*"?([\w-]+)/m.exec(text)?.[1] ?? 'plumb_bob';
  if (!['plumb_bob', 'rational_polynomial'].includes(model) || more.some((value) => value !== 0)) {
    throw malformed(file, 'has a distortion model that is not k1, k2, p1, p2, k3', remedy, {
      field: distortion?.name ?? 'distortion_model',
    });
  }
  const size = ['image_width', 'image_height'].map((name) => {
    const found = new RegExp(isXml ? `<${name}>\\s*(\\d+)` : `^\\s*${name}\\s*:\\s*(\\d+)`, 'im').exec(text);
    return found === null ? 0 : Number(found[1]);
  }) as [number, number];
  return {
    camera: { fx, fy, cx, cy, skew, k1, k2, p1, p2, k3 },
    imageSize: size[0] > 0 && size[1] > 0 ? size : null,
  };
}

/** `name: !!opencv-matrix` or `name:` with rows, cols and data [ ... ] below it. */
function yamlMatrices(text: string, file: string): StatedMatrix[] {
  const pattern =
    /^[ \t]*([\w-]+)[ \t]*:[ \t]*(?:!!opencv-matrix)?[ \t]*\r?\n\s+rows[ \t]*:[ \t]*(\d+)\s+cols[ \t]*:[ \t]*(\d+)\s+(?:dt[ \t]*:[ \t]*\S+\s+)?data[ \t]*:[ \t]*\[([^\]]*)\]/gm;
  return [...text.matchAll(pattern)].map(([, name = '', rows, cols, data = '']) =>
    stated(file, name, rows, cols, data.split(',')),
  );
}

/** `<name type_id="opencv-matrix">` with rows, cols and data inside. */
function xmlMatrices(text: string, file: string): StatedMatrix[] {
  const pattern = /<([\w-]+)\s+type_id="opencv-matrix"\s*>([\s\S]*?)<\/\1>/g;
  return [...text.matchAll(pattern)].map(([, name = '', content = '']) => {
    const inner = (tag: string): string =>
      new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(content)?.[1]?.trim() ?? '';
    return stated(file, name, inner('rows'), inner('cols'), inner('data').split(/\s+/));
  });
}

function stated(
  file: string,
  name: string,
  rows: string | undefined,
  cols: string | undefined,
  cells: readonly string[],
): StatedMatrix {
  const data = cells.map((cell) => parseNumber(cell));
  const out = { name, rows: Number(rows), cols: Number(cols), data: data.map((value) => value ?? NaN) };
  if (out.rows * out.cols !== data.length || !out.data.every(Number.isFinite)) {
    throw malformed(
      file,
      `has a ${name} that does not hold ${out.rows} x ${out.cols} numbers`,
      'Check that the file is whole.',
      { field: name },
    );
  }
  return out;
}
