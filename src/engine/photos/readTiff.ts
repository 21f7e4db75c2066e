import type { GeoTIFFImage } from 'geotiff';
import { knownOrientation } from './exif.ts';
import { checkSize, malformed, tooLarge, unsupported, type Photo } from './photo.ts';
import { CubelensError } from '../base/errors.ts';

/** Decodes the first picture of a TIFF file, of 8 or 16 bits, grey or RGB; alpha is dropped. Errors as `readPhoto`. */
export async function readTiff(bytes: Uint8Array, file: string): Promise<Photo> {
  const { fromArrayBuffer } = await import('geotiff');
  try {
    const own = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const tiff = await fromArrayBuffer(own);
    return await firstPicture(await tiff.getImage(0), bytes.length, file);
  } catch (thrown) {
    if (thrown instanceof CubelensError) throw thrown;
    throw malformed(file, 'is a damaged TIFF, or one of a compression that is not read', thrown);
  }
}

async function firstPicture(image: GeoTIFFImage, fileBytes: number, file: string): Promise<Photo> {
  const [width, height] = [image.getWidth(), image.getHeight()];
  checkSize(file, width, height);
  const samples = image.getSamplesPerPixel();
  const bits = image.getBitsPerSample();
  const kind = Number(image.fileDirectory.getValue('PhotometricInterpretation') ?? 1);
  // White is zero, black is zero, RGB, YCbCr.
  if (![0, 1, 2, 6].includes(kind)) throw unsupported(file, `is a TIFF of an unusual colour kind (${kind})`);
  if ((bits !== 8 && bits !== 16) || image.getSampleFormat() !== 1) {
    throw unsupported(file, `is a TIFF of ${bits} bits or of numbers that are not whole`);
  }
  const channels = kind >= 2 ? 3 : 1;
  if (samples < channels || samples > 8) throw malformed(file, `states ${samples} samples a pixel`);
  await checkPieces(image, fileBytes, file);
  // No compression packs more than some 1400 to 1.
  if (fileBytes * 2000 < width * height)
    throw malformed(file, `is too short for ${width} x ${height} pixels`);
  const wanted = Array.from({ length: channels }, (_, i) => i);
  const raster =
    kind === 6
      ? await image.readRGB({ interleave: true })
      : await image.readRasters({ interleave: true, samples: wanted });
  if (!(
    raster instanceof Uint8Array ||
    raster instanceof Uint16Array ||
    raster instanceof Uint8ClampedArray
  )) {
    throw unsupported(file, 'is a TIFF of numbers that are no bytes');
  }
  if (raster.length !== width * height * channels) throw malformed(file, 'has pixels missing');
  const data =
    raster instanceof Uint16Array ? raster : new Uint8Array(raster.buffer, raster.byteOffset, raster.length);
  const maxValue = 2 ** bits - 1;
  if (kind === 0) for (let i = 0; i < data.length; i++) data[i] = maxValue - (data[i] as number);
  const orientation = knownOrientation(await image.fileDirectory.loadValue('Orientation'));
  return { width, height, channels, data, maxValue, orientation, kind: 'tiff' };
}

/** Strips or tiles must lie in the file: the package reads zeros past its end. */
async function checkPieces(image: GeoTIFFImage, fileBytes: number, file: string): Promise<void> {
  const tiled = image.isTiled;
  const directory = image.fileDirectory;
  const [offsets, counts] = await Promise.all([
    directory.loadValue(tiled ? 'TileOffsets' : 'StripOffsets') as Promise<ArrayLike<number> | undefined>,
    directory.loadValue(tiled ? 'TileByteCounts' : 'StripByteCounts') as Promise<
      ArrayLike<number> | undefined
    >,
  ]);
  const [pieceWidth, pieceHeight] = [image.getTileWidth(), image.getTileHeight()];
  if (!(pieceWidth > 0 && pieceHeight > 0)) throw malformed(file, 'has tiles without a size');
  if (tiled && (pieceWidth > 65536 || pieceHeight > 65536 || pieceWidth * pieceHeight > 2 ** 26)) {
    throw tooLarge(file, `has tiles of ${pieceWidth} x ${pieceHeight} pixels`);
  }
  const pieces = Math.ceil(image.getWidth() / pieceWidth) * Math.ceil(image.getHeight() / pieceHeight);
  if (offsets === undefined || counts === undefined || offsets.length < pieces || counts.length < pieces) {
    throw malformed(file, 'does not say where its pixels lie');
  }
  for (let i = 0; i < offsets.length; i++) {
    if (!(Number(offsets[i]) + Number(counts[i]) <= fileBytes && Number(counts[i]) > 0)) {
      throw malformed(file, 'is cut off: pixels are missing');
    }
  }
}
