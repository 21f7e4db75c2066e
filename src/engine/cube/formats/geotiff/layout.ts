import type { ByteOrder, DataType } from '../../../base/dataTypes.ts';
import type { SourceRef } from '../../../io/byteSource.ts';

/** One full-size, reduced or mask image of a TIFF as blocks (strips or tiles). Plain data that crosses threads. */
export interface TiffBlocks {
  /** Number of the image file directory in the file, from 0: names the image in messages. */
  directory: number;
  lines: number;
  samples: number;
  /** Samples per pixel as stored (an alpha sample included); `contiguous` blocks hold that many per pixel. */
  samplesPerPixel: number;
  /** Type of a decoded sample: the cube's, or uint8 for a mask (1-bit masks are unpacked to one byte a pixel). */
  dataType: DataType;
  byteOrder: ByteOrder;
  /** Size of a block in pixels; a strip is as wide as the image. The last strip or tile may pass the image's edge. */
  blockLines: number;
  blockSamples: number;
  /** Tiles are stored at full size even past the edge; the last strip is not. */
  tiled: boolean;
  /** TIFF tag 259: 1 none, 5 LZW, 8 and 32946 Deflate, 32773 PackBits, 50000 ZSTD. */
  compression: number;
  /** TIFF tag 317: 1 none, 2 horizontal, 3 floating point. */
  predictor: number;
  /** TIFF tag 266: 1 most significant bit first, 2 reversed. */
  fillOrder: number;
  /** `separate`: one plane of blocks a band, band after band; `contiguous`: all bands in each block, pixel by pixel. */
  planar: 'contiguous' | 'separate';
  bitsPerSample: number;
  /** Byte offset and length of each block, in shared memory so that a message does not copy them. 0 bytes: sparse. */
  offsets: Float64Array<SharedArrayBuffer>;
  byteCounts: Float64Array<SharedArrayBuffer>;
}

/** How the pixels of a GeoTIFF lie. */
export interface GeoTiffLayout {
  kind: 'geotiff';
  source: SourceRef;
  dataType: DataType;
  byteOrder: ByteOrder;
  lines: number;
  samples: number;
  /** Samples per pixel in the file, of which the first `bands` are the cube's (an alpha sample may follow). */
  samplesPerPixel: number;
  bands: number;
  image: TiffBlocks;
  /** Reduced images of the same content, largest first. */
  overviews: TiffBlocks[];
  /** 1-bit or 8-bit validity mask of the full-size image: non-zero is valid. */
  mask: TiffBlocks | null;
}
