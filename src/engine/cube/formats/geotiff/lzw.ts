const clearCode = 256;
const endCode = 257;
const firstFree = 258;
const tableSize = 4096;

/**
 * Decodes TIFF LZW data into `out` and gives the number of bytes written (less than `out.length` where the data ends
 * early; what follows a full `out` is ignored). Both forms are read: codes with the most significant bit first whose
 * width grows one code early (TIFF 6.0), and the older ones with the least significant bit first and no early growth.
 * Throws RangeError at a code that cannot occur.
 *
 * Each table entry is the previous string plus the first byte of the present one. Both were just written next to each
 * other, so an entry is a piece of `out`, and no string is ever built.
 */
export function decodeLzw(data: Uint8Array, out: Uint8Array): number {
  return isOldStyleLzw(data) ? decode(data, out, false) : decode(data, out, true);
}

/** True for codes of the older form: they begin with a clear code of the other bit order (the test of libtiff). */
export const isOldStyleLzw = (data: Uint8Array): boolean =>
  data.length >= 2 && data[0] === 0 && ((data[1] as number) & 1) === 1;

function decode(data: Uint8Array, out: Uint8Array, msbFirst: boolean): number {
  const starts = new Int32Array(tableSize);
  const ends = new Int32Array(tableSize);
  // The decoder's table is one string behind the encoder's; the newer form grows its codes one string early.
  const early = msbFirst ? 1 : 0;
  const size = out.length;
  const dataLength = data.length;
  let width = 9;
  let next = firstFree;
  let at = 0;
  let bits = 0;
  let held = 0;
  let position = 0;
  // Where the previous string begins; -1: none since the last clear code.
  let lastStart = -1;
  while (position < size) {
    while (held < width) {
      if (at >= dataLength) return position;
      const byte = data[at++] as number;
      bits = msbFirst ? (bits << 8) | byte : bits | (byte << held);
      held += 8;
    }
    held -= width;
    let code = bits;
    if (msbFirst) code >>>= held;
    else bits >>>= width;
    code &= (1 << width) - 1;
    if (code === clearCode) {
      width = 9;
      next = firstFree;
      lastStart = -1;
      continue;
    }
    if (code === endCode) return position;
    if (lastStart >= 0 && next < tableSize) {
      // The byte that completes the entry is the first one written below.
      starts[next] = lastStart;
      ends[next++] = position + 1;
    }
    lastStart = position;
    if (code < clearCode) out[position++] = code;
    else {
      if (code >= next) throw new RangeError(`LZW code ${code} before its string is known`);
      let from = starts[code] as number;
      const stop = Math.min(ends[code] as number, from + size - position);
      // Byte by byte, as a string may run into itself.
      do out[position++] = out[from++] as number;
      while (from < stop);
    }
    if (next + early >= 1 << width && width < 12) width++;
  }
  return position;
}
