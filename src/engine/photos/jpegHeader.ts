import { exifOrientation } from './exif.ts';
import { checkSize, malformed, unsupported } from './photo.ts';

/** What the markers of a JPEG file say. */
export interface JpegHeader {
  width: number;
  height: number;
  components: number;
  /** False where the three components are red, green and blue themselves. */
  isYCbCr: boolean;
  orientation: number;
}

/** A photo has about ten; thousands of empty ones make a small file run for hours. */
const mostScans = 200;
const frameNames: Record<number, string> = {
  0xc3: 'lossless',
  0xc9: 'arithmetic-coded',
  0xca: 'arithmetic-coded',
};

/**
 * Walks the markers of a JPEG file from its start to its end, without decoding. A file that is cut off anywhere misses its
 * end marker: decoders would fill the rest of the picture with grey.
 * Throws `malformed-file`, `unsupported-format` (CMYK, 12 bits, lossless, arithmetic), `resource-exhausted`.
 */
export function jpegHeader(bytes: Uint8Array, file: string): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cutOff = () => malformed(file, 'is cut off: its end marker is missing');
  let header: (JpegHeader & { units: number }) | null = null;
  let adobe: number | null = null;
  let [orientation, scans, coded] = [1, 0, 0];
  let at = 2;
  for (;;) {
    if (at + 2 > bytes.length) throw cutOff();
    if (bytes[at] !== 0xff) throw malformed(file, `has no marker at byte ${at}`);
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) break;
    if (at + 4 > bytes.length) throw cutOff();
    const length = view.getUint16(at + 2);
    if (length < 2) throw malformed(file, `has an impossible segment at byte ${at}`);
    if (at + 2 + length > bytes.length) throw cutOff();
    const segment = bytes.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    if (marker === 0xe1 && orientation === 1) orientation = exifOrientation(segment);
    if (marker === 0xee && isText(segment, 'Adobe') && segment.length >= 12) adobe = segment[11] as number;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      if (header !== null) throw malformed(file, 'has more than one picture in one frame');
      header = frame(segment, marker, file);
    }
    if (marker !== 0xda) continue;
    if (header === null) throw malformed(file, 'has pixels before their size is stated');
    if (++scans > mostScans) throw malformed(file, `has more than ${mostScans} scans`);
    const start = at;
    // Coded data: 0xff is followed by 0 there, or by a restart marker.
    for (;;) {
      at = bytes.indexOf(0xff, at);
      if (at < 0 || at + 1 >= bytes.length) throw cutOff();
      const next = bytes[at + 1] as number;
      if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) break;
      at += 2;
    }
    coded += at - start;
  }
  if (header === null || scans === 0) throw malformed(file, 'holds no picture');
  // Every unit takes a bit at least: a small file cannot ask for much memory.
  if (coded * 8 < header.units)
    throw malformed(file, `is too short for ${header.width} x ${header.height} pixels`);
  const { width, height, components, isYCbCr } = header;
  return { width, height, components, isYCbCr: adobe === null ? isYCbCr : adobe !== 0, orientation };
}

const isText = (bytes: Uint8Array, text: string): boolean =>
  bytes.length >= text.length && [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0));

function frame(segment: Uint8Array, marker: number, file: string): JpegHeader & { units: number } {
  if (marker > 0xc2) {
    throw unsupported(file, `is a JPEG of a rare kind (${frameNames[marker] ?? `0x${marker.toString(16)}`})`);
  }
  const components = segment[5] ?? 0;
  if (segment.length < 6 + 3 * components) throw malformed(file, 'has a damaged JPEG header');
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  if (segment[0] !== 8) throw unsupported(file, `is a JPEG of ${segment[0]} bits`);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  checkSize(file, width, height);
  if (components === 4) throw unsupported(file, 'is a CMYK JPEG', 'Save it as an RGB or grey JPEG.');
  if (components !== 1 && components !== 3) throw unsupported(file, `is a JPEG of ${components} components`);
  const parts = Array.from({ length: components }, (_, i) => [...segment.subarray(6 + 3 * i, 9 + 3 * i)]);
  const factors = parts.map(([, factor = 0]) => [factor >> 4, factor & 15]);
  if (factors.flat().some((factor) => factor < 1 || factor > 4)) {
    throw malformed(file, 'has impossible sampling factors');
  }
  if (new Set(parts.map(([name]) => name)).size < components)
    throw malformed(file, 'names a component twice');
  const [across, down] = [0, 1].map((i) => 8 * Math.max(...factors.map((one) => one[i] as number)));
  const isYCbCr = String.fromCharCode(...parts.map(([name = 0]) => name)) !== 'RGB';
  const units = Math.ceil(width / (across as number)) * Math.ceil(height / (down as number));
  return { width, height, components, isYCbCr, orientation: 1, units };
}
