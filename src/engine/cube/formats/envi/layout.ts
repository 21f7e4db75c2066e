import type { Assumption } from '../../../contract/cube.ts';
import { bytesOf, type ByteOrder, type DataType, type Interleave } from '../../../base/dataTypes.ts';
import { CubelensError } from '../../../base/errors.ts';
import { typeOfCode } from './dataTypeCodes.ts';
import { fieldError, numbersOf, requiredWholeNumber, shorten, textOf, wholeNumberOf } from './fields.ts';
import type { EnviHeader } from './header.ts';

/** How the pixels lie in the data file, as the header says or as had to be assumed. */
export interface EnviLayout {
  lines: number;
  samples: number;
  bands: number;
  dataType: DataType;
  byteOrder: ByteOrder;
  interleave: Interleave;
  headerOffset: number;
  /** Bytes that the data file must have at least. */
  expectedBytes: number;
}

/** The data file a header is held against. */
export interface DataFile {
  name: string;
  size: number;
}

/** A record is kept for every band: more bands than this are refused before any is made. */
export const maxBands = 65_536;

/**
 * Sizes, type and order of the pixels, with an assumption for each that the header leaves out, and the check against
 * the real size of the data file: missing bytes are `malformed-file`, trailing ones an assumption.
 * Throws `unsupported-format` for compressed files, frame offsets and types that are no numbers.
 */
export function readLayout(
  header: EnviHeader,
  data: DataFile,
): { layout: EnviLayout; assumptions: Assumption[] } {
  checkKind(header, data.name);
  const assumptions: Assumption[] = [];
  const sizes = readSizes(header);
  const headerOffset = readHeaderOffset(header, assumptions);
  const dataType = readDataType(header, { ...sizes, headerOffset }, data, assumptions);
  const byteOrder = readByteOrder(header, assumptions);
  const interleave = readInterleave(header, data.name, assumptions);
  const expectedBytes = bytesNeeded(header, { ...sizes, headerOffset }, bytesOf(dataType));
  checkSize(header, data, expectedBytes, assumptions, { ...sizes, dataType, headerOffset });
  return { layout: { ...sizes, dataType, byteOrder, interleave, headerOffset, expectedBytes }, assumptions };
}

/** Bytes that the header asks for, by its own words alone; null where it leaves the type open or is wrong. */
export function statedBytes(header: EnviHeader): number | null {
  try {
    const headerOffset = wholeNumberOf(header, 'header offset', 0) ?? 0;
    const type = typeOfCode(wholeNumberOf(header, 'data type', 0) ?? -1);
    return type === null ? null : bytesNeeded(header, { ...readSizes(header), headerOffset }, bytesOf(type));
  } catch (error) {
    if (error instanceof CubelensError) return null;
    throw error;
  }
}

interface Sizes {
  lines: number;
  samples: number;
  bands: number;
}

function readSizes(header: EnviHeader): Sizes {
  const samples = requiredWholeNumber(header, 'samples', 1);
  const lines = requiredWholeNumber(header, 'lines', 1);
  const bands = requiredWholeNumber(header, 'bands', 1);
  if (bands > maxBands) throw fieldError(header, 'bands', `is ${bands}, at most ${maxBands} can be opened`);
  return { lines, samples, bands };
}

/** Throws for kinds of ENVI file that hold no plain cube. */
function checkKind(header: EnviHeader, dataName: string): void {
  const fileType = textOf(header, 'file type')?.toLowerCase().replace(/\s+/g, ' ') ?? '';
  const refused = refusedFileTypes.find(([name]) => fileType === name);
  if (refused !== undefined) throw unsupported(header, 'file type', refused[1], refused[2]);
  if (isSidecarOf(header) !== null) {
    const remedy = `Open the image file itself (${dataName}) instead of its header.`;
    throw unsupported(
      header,
      'file type',
      `describes a file of type ${shorten(fileType)}, not ENVI data`,
      remedy,
    );
  }
  const compression = textOf(header, 'file compression');
  if (compression !== null && Number(compression) !== 0) {
    const remedy = 'Decompress the data file (gunzip) and set "file compression = 0" in the header.';
    throw unsupported(header, 'file compression', 'says that the data file is compressed', remedy);
  }
  for (const key of ['major frame offsets', 'minor frame offsets'] as const) {
    if (numbersOf(header, key)?.every((offset) => offset === 0) === false) {
      const remedy = 'Save the cube again without bytes between its frames, for instance from ENVI.';
      throw unsupported(header, key, 'puts extra bytes between the frames, which cannot be read', remedy);
    }
  }
}

const refusedFileTypes: readonly (readonly [name: string, says: string, remedy: string])[] = [
  [
    'envi spectral library',
    'says that this is a spectral library, which is not a cube',
    'Open the cube that the spectra belong to.',
  ],
  [
    'envi meta file',
    'says that this is a list of other files, which is not a cube',
    'Open one of the listed files.',
  ],
  [
    'envi virtual mosaic',
    'says that this is a mosaic of other files, which is not a cube',
    'Open one of its files or save the mosaic as one file.',
  ],
];

/** The kind of image ("tiff") whose sidecar this header is, null where it describes ENVI data. */
export function isSidecarOf(header: EnviHeader): string | null {
  const fileType = textOf(header, 'file type')?.toLowerCase() ?? '';
  return /^(?:geo)?tiff\b|^jpe?g|^jp2|^hdf|^nitf\b|^netcdf/.exec(fileType)?.[0] ?? null;
}

function unsupported(
  header: EnviHeader,
  field: 'file type' | 'file compression' | 'major frame offsets' | 'minor frame offsets',
  says: string,
  remedy: string,
): CubelensError {
  const row = header.fields.get(field)?.row ?? 1;
  const message = `${header.fileName}, row ${row}: "${field}" ${says}.`;
  return new CubelensError('unsupported-format', message, { file: header.fileName, field, row, remedy });
}

function readHeaderOffset(header: EnviHeader, assumptions: Assumption[]): number {
  const stated = wholeNumberOf(header, 'header offset', 0);
  if (stated === null) assumptions.push({ field: 'header offset', value: '0', why: notStated });
  return stated ?? 0;
}

const notStated = 'The header does not state it.';

function readDataType(
  header: EnviHeader,
  sizes: Sizes & { headerOffset: number },
  data: DataFile,
  assumptions: Assumption[],
): DataType {
  const code = wholeNumberOf(header, 'data type', 0);
  if (code === null) return assumeDataType(header, sizes, data, assumptions);
  const type = typeOfCode(code);
  if (type !== null) return type;
  throw new CubelensError(
    'unsupported-format',
    `${header.fileName}, row ${header.fields.get('data type')?.row ?? 1}: "data type" ${code} is not a numeric type of ENVI.`,
    { file: header.fileName, field: 'data type', remedy: 'Use 1 to 6, 9 or 12 to 15 as "data type".' },
  );
}

// By bytes of one value: the usual type of that size first.
const typesBySize: readonly (readonly [DataType, ...DataType[]])[] = [
  ['uint8'],
  ['uint16', 'int16'],
  ['float32', 'int32', 'uint32'],
  ['float64', 'int64', 'uint64', 'complex64'],
  ['complex128'],
];

function assumeDataType(
  header: EnviHeader,
  sizes: Sizes & { headerOffset: number },
  data: DataFile,
  assumptions: Assumption[],
): DataType {
  const fitting = typesBySize.find(([type]) => bytesNeeded(header, sizes, bytesOf(type)) === data.size);
  const type = fitting?.[0] ?? 'uint8';
  let why = `${notStated} It is ENVI's first type; the size of ${data.name} fits none exactly.`;
  if (fitting !== undefined) {
    const others = fitting.slice(1);
    const only =
      others.length === 0 ? 'only this type fits' : `this type fits, as would ${others.join(', ')}`;
    why = `${notStated} By the size of ${data.name} a value has ${bytesOf(type)} bytes: ${only}.`;
  }
  assumptions.push({ field: 'data type', value: type, why });
  return type;
}

function readByteOrder(header: EnviHeader, assumptions: Assumption[]): ByteOrder {
  const order = wholeNumberOf(header, 'byte order', 0);
  if (order === null) {
    assumptions.push({ field: 'byte order', value: 'little', why: notStated });
    return 'little';
  }
  if (order > 1) throw fieldError(header, 'byte order', `should be 0 (little) or 1 (big), not ${order}`);
  return order === 0 ? 'little' : 'big';
}

const asInterleave = (text: string): Interleave | null =>
  (['bsq', 'bil', 'bip'] as const).find((one) => one === text.toLowerCase()) ?? null;

function readInterleave(header: EnviHeader, dataName: string, assumptions: Assumption[]): Interleave {
  const text = textOf(header, 'interleave');
  if (text !== null) {
    const stated = asInterleave(text);
    if (stated !== null) return stated;
    throw fieldError(header, 'interleave', `should be bsq, bil or bip, not "${shorten(text)}"`);
  }
  const fromName = asInterleave(dataName.slice(dataName.lastIndexOf('.') + 1));
  const why = fromName === null ? notStated : `${notStated} The name ${dataName} ends so.`;
  assumptions.push({ field: 'interleave', value: fromName ?? 'bsq', why });
  return fromName ?? 'bsq';
}

/** Exact, and within the whole numbers that doubles hold, or `malformed-file`. */
function bytesNeeded(
  header: EnviHeader,
  sizes: Sizes & { headerOffset: number },
  valueBytes: number,
): number {
  const { lines, samples, bands, headerOffset } = sizes;
  const bytes = BigInt(lines) * BigInt(samples) * BigInt(bands) * BigInt(valueBytes) + BigInt(headerOffset);
  if (bytes <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(bytes);
  throw new CubelensError(
    'malformed-file',
    `${header.fileName} states ${lines} lines x ${samples} samples x ${bands} bands: ${bytes} bytes, more than any file has.`,
    {
      file: header.fileName,
      field: 'lines',
      remedy: 'Correct "lines", "samples" and "bands" in the header.',
    },
  );
}

function checkSize(
  header: EnviHeader,
  data: DataFile,
  expected: number,
  assumptions: Assumption[],
  stated: Sizes & { dataType: DataType; headerOffset: number },
): void {
  const { lines, samples, bands, dataType, headerOffset } = stated;
  if (data.size < expected) {
    const after = headerOffset === 0 ? '' : ` after ${headerOffset} bytes`;
    throw new CubelensError(
      'malformed-file',
      `${data.name} is too short: ${lines} lines x ${samples} samples x ${bands} bands of ${dataType}${after} need ${expected} bytes, the file has ${data.size}.`,
      {
        file: data.name,
        byte: data.size,
        remedy: `Copy the data file again, or correct the sizes and the type in ${header.fileName}.`,
      },
    );
  }
  if (data.size > expected) {
    const value = `${data.size - expected} bytes ignored`;
    assumptions.push({
      field: 'file size',
      value,
      why: `${data.name} has ${data.size} bytes, the cube ${expected}.`,
    });
  }
}
