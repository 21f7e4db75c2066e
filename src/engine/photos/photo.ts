import { CubelensError } from '../base/errors.ts';

/** The pixels of a photo as its file holds them. */
export interface Photo {
  width: number;
  height: number;
  /** Grey, or red, green and blue. */
  channels: 1 | 3;
  /** Rows from the top, channels of a pixel together, from 0 to `maxValue`. */
  data: Uint8Array | Uint16Array;
  /** The value of white. */
  maxValue: number;
  /** How the photo is to be turned, as Exif counts (1 to 8; 1 for not at all). Pixels here are not turned. */
  orientation: number;
  kind: PhotoKind;
}

export type PhotoKind = 'jpeg' | 'png' | 'tiff';

/** A photo of more pixels is refused before any of it is decoded. */
export const mostPixels = 200e6;

/** A fault of a photo's bytes. @param what - follows the file's name. */
export const malformed = (file: string, what: string, cause?: unknown): CubelensError =>
  new CubelensError(
    'malformed-file',
    `${file} ${what}.`,
    { file, remedy: 'Copy the photo again from where it was taken.' },
    cause,
  );

/** A photo whose bytes are sound, of a kind that is not read. @param what - follows the file's name. */
export const unsupported = (
  file: string,
  what: string,
  remedy = 'Save it as an 8-bit JPEG, PNG or TIFF in grey or RGB.',
): CubelensError => new CubelensError('unsupported-format', `${file} ${what}.`, { file, remedy });

/** A photo that needs more memory than is granted. @param what - follows the file's name. */
export const tooLarge = (file: string, what: string): CubelensError =>
  new CubelensError('resource-exhausted', `${file} ${what}.`, { file, remedy: 'Make the photo smaller.' });

/** Throws unless a header states a size that may be decoded: `malformed-file`, `resource-exhausted`. */
export function checkSize(file: string, width: number, height: number): void {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw malformed(file, `states a size of ${width} x ${height} pixels`);
  }
  if (width * height > mostPixels) {
    throw tooLarge(file, `has ${width} x ${height} pixels; at most ${mostPixels / 1e6} megapixels are read`);
  }
}
