import { CubelensError } from '../../base/errors.ts';
import { fillNote, isFill, mostNumbers, type ReadTable } from './spectraTable.ts';

interface NumberType {
  bytes: number;
  get: (view: DataView, at: number, little: boolean) => number;
}

/** NumPy's types without their byte order. */
const types: Record<string, NumberType | undefined> = {
  f4: { bytes: 4, get: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, get: (view, at, little) => view.getFloat64(at, little) },
  u1: { bytes: 1, get: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, get: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, get: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, get: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, get: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, get: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, get: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i8: { bytes: 8, get: (view, at, little) => Number(view.getBigInt64(at, little)) },
};

/**
 * The samples of an NPY file (numpy.lib.format, C order): an array of n x d, or of lines x samples x d, which gives
 * positions. Columns are named "column N" from 1. Rows with NaN, infinity (in float32) or beyond 1e30 are left out, which the notes count;
 * with `keepMissing` they stay, and `shape` tells the axes before the last.
 * Throws `malformed-file` for damage, `unsupported-format` for other types, axes and orders.
 */
export function tableOfNpy(bytes: Uint8Array, file: string, { keepMissing = false } = {}): ReadTable {
  const { type, little, shape, data } = headerOf(bytes, file);
  const columns = shape.at(-1) ?? 0;
  const all = shape.slice(0, -1).reduce((product, axis) => product * axis, 1);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const values = new Float32Array(all * columns);
  const kept = new Int32Array(all);
  let rows = 0;
  let filled = 0;
  for (let row = 0; row < all; row++) {
    let isWhole = true;
    let isFilled = false;
    for (let k = 0; k < columns; k++) {
      const to = rows * columns + k;
      values[to] = type.get(view, (row * columns + k) * type.bytes, little);
      isWhole &&= keepMissing || Number.isFinite(values[to]);
      isFilled ||= !keepMissing && isFill(values[to] ?? NaN);
    }
    if (isWhole && !isFilled) kept[rows++] = row;
    else if (isFilled) filled += 1;
  }
  if (rows === 0) {
    throw malformed(
      file,
      `none of its ${all} rows is finite and below 1e30`,
      'Give rows without NaN, infinity and fill values.',
    );
  }
  const samples = shape[1] ?? 1;
  const positions = shape.length === 2 ? null : new Int32Array(2 * rows);
  for (let row = 0; positions !== null && row < rows; row++) {
    positions[2 * row] = Math.floor((kept[row] ?? 0) / samples);
    positions[2 * row + 1] = (kept[row] ?? 0) % samples;
  }
  return {
    rows,
    columns,
    values: rows === all ? values : values.slice(0, rows * columns),
    names: Array.from({ length: columns }, (_, k) => `column ${k + 1}`),
    wavelengthsNm: null,
    positions,
    ...(keepMissing ? { shape: shape.slice(0, -1) } : {}),
    classes: null,
    notes: [
      ...(rows + filled < all ? [`Rows left out for a missing value: ${all - rows - filled}.`] : []),
      ...(filled > 0 ? [fillNote('Rows', filled)] : []),
    ],
  };
}

function headerOf(
  bytes: Uint8Array,
  file: string,
): { type: NumberType; little: boolean; shape: number[]; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || latin(bytes.subarray(0, 6)) !== '\x93NUMPY') {
    throw malformed(file, 'this is no NPY file', 'Save the array with numpy.save.');
  }
  const start = bytes[6] === 1 ? 10 : 12;
  const length = start === 10 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw malformed(file, 'it ends within its header', again);
  const header = latin(bytes.subarray(start, start + length));
  const name = /'descr':\s*'([<>|=]?)([a-zA-Z]\d*)'/.exec(header);
  const shapeText = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const type = types[name?.[2] ?? ''];
  if (type === undefined) {
    const said = /'descr':\s*([^\n]{1,40}?)(?:,\s*'|\})/.exec(header)?.[1] ?? 'not stated';
    throw unsupported(file, `its type is ${said}`, 'Save an array of float32, float64 or whole numbers.');
  }
  if (shapeText === undefined || order === undefined) {
    throw malformed(file, 'its header states no shape or order', again);
  }
  if (order === 'True') {
    throw unsupported(file, 'its first axis is fastest', 'Save numpy.ascontiguousarray(array).');
  }
  const shape = shapeText.split(',').flatMap((axis) => (axis.trim() === '' ? [] : [Number(axis)]));
  if (shape.length !== 2 && shape.length !== 3) {
    throw unsupported(
      file,
      `it has ${shape.length} ${shape.length === 1 ? 'axis' : 'axes'}`,
      'Save an array of rows x columns, or of lines x samples x bands.',
    );
  }
  const count = shape.reduce((product, axis) => product * axis, 1);
  if (!shape.every((axis) => Number.isSafeInteger(axis) && axis > 0)) {
    throw malformed(
      file,
      `its shape (${shapeText.slice(0, 60)}) is empty or none`,
      'Save an array that is not empty.',
    );
  }
  if (count > mostNumbers) {
    throw new CubelensError('resource-exhausted', `${file} holds ${count} numbers.`, {
      file,
      remedy: `Save at most ${mostNumbers} numbers.`,
    });
  }
  const data = bytes.subarray(start + length);
  if (data.length !== count * type.bytes) {
    throw malformed(
      file,
      `its header announces ${count * type.bytes} bytes, ${data.length} are there`,
      again,
    );
  }
  return { type, little: name?.[1] !== '>', shape, data };
}

const again = 'Save the array again; the file may be damaged or incomplete.';
const latin = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

const malformed = (file: string, says: string, remedy: string): CubelensError =>
  new CubelensError('malformed-file', `${file}: ${says}.`, { file, remedy });
const unsupported = (file: string, says: string, remedy: string): CubelensError =>
  new CubelensError('unsupported-format', `${file}: ${says}.`, { file, field: 'header', remedy });
