import { CubelensError } from '../base/errors.ts';
import { halfOf } from '../base/half.ts';
import { unzip } from '../io/zip.ts';

/** A tensor of real numbers, last axis fastest. */
export interface Tensor {
  /** In its file; empty for the only one. */
  name: string;
  shape: number[];
  values: Float64Array;
}

/** Most numbers of one tensor: 64 heads of 512 tokens in 8 layers. */
const mostNumbers = 2 ** 27;

const malformed = (file: string, message: string, remedy?: string): CubelensError =>
  new CubelensError('malformed-file', `${file}: ${message}`, {
    file,
    ...(remedy === undefined ? {} : { remedy }),
  });

/** An NPY file (numpy.lib.format). Throws `malformed-file`, `unsupported-format` for objects and other types. */
export function readNpy(file: string, bytes: Uint8Array, name = ''): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isNpy = bytes.length >= 10 && bytes[0] === 0x93 && latin(bytes.subarray(1, 6)) === 'NUMPY';
  if (!isNpy) throw malformed(file, 'this is no NPY file.');
  const start = bytes[6] === 1 ? 10 : 12;
  const length = bytes[6] === 1 ? view.getUint16(8, true) : bytes.length < 12 ? NaN : view.getUint32(8, true);
  if (!(start + length <= bytes.length)) throw malformed(file, 'it ends within its header.');
  const header = latin(bytes.subarray(start, start + length));
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (type === undefined || shapeText === undefined)
    throw malformed(file, 'its header names no type or no shape.');
  const shape = shapeText.split(',').flatMap((axis) => (axis.trim() === '' ? [] : [Number(axis)]));
  const values = numbersOf(
    file,
    npyTypes[type.slice(1)],
    type,
    bytes.subarray(start + length),
    shape,
    type.startsWith('>'),
  );
  if (!/'fortran_order':\s*True/.test(header)) return { name, shape, values };
  return { name, shape, values: lastAxisFastest(values, shape) };
}

/** The arrays of an NPZ file, by name. Throws as `readNpy`. */
export async function readNpz(file: string, bytes: Uint8Array): Promise<Tensor[]> {
  const entries = await unzip(bytes, file, (name) => name.endsWith('.npy'));
  return [...entries].map(([name, content]) => readNpy(`${file}/${name}`, content, name.slice(0, -4)));
}

/**
 * The tensors of a safetensors file: eight bytes with the length of a JSON header, the header, the numbers. Throws
 * `malformed-file` where the header lies about them, `unsupported-format` for other types.
 */
export function readSafetensors(file: string, bytes: Uint8Array): Tensor[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? NaN : Number(view.getBigUint64(0, true));
  if (!(8 + length <= bytes.length)) throw malformed(file, 'it ends within its header.');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw malformed(file, 'its header is no JSON.');
  }
  const data = bytes.subarray(8 + length);
  const places: { from: number; to: number }[] = [];
  const tensors = Object.entries(header as Record<string, unknown>)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => {
      const {
        dtype,
        shape,
        data_offsets: place,
      } = entry as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
      const isPlace = isCounts(place) && place.length === 2;
      if (typeof dtype !== 'string' || !isCounts(shape) || !isPlace) {
        throw malformed(file, `the header says no type, shape or place of ${name}.`);
      }
      const [from = 0, to = 0] = place;
      if (from > to || to > data.length) {
        throw malformed(
          file,
          `${name} is said to lie at bytes ${from} to ${to}, but there are ${data.length}.`,
        );
      }
      places.push({ from, to });
      const values = numbersOf(
        `${file}: ${name}`,
        safetensorTypes[dtype],
        dtype,
        data.subarray(from, to),
        shape,
        false,
      );
      return { name, shape, values };
    });
  // Tensors fill the rest of the file, each from where another ends: else two overlap, or something lies between.
  let end = 0;
  for (const { from, to } of places.sort((one, other) => one.from - other.from || one.to - other.to)) {
    if (from !== end)
      throw malformed(file, `a tensor begins at byte ${from}, but the one before it ends at ${end}.`);
    end = to;
  }
  if (end !== data.length) {
    throw malformed(file, `its tensors end at byte ${end}, but ${data.length} follow the header.`);
  }
  return tensors;
}

interface NumberType {
  bytes: number;
  get: (view: DataView, at: number, little: boolean) => number;
}

const types = {
  f2: { bytes: 2, get: (view, at, little) => halfOf(view.getUint16(at, little)) },
  f4: { bytes: 4, get: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, get: (view, at, little) => view.getFloat64(at, little) },
  // The upper half of a float32.
  bf: {
    bytes: 2,
    get: (view, at, little) => {
      half.setUint16(0, view.getUint16(at, little));
      return half.getFloat32(0);
    },
  },
} satisfies Record<string, NumberType>;
const half = new DataView(new ArrayBuffer(4));

const npyTypes: Record<string, NumberType | undefined> = { f2: types.f2, f4: types.f4, f8: types.f8 };
const safetensorTypes: Record<string, NumberType | undefined> = {
  F16: types.f2,
  BF16: types.bf,
  F32: types.f4,
  F64: types.f8,
};

function numbersOf(
  what: string,
  type: NumberType | undefined,
  typeName: string,
  bytes: Uint8Array,
  shape: readonly number[],
  isBigEndian: boolean,
): Float64Array {
  if (type === undefined) {
    const kind = typeName.includes('O') ? 'Python objects' : `numbers of type ${typeName}`;
    throw new CubelensError('unsupported-format', `${what}: ${kind} are no weights.`, {
      remedy: 'Save an array of float16, float32 or float64.',
    });
  }
  const count = shape.reduce((size, axis) => size * axis, 1);
  if (!isCounts(shape) || count > mostNumbers)
    throw malformed(what, `[${shape.join(', ')}] is no shape of weights.`);
  if (bytes.length !== count * type.bytes) {
    throw malformed(what, `${count * type.bytes} bytes are announced, ${bytes.length} are there.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: count }, (_, i) => type.get(view, i * type.bytes, !isBigEndian));
}

/** From first axis fastest. */
function lastAxisFastest(values: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(values.length);
  const place = shape.map(() => 0);
  for (let to = 0; to < out.length; to++) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--)
      from = from * (shape[axis] ?? 1) + (place[axis] ?? 0);
    out[to] = values[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] ?? 0) + 1;
      if ((place[axis] ?? 0) < (shape[axis] ?? 0)) break;
      place[axis] = 0;
    }
  }
  return out;
}

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && (one as number) >= 0);

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
