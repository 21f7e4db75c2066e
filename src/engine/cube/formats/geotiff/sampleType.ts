import type { Assumption } from '../../../contract/cube.ts';
import type { DataType } from '../../../base/dataTypes.ts';

/** What the tags say of one sample: a type of ours, or why there is none. */
export type SampleType =
  { dataType: DataType; bits: number; assumption: Assumption | null } | { unsupported: string };

const byFormat: Partial<Record<number, Partial<Record<number, DataType>>>> = {
  1: { 8: 'uint8', 16: 'uint16', 32: 'uint32', 64: 'uint64' },
  2: { 8: 'int8', 16: 'int16', 32: 'int32', 64: 'int64' },
  3: { 16: 'float16', 32: 'float32', 64: 'float64' },
  6: { 64: 'complex64', 128: 'complex128' },
};

const formatNames: Partial<Record<number, string>> = {
  1: 'unsigned integers',
  2: 'signed integers',
  3: 'floating-point numbers',
  5: 'complex integers',
  6: 'complex floating-point numbers',
};

/**
 * The stored type from BitsPerSample and SampleFormat: one value for all samples or one each (TIFF 6.0 defaults: 1 bit,
 * unsigned). Formats: 1 unsigned, 2 signed, 3 floating point, 4 undefined (read as unsigned, as GDAL does), 5 complex
 * integer, 6 complex floating point.
 */
export function sampleType(bits: ArrayLike<number>, formats: ArrayLike<number> | null): SampleType {
  const width = bits[0] ?? 1;
  const stated = formats?.[0] ?? 1;
  for (let i = 1; i < bits.length; i++) {
    if (bits[i] !== width) return { unsupported: `bands of different width (${width} and ${bits[i]} bits)` };
  }
  for (let i = 1; formats !== null && i < formats.length; i++) {
    if (formats[i] !== stated) {
      return { unsupported: `bands of different types (${nameOf(stated)} and ${nameOf(formats[i] ?? 1)})` };
    }
  }
  const format = stated === 4 ? 1 : stated;
  const dataType = byFormat[format]?.[width];
  if (dataType === undefined) return { unsupported: `${nameOf(format)} of ${width} bits` };
  const assumption =
    stated === 4
      ? { field: 'dataType', value: dataType, why: 'The file leaves the type of its samples undefined.' }
      : null;
  return { dataType, bits: width, assumption };
}

const nameOf = (format: number): string => formatNames[format] ?? `sample format ${format}`;
