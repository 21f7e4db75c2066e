/** Numbers of a tile as they came; complex ones as (real, imaginary) pairs. */
export type TileNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** One tile as the engine answered it: planes x lines x samples. */
export interface TileAnswer {
  dataType: string;
  planes: number;
  lines: number;
  samples: number;
  numbers: TileNumbers;
  isComplex: boolean;
  /** One bit a pixel, 1 valid, the first in the highest bit; null where the file has no mask. */
  valid: Uint8Array | null;
  /** In the file's own type: a bigint for 64-bit integers. Null: none. */
  noData: number | bigint | null;
  scale: number | null;
  offset: number | null;
}

interface TypeFacts {
  bytes: number;
  parts: 1 | 2;
  view: (buffer: ArrayBuffer, count: number) => TileNumbers;
}

const types: Record<string, TypeFacts> = {
  uint8: { bytes: 1, parts: 1, view: (buffer, count) => new Uint8Array(buffer, 0, count) },
  int8: { bytes: 1, parts: 1, view: (buffer, count) => new Int8Array(buffer, 0, count) },
  uint16: { bytes: 2, parts: 1, view: (buffer, count) => new Uint16Array(buffer, 0, count) },
  int16: { bytes: 2, parts: 1, view: (buffer, count) => new Int16Array(buffer, 0, count) },
  uint32: { bytes: 4, parts: 1, view: (buffer, count) => new Uint32Array(buffer, 0, count) },
  int32: { bytes: 4, parts: 1, view: (buffer, count) => new Int32Array(buffer, 0, count) },
  uint64: { bytes: 8, parts: 1, view: (buffer, count) => new BigUint64Array(buffer, 0, count) },
  int64: { bytes: 8, parts: 1, view: (buffer, count) => new BigInt64Array(buffer, 0, count) },
  float16: { bytes: 2, parts: 1, view: halfFloats },
  float32: { bytes: 4, parts: 1, view: (buffer, count) => new Float32Array(buffer, 0, count) },
  float64: { bytes: 8, parts: 1, view: (buffer, count) => new Float64Array(buffer, 0, count) },
  complex64: { bytes: 8, parts: 2, view: (buffer, count) => new Float32Array(buffer, 0, 2 * count) },
  complex128: { bytes: 16, parts: 2, view: (buffer, count) => new Float64Array(buffer, 0, 2 * count) },
};

/** Every half is a float32: widened once, because not every browser reads halves itself. */
function halfFloats(buffer: ArrayBuffer, count: number): Float32Array {
  const halves = new Uint16Array(buffer, 0, count);
  return Float32Array.from(halves, halfToNumber);
}

function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * A tile's body by what its headers say; no number is copied where the body can be looked at in place. Throws `Error`
 * with words for people where headers and body do not fit each other.
 */
export function readTileAnswer(headers: Headers, body: ArrayBuffer): TileAnswer {
  const dataType = headers.get('cubelens-data-type') ?? 'none';
  const facts = Object.hasOwn(types, dataType) ? types[dataType] : undefined;
  if (facts === undefined) throw wrongTile(`numbers of type "${dataType}"`);
  const shape = headers.get('cubelens-shape') ?? '';
  const [planes = 0, lines = 0, samples = 0] = /^\d+,\d+,\d+$/.test(shape)
    ? shape.split(',').map(Number)
    : [];
  const count = planes * lines * samples;
  const validBytes = Number(headers.get('cubelens-valid-bytes') ?? '0');
  const pixelBytes = count * facts.bytes;
  const maskFits = validBytes === 0 || validBytes === Math.ceil((lines * samples) / 8);
  if (count === 0 || !maskFits || body.byteLength !== pixelBytes + validBytes) {
    throw wrongTile(`${body.byteLength} bytes for the shape "${shape}"`);
  }
  const factor = (name: string): number | null => {
    const text = headers.get(name);
    return text === null ? null : Number(text);
  };
  return {
    dataType,
    planes,
    lines,
    samples,
    numbers: facts.view(body, count),
    isComplex: facts.parts === 2,
    valid: validBytes === 0 ? null : new Uint8Array(body, pixelBytes),
    noData: noDataOf(headers.get('cubelens-no-data'), dataType),
    scale: factor('cubelens-scale'),
    offset: factor('cubelens-offset'),
  };
}

/** Why a pixel has no value: its number stands for "none", or the file's mask leaves it out. */
export type Missing = 'no-data' | 'masked' | null;

/** Why the pixel number `index` (line after line) of the first plane has no value; null where it has one. */
export function missingAt(tile: TileAnswer, index: number): Missing {
  if (tile.valid !== null && ((tile.valid[index >> 3] ?? 0) & (0x80 >> (index & 7))) === 0) return 'masked';
  const { noData, numbers } = tile;
  if (noData === null) return null;
  const real = numbers[tile.isComplex ? 2 * index : index];
  const imaginary = tile.isComplex ? numbers[2 * index + 1] : 0;
  if (typeof noData === 'number' && Number.isNaN(noData)) return Number.isNaN(real) ? 'no-data' : null;
  return real === noData && imaginary === 0 ? 'no-data' : null;
}

function noDataOf(text: string | null, dataType: string): number | bigint | null {
  if (text === null) return null;
  if (dataType !== 'uint64' && dataType !== 'int64') return Number(text);
  return /^-?\d+$/.test(text) ? BigInt(text) : BigInt(Math.trunc(Number(text)));
}

const wrongTile = (what: string): Error => new Error(`The engine sent a tile that cannot be read: ${what}.`);
