import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ByteOrder, DataType, Interleave } from '../src/engine/base/dataTypes.ts';

// For tests only: cubes written byte by byte from a function of line, sample and band, and what an API must say of them.

/** A stored value: complex ones as [re, im]. */
export type Stored = number | bigint | [number, number];

export interface TestCube {
  lines: number;
  samples: number;
  bands: number;
  dataType: DataType;
  stored: (line: number, sample: number, band: number) => Stored;
}

/** ENVI's type codes, from its documentation. */
export const enviCodes: Partial<Record<DataType, number>> = {
  uint8: 1,
  int16: 2,
  int32: 3,
  float32: 4,
  float64: 5,
  complex64: 6,
  complex128: 9,
  uint16: 12,
  uint32: 13,
  int64: 14,
  uint64: 15,
};
export const enviTypes = Object.keys(enviCodes) as DataType[];

/** Values all over the range of a type, no two neighbours alike; floats with NaN and infinity here and there. */
export function variedValue(dataType: DataType, place: number): Stored {
  const float = place % 29 === 3 ? NaN : place % 31 === 5 ? Infinity : (place - 400) * 0.375;
  switch (dataType) {
    case 'uint8':
      return (place * 7) % 256;
    case 'int8':
      return ((place * 7) % 256) - 128;
    case 'uint16':
      return (place * 523) % 65_536;
    case 'int16':
      return ((place * 523) % 65_536) - 32_768;
    case 'uint32':
      return (place * 130_000_027) % 2 ** 32;
    case 'int32':
      return ((place * 130_000_027) % 2 ** 32) - 2 ** 31;
    case 'uint64':
      return place % 5 === 0 ? BigInt(place) : 2n ** 64n - 1n - BigInt(place) * 12_345_678_901_234n;
    case 'int64':
      return place % 5 === 0 ? -BigInt(place) : BigInt(place - 300) * 1_234_567_890_123_457n;
    case 'float16':
      return place % 29 === 3 ? NaN : (place % 2000) - 1000.5 + ((place % 2000) - 1000.5 > 0 ? 0.5 : -0.5);
    case 'float32':
      return Math.fround(float);
    case 'float64':
      return float * Math.PI;
    case 'complex64':
      return [Math.fround(float), (place % 41) - 20];
    case 'complex128':
      return [float / 3, place / 7 - 40];
  }
}

/** A cube of varied values. */
export function variedCube(
  dataType: DataType,
  [lines, samples, bands]: readonly [number, number, number],
): TestCube {
  const stored = (line: number, sample: number, band: number): Stored =>
    variedValue(dataType, (line * samples + sample) * bands + band);
  return { lines, samples, bands, dataType, stored };
}

/** The bytes of a cube's pixels. */
export function rawBytes(
  cube: TestCube,
  interleave: Interleave,
  byteOrder: ByteOrder,
  headerOffset = 0,
): Uint8Array {
  const { lines, samples, bands } = cube;
  const width = { 8: 1, 16: 2, 32: 4, 64: 8 }[Number(/\d+$/.exec(partType(cube.dataType))?.[0])] ?? 0;
  const parts = cube.dataType.startsWith('complex') ? 2 : 1;
  const bytes = new Uint8Array(headerOffset + lines * samples * bands * width * parts).fill(
    0xa5,
    0,
    headerOffset,
  );
  const view = new DataView(bytes.buffer);
  for (let line = 0; line < lines; line++) {
    for (let sample = 0; sample < samples; sample++) {
      for (let band = 0; band < bands; band++) {
        const place = placeOf({ line, sample, band }, cube, interleave);
        const value = cube.stored(line, sample, band);
        (Array.isArray(value) ? value : [value]).forEach((part, k) => {
          put(
            view,
            headerOffset + (place * parts + k) * width,
            partType(cube.dataType),
            part,
            byteOrder === 'little',
          );
        });
      }
    }
  }
  return bytes;
}

function placeOf(
  { line, sample, band }: { line: number; sample: number; band: number },
  { lines, samples, bands }: TestCube,
  interleave: Interleave,
): number {
  if (interleave === 'bsq') return (band * lines + line) * samples + sample;
  return interleave === 'bil'
    ? (line * bands + band) * samples + sample
    : (line * samples + sample) * bands + band;
}

const partType = (dataType: DataType): DataType =>
  dataType === 'complex64' ? 'float32' : dataType === 'complex128' ? 'float64' : dataType;

function put(view: DataView, at: number, type: DataType, value: number | bigint, little: boolean): void {
  const number = Number(value);
  if (type === 'uint64') view.setBigUint64(at, BigInt(value), little);
  else if (type === 'int64') view.setBigInt64(at, BigInt(value), little);
  else if (type === 'float64') view.setFloat64(at, number, little);
  else if (type === 'float32') view.setFloat32(at, number, little);
  else if (type === 'float16') view.setFloat16(at, number, little);
  else if (type === 'uint32') view.setUint32(at, number, little);
  else if (type === 'int32') view.setInt32(at, number, little);
  else if (type === 'uint16') view.setUint16(at, number, little);
  else if (type === 'int16') view.setInt16(at, number, little);
  else view.setUint8(at, number & 255);
}

/** Writes an ENVI pair, X.img and X.hdr, with further header lines. */
export function writeEnvi(
  folder: string,
  stem: string,
  cube: TestCube,
  storage: { interleave?: Interleave; byteOrder?: ByteOrder; headerOffset?: number; ending?: string } = {},
  further: readonly string[] = [],
): string {
  const { interleave = 'bsq', byteOrder = 'little', headerOffset = 0, ending = '.img' } = storage;
  const file = path.join(folder, `${stem}${ending}`);
  const header = [
    'ENVI',
    `samples = ${cube.samples}`,
    `lines = ${cube.lines}`,
    `bands = ${cube.bands}`,
    `header offset = ${headerOffset}`,
    'file type = ENVI Standard',
    `data type = ${enviCodes[cube.dataType]}`,
    `interleave = ${interleave}`,
    `byte order = ${byteOrder === 'little' ? 0 : 1}`,
    ...further,
  ];
  writeFileSync(file, rawBytes(cube, interleave, byteOrder, headerOffset));
  writeFileSync(path.join(folder, `${stem}.hdr`), `${header.join('\n')}\n`);
  return file;
}

/** A stored value as JSON must carry it. */
export function storedJson(value: Stored): unknown {
  if (Array.isArray(value)) return value.every(Number.isFinite) ? value : null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return value >= -(2n ** 53n) + 1n && value <= 2n ** 53n - 1n ? Number(value) : value.toString();
}

/** The value of a stored one without scale and nodata: complex as magnitude. */
export const plainValue = (value: Stored): number =>
  Array.isArray(value) ? Math.hypot(value[0], value[1]) : Number(value);

/** A band's stored values, line by line. */
export function bandOf(cube: TestCube, band: number): Stored[] {
  const out: Stored[] = [];
  for (let line = 0; line < cube.lines; line++) {
    for (let sample = 0; sample < cube.samples; sample++) out.push(cube.stored(line, sample, band));
  }
  return out;
}

/** Numbers of a stored array as plain stored values. */
export const flat = (values: readonly Stored[]): (number | bigint)[] =>
  values.flatMap((value) => (Array.isArray(value) ? value : [value]));

/** Sum, extremes and count by exact integers, or in plain float64. */
export function naiveStatistics(values: readonly Stored[]): {
  sum: number | bigint;
  min: number | bigint | null;
  max: number | bigint | null;
  count: number;
} {
  if (
    typeof values[0] === 'bigint' ||
    values.every((value) => typeof value === 'number' && Number.isInteger(value))
  ) {
    const integers = values.map((value) => BigInt(value as number | bigint));
    const sorted = [...integers].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const sum = integers.reduce((total, value) => total + value, 0n);
    return { sum, min: sorted[0] ?? null, max: sorted.at(-1) ?? null, count: integers.length };
  }
  const finite = values.map(plainValue).filter(Number.isFinite);
  const sum = finite.reduce((total, value) => total + value, 0);
  return { sum, min: Math.min(...finite), max: Math.max(...finite), count: finite.length };
}
