import { jpegHeader } from './jpegHeader.ts';
import { malformed, tooLarge, type Photo } from './photo.ts';

/** What the decoder may take: 24 bytes a pixel of a colour photo, so about 60 megapixels. */
const mostMemoryMB = 1536;

/** Decodes a JPEG file, baseline or progressive. Errors as `readPhoto`. */
export async function readJpeg(bytes: Uint8Array, file: string): Promise<Photo> {
  const { width, height, components, isYCbCr, orientation } = jpegHeader(bytes, file);
  const jpeg = (await import('jpeg-js')).default;
  let rgb: Uint8Array;
  try {
    const decoded = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      colorTransform: isYCbCr,
      // Without it a last restart interval that is shorter than the others is an error.
      tolerantDecoding: true,
      maxResolutionInMP: Infinity,
      maxMemoryUsageInMB: mostMemoryMB,
    });
    if (decoded.width !== width || decoded.height !== height) throw new Error('two sizes');
    rgb = decoded.data;
  } catch (thrown) {
    if (thrown instanceof RangeError || /maxMemoryUsage|enough memory/.test(String(thrown))) {
      throw tooLarge(file, `needs more memory than the ${mostMemoryMB} MB that a photo may take`);
    }
    throw malformed(file, 'is a damaged JPEG: its pixels cannot be decoded', thrown);
  }
  const size = { width, height, maxValue: 255, orientation, kind: 'jpeg' as const };
  if (components === 3) return { ...size, channels: 3, data: rgb };
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = rgb[3 * i] as number;
  return { ...size, channels: 1, data: grey };
}
