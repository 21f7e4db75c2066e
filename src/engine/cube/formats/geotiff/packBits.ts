/**
 * Decodes PackBits (TIFF 6.0, section 9) into `out` and gives the number of bytes written: less than `out.length`
 * where the data ends early. What follows a full `out` is ignored.
 */
export function decodePackBits(data: Uint8Array, out: Uint8Array): number {
  let at = 0;
  let position = 0;
  while (at < data.length && position < out.length) {
    const control = data[at++] as number;
    if (control === 128) continue;
    if (control < 128) {
      const length = Math.min(control + 1, data.length - at, out.length - position);
      out.set(data.subarray(at, at + length), position);
      at += control + 1;
      position += length;
    } else if (at < data.length) {
      const end = Math.min(position + 257 - control, out.length);
      out.fill(data[at++] as number, position, end);
      position = end;
    }
  }
  return position;
}
