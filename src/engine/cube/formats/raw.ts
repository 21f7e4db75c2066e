import {
  bytesOf,
  machineByteOrder,
  storedView,
  swapBytes,
  type ByteOrder,
  type DataType,
  type Interleave,
  type StoredArray,
} from '../../base/dataTypes.ts';
import { throwIfAborted, type CancelOptions } from '../../base/signal.ts';
import type { LineSampleWindow } from '../../base/window.ts';
import type { ByteSource, SourceRef } from '../../io/byteSource.ts';

/** Uncompressed pixels in one file in one of the three interleaves: ENVI files and cubes in memory. */
export interface RawLayout {
  kind: 'raw';
  source: SourceRef;
  dataType: DataType;
  byteOrder: ByteOrder;
  interleave: Interleave;
  /** Bytes before the first pixel. */
  headerOffset: number;
  lines: number;
  samples: number;
  bands: number;
}
