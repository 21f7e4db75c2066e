/**
 * Orientation (1 to 8) in the APP1 segment of a JPEG file (Exif 2.3, tag 274); 1 where it is absent or damaged.
 * @param segment - what follows the segment's length.
 */
export function exifOrientation(segment: Uint8Array): number {
  if (segment.length < 14 || String.fromCharCode(...segment.subarray(0, 6)) !== 'Exif\0\0') return 1;
  const tiff = new DataView(segment.buffer, segment.byteOffset + 6, segment.byteLength - 6);
  const little = tiff.getUint16(0) === 0x4949;
  const start = tiff.getUint32(4, little);
  if (start + 2 > tiff.byteLength) return 1;
  const entries = tiff.getUint16(start, little);
  for (let i = 0; i < entries; i++) {
    const at = start + 2 + 12 * i;
    if (at + 12 > tiff.byteLength) return 1;
    if (tiff.getUint16(at, little) === 274) return knownOrientation(tiff.getUint16(at + 8, little));
  }
  return 1;
}

/** The orientation that a tag states, or 1 where there is none such. */
export const knownOrientation = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 8 ? value : 1;
