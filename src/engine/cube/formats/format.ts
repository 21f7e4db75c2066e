import type { OpenOptions } from '../../contract/cube.ts';
import type { CancelOptions } from '../../base/signal.ts';
import type { ByteSource, SourceRef } from '../../io/byteSource.ts';
import type { OpenedCube } from '../cube.ts';

/** A granted file and its siblings in the same folder, as a format's `open` sees them. */
export interface FileNeighbourhood {
  /** Name of the file the person chose (no folder). */
  readonly name: string;
  /** Names in the same folder (no folders among them), so that pairs can be found in any case. */
  siblings(): Promise<readonly string[]>;
  /** Opens the chosen file or a sibling by name. Throws `not-found` or `access-denied`. */
  open(name: string): Promise<{ source: ByteSource; ref: SourceRef }>;
}

/** What a file format offers. It runs inside a worker; everything it returns is plain data. */
export interface CubeFormat {
  readonly name: 'ENVI' | 'GeoTIFF';
  /** True where the chosen file is this format's by its first bytes or by its pair. Reads little. */
  recognises(files: FileNeighbourhood, head: Uint8Array): Promise<boolean>;
  /**
   * Opens one image of the file. Everything stated in the file is checked against its real size before anything is
   * allocated. Throws `malformed-file`, `unsupported-format`, `not-found` with file, field and remedy.
   */
  open(
    files: FileNeighbourhood,
    options: Pick<OpenOptions, 'imageId'>,
    cancel?: CancelOptions,
  ): Promise<OpenedCube>;
}
