import { machineByteOrder } from '../../../base/dataTypes.ts';

/** Rows of a decoded block: `rowSamples` pixels of `stride` samples each, `rows` times. */
export interface BlockRows {
  rows: number;
  rowSamples: number;
  /** Samples per pixel in the block: the distance between a sample and the one it was predicted from. */
  stride: number;
}

/**
 * Undoes TIFF predictor 2 in place: each sample was stored as its difference from the sample one pixel before
 * (modulo its width). `bytes` are in this machine's byte order; `width` is 1, 2, 4 or 8 bytes a sample.
 */
export function undoHorizontal(bytes: Uint8Array<SharedArrayBuffer>, width: number, block: BlockRows): void {
  const { rows, rowSamples, stride } = block;
  const rowLength = rowSamples * stride;
  if (width === 8) {
    undoHorizontal64(new Uint32Array(bytes.buffer), rows, rowLength, stride);
    return;
  }
  const values =
    width === 1 ? bytes : width === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    const end = start + rowLength;
    if (stride === 1) {
      let sum = 0;
      for (let i = start; i < end; i++) {
        sum = (sum + (values[i] as number)) | 0;
        values[i] = sum;
      }
    } else {
      for (let i = start + stride; i < end; i++) {
        values[i] = (values[i] as number) + (values[i - stride] as number);
      }
    }
  }
}

/** 64-bit differences as halves with a carry: much faster than big integers. */
function undoHorizontal64(halves: Uint32Array, rows: number, rowLength: number, stride: number): void {
  const low = machineByteOrder === 'little' ? 0 : 1;
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    for (let i = start + stride; i < start + rowLength; i++) {
      const before = 2 * (i - stride);
      const sum = (halves[2 * i + low] as number) + (halves[before + low] as number);
      const carry = sum > 0xffffffff ? 1 : 0;
      const top = (halves[2 * i + 1 - low] as number) + (halves[before + 1 - low] as number) + carry;
      halves[2 * i + low] = sum;
      halves[2 * i + 1 - low] = top;
    }
  }
}

/**
 * Undoes TIFF predictor 3 (Adobe Photoshop TIFF Technical Note 3) in place: each row holds all most significant bytes,
 * then all next ones, and so on, differenced byte by byte one pixel apart. The result is in this machine's byte order
 * whatever the file's is. `width` is 2, 4 or 8 bytes a sample.
 */
export function undoFloatingPoint(bytes: Uint8Array, width: number, block: BlockRows): void {
  const { rows, rowSamples, stride } = block;
  const rowLength = rowSamples * stride;
  const rowBytes = rowLength * width;
  const planes = new Uint8Array(rowBytes);
  for (let row = 0; row < rows; row++) {
    const start = row * rowBytes;
    planes.set(bytes.subarray(start, start + rowBytes));
    for (let i = stride; i < rowBytes; i++) {
      planes[i] = (planes[i] as number) + (planes[i - stride] as number);
    }
    for (let plane = 0; plane < width; plane++) {
      let to = start + (machineByteOrder === 'little' ? width - 1 - plane : plane);
      const end = (plane + 1) * rowLength;
      for (let from = plane * rowLength; from < end; from++, to += width) bytes[to] = planes[from] as number;
    }
  }
}
