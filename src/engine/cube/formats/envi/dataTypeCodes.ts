import type { DataType } from '../../../base/dataTypes.ts';

/** ENVI's numbers of data types (IDL's type codes); the others (0, 7, 8, 10, 11) are not numeric. */
const typeByCode = new Map<number, DataType>([
  [1, 'uint8'],
  [2, 'int16'],
  [3, 'int32'],
  [4, 'float32'],
  [5, 'float64'],
  [6, 'complex64'],
  [9, 'complex128'],
  [12, 'uint16'],
  [13, 'uint32'],
  [14, 'int64'],
  [15, 'uint64'],
]);

/** The type an ENVI code stands for; null for codes of no numeric type. */
export function typeOfCode(code: number): DataType | null {
  return typeByCode.get(code) ?? null;
}

/** ENVI's code of a type; null for int8 and float16, which ENVI does not have. */
export function codeOfType(type: DataType): number | null {
  return [...typeByCode].find(([, one]) => one === type)?.[0] ?? null;
}
