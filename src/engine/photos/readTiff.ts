import { numberOf, readDirectories } from '../cube/formats/geotiff/directory.ts';
import { blocksFor } from '../cube/formats/geotiff/blocks.ts';
import { decodeBlock } from '../cube/formats/geotiff/decode.ts';
import { summarise } from '../cube/formats/geotiff/imageFile.ts';
import { tags } from '../cube/formats/geotiff/tags.ts';
import { openCubeFile } from '../cube/openFile.ts';
import { readStored } from '../cube/read.ts';
import { SourceCache } from '../io/fileSource.ts';
import { knownOrientation } from './exif.ts';
import { checkSize, unsupported, type Photo } from './photo.ts';

/**
 * The first picture of a TIFF file, of 8 or 16 bits, grey or RGB; alpha is dropped. It is read as cubes are: the same
 * compressions, the same checks of every block. Errors as `readPhoto`.
 */
export async function readTiff(path: string, file: string): Promise<Photo> {
  const sources = new SourceCache();
  try {
    const opened = await openCubeFile(path, null, {}, {});
    const { description, layout } = opened;
    if (layout.kind !== 'geotiff') throw unsupported(file, 'is not a TIFF photo');
    const [width, height] = [layout.samples, layout.lines];
    checkSize(file, width, height);
    if (layout.dataType !== 'uint8' && layout.dataType !== 'uint16') {
      throw unsupported(file, `is a TIFF of ${layout.dataType}, not of 8 or 16 bits a channel`);
    }
    const source = sources.open(layout.source);
    const directories = await readDirectories(source);
    const directory = directories.directories[layout.image.directory];
    if (directory === undefined) throw unsupported(file, 'is a TIFF without a picture');
    const { photometric } = await summarise(directories, directory);
    // White is zero, black is zero, RGB: others need a table or another space of colours.
    if (photometric > 2) throw unsupported(file, `is a TIFF of an unusual colour kind (${photometric})`);
    const channels = photometric === 2 ? 3 : 1;
    if (description.bands < channels) throw unsupported(file, `is a TIFF of ${description.bands} channels`);
    const bands = Array.from({ length: channels }, (_, band) => band);
    const window = { line0: 0, sample0: 0, lines: height, samples: width };
    const image = new Map<number, SharedArrayBuffer>();
    for (const index of blocksFor(layout, layout.image, window, bands)) {
      image.set(index, await decodeBlock(layout, layout.image, index, source));
    }
    const blocks = { image, mask: new Map<number, SharedArrayBuffer>() };
    const readable = { cubeId: file, description, layout: { ...layout, mask: null } };
    const planes = await readStored(readable, window, bands, { sources, blocks });
    const maxValue = layout.dataType === 'uint8' ? 255 : 65535;
    const data = interleaved(planes as Uint8Array | Uint16Array, channels, width * height);
    if (photometric === 0) for (let i = 0; i < data.length; i++) data[i] = maxValue - (data[i] as number);
    const orientation = knownOrientation(await numberOf(directories, directory, tags.orientation, 1));
    return { width, height, channels, data, maxValue, orientation, kind: 'tiff' };
  } finally {
    sources.close();
  }
}

/** Plane after plane to the channels of a pixel together. */
function interleaved(
  planes: Uint8Array | Uint16Array,
  channels: number,
  pixels: number,
): Uint8Array | Uint16Array {
  const data = planes instanceof Uint8Array ? new Uint8Array(planes.length) : new Uint16Array(planes.length);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < pixels; i++) data[i * channels + c] = planes[c * pixels + i] as number;
  }
  return data;
}
