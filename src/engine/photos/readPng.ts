import { crc32, inflateSync } from 'node:zlib';
import { checkSize, malformed, unsupported, type Photo } from './photo.ts';
import { unpackPng, type PngLayout } from './pngRows.ts';

/** Channels in the file, by the colour type. */
const channelsOf: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Decodes a PNG file (third edition): alpha and colour profiles are dropped. Errors as `readPhoto`. */
export function readPng(bytes: Uint8Array, file: string): Photo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: (PngLayout & { colour: number }) | null = null;
  let palette: Uint8Array | null = null;
  const parts: Uint8Array[] = [];
  for (let at = 8; ;) {
    if (at + 12 > bytes.length) throw malformed(file, 'is cut off: its end is missing');
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) throw malformed(file, 'is cut off: its end is missing');
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, at + 8 + length);
    const isNeeded = ['IHDR', 'PLTE', 'IDAT', 'IEND'].includes(type);
    if (isNeeded && crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw malformed(file, `is damaged: the checksum of its ${type} chunk at byte ${at} is wrong`);
    }
    at += 12 + length;
    if (type === 'IEND') break;
    if (header === null && type !== 'IHDR') throw malformed(file, 'has no PNG header');
    if (type === 'IHDR') header = headerOf(content, file);
    if (type === 'PLTE') palette = content;
    if (type === 'IDAT') parts.push(content);
  }
  if (header === null) throw malformed(file, 'has no PNG header');
  const rows = inflated(Buffer.concat(parts), header, file);
  const samples = unpackPng(rows, header, file);
  const { width, height, depth, colour } = header;
  const size = { width, height, orientation: 1, kind: 'png' as const };
  if (colour === 3) return { ...size, channels: 3, maxValue: 255, data: coloured(samples, palette, file) };
  const [from, channels] = [header.channels, header.channels > 2 ? 3 : 1] as [number, 1 | 3];
  let data = samples;
  if (from !== channels) {
    // Moved to the front in place: the alpha between is dropped.
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < channels; c++) data[i * channels + c] = data[i * from + c] as number;
    }
    data = data.slice(0, width * height * channels);
  }
  return { ...size, channels, maxValue: 2 ** depth - 1, data };
}

function headerOf(content: Uint8Array, file: string): PngLayout & { colour: number } {
  if (content.length !== 13) throw malformed(file, 'has a damaged PNG header');
  const view = new DataView(content.buffer, content.byteOffset, 13);
  const [width, height, depth, colour] = [view.getUint32(0), view.getUint32(4), content[8], content[9]] as [
    number,
    number,
    number,
    number,
  ];
  checkSize(file, width, height);
  const channels = channelsOf[colour];
  const depths = colour === 0 ? [1, 2, 4, 8, 16] : colour === 3 ? [1, 2, 4, 8] : [8, 16];
  if (channels === undefined || !depths.includes(depth) || content[10] !== 0 || content[11] !== 0) {
    throw unsupported(file, `is a PNG of an unknown kind (colour type ${colour}, ${depth} bits)`);
  }
  if ((content[12] as number) > 1) throw unsupported(file, 'is a PNG of an unknown interlace');
  return { width, height, depth, channels, colour, interlaced: content[12] === 1 };
}

/** The rows with their filter bytes; no more than the picture needs is ever inflated. */
function inflated(packed: Uint8Array, layout: PngLayout, file: string): Uint8Array {
  const wanted = layout.channels * (layout.depth / 8) * layout.width * layout.height;
  // Deflate packs at most 1032 to 1.
  if (packed.length * 1100 < wanted) throw malformed(file, 'is too short for its size');
  const rowEnds = (layout.height * 2 + 16) * 2 + layout.width * layout.height * 0.02;
  try {
    return inflateSync(packed, { maxOutputLength: Math.ceil(wanted + rowEnds * 8) + 4096 });
  } catch (thrown) {
    throw malformed(file, 'is damaged: its pixels cannot be unpacked', thrown);
  }
}

function coloured(indices: Uint8Array | Uint16Array, palette: Uint8Array | null, file: string): Uint8Array {
  if (palette === null) throw malformed(file, 'has no palette');
  const data = new Uint8Array(indices.length * 3);
  for (let i = 0; i < indices.length; i++) {
    const at = 3 * (indices[i] as number);
    if (at + 3 > palette.length) throw malformed(file, 'has a pixel outside its palette');
    for (let c = 0; c < 3; c++) data[3 * i + c] = palette[at + c] as number;
  }
  return data;
}
