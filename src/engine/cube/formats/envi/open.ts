import type { Assumption, OpenOptions } from '../../../contract/cube.ts';
import { CubelensError } from '../../../base/errors.ts';
import { throwIfAborted, type CancelOptions } from '../../../base/signal.ts';
import type { BandRecord, CubeDescription, OpenedCube } from '../../cube.ts';
import { chooseImage } from '../chooseImage.ts';
import type { CubeFormat, FileNeighbourhood } from '../format.ts';
import type { RawLayout } from '../raw.ts';
import { readGeoreference } from './georeference.ts';
import { startsAsEnvi, type EnviHeader } from './header.ts';
import { noteKeys, readBandNames, readClasses, readDefaultBands, readMetadata, readTime } from './labels.ts';
import { isSidecarOf, readLayout, type EnviLayout } from './layout.ts';
import { endingOf, findPair, headerNames, readHeader, stemOf } from './pairing.ts';
import { readRadiometry } from './radiometry.ts';
import { readSpectralFields, wavelengthsOfNames } from './spectralFields.ts';

/** ENVI cubes: a plain data file and a text header; either may be chosen. One image a pair, with the id '0'. */
export const enviFormat: CubeFormat = {
  name: 'ENVI',
  recognises,
  open,
};

/**
 * True for a `.hdr` of any kind (`open` says what is wrong with it) and for a file beside a header that begins with
 * `ENVI`. False where the header is only the sidecar of a TIFF, and for a TIFF whatever stands beside it.
 */
async function recognises(files: FileNeighbourhood, head: Uint8Array): Promise<boolean> {
  if (isTiff(files.name, head)) return false;
  const isHeader = endingOf(files.name) === 'hdr' || startsAsEnvi(head);
  const names = isHeader ? [files.name] : headerNames(files.name, await files.siblings());
  let isBroken = false;
  for (const name of names) {
    try {
      const header = await readHeader({ name, ...(await files.open(name)) }, {});
      return isSidecarOf(header) === null;
    } catch (error) {
      if (!(error instanceof CubelensError)) throw error;
      // A broken ENVI header is one all the same: `open` says what is wrong with it.
      if (error.code === 'malformed-file') isBroken = true;
    }
  }
  return isHeader || isBroken;
}

function isTiff(name: string, head: Uint8Array): boolean {
  const [a, b, c, d] = head;
  const isLittle = a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0;
  const isBig = a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43);
  // The name counts too: the first pixels of a cube may happen to be these bytes.
  return (isLittle || isBig) && /^tiff?$/.test(endingOf(name));
}

async function open(
  files: FileNeighbourhood,
  options: Pick<OpenOptions, 'imageId'>,
  cancel: CancelOptions = {},
): Promise<OpenedCube> {
  throwIfAborted(cancel.signal);
  const { header, headerFile, dataFile, assumptions: choices } = await findPair(files, cancel);
  chooseImage(dataFile.name, [{ imageId, name: stemOf(dataFile.name) }], options.imageId);
  throwIfAborted(cancel.signal);
  const { layout, assumptions } = readLayout(header, { name: dataFile.name, size: dataFile.source.size });
  const description = await describe(header, dataFile.name, layout, [...choices, ...assumptions]);
  const { expectedBytes: _, ...pixels } = layout;
  const raw: RawLayout = { kind: 'raw', source: dataFile.ref, ...pixels };
  return { description, layout: raw, files: [dataFile.ref, headerFile.ref] };
}

const imageId = '0';

async function describe(
  header: EnviHeader,
  dataName: string,
  layout: EnviLayout,
  assumptions: Assumption[],
): Promise<CubeDescription> {
  const { lines, samples, bands, dataType, interleave, byteOrder, headerOffset } = layout;
  const { bandRecords, wavelengthUnits } = describeBands(header, layout, assumptions);
  const { geoTransform, crs } = await readGeoreference(header, assumptions);
  noteKeys(header, assumptions);
  return {
    file: dataName,
    format: 'ENVI',
    images: [{ imageId, name: stemOf(dataName), lines, samples, bands }],
    imageId,
    lines,
    samples,
    bands,
    dataType,
    interleave,
    byteOrder,
    headerOffset,
    bandRecords,
    wavelengthUnits,
    geoTransform,
    crs,
    geoKeys: null,
    joinIndexes: [],
    defaultBands: readDefaultBands(header, bands, assumptions),
    classes: readClasses(header, assumptions),
    metadata: readMetadata(header),
    assumptions,
  };
}

function describeBands(
  header: EnviHeader,
  { bands, dataType }: EnviLayout,
  assumptions: Assumption[],
): { bandRecords: BandRecord[]; wavelengthUnits: string | null } {
  const spectral = readSpectralFields(header, bands, assumptions);
  const { noData, scales, offsets, unit } = readRadiometry(header, bands, dataType, assumptions);
  const names = readBandNames(header, bands, assumptions);
  const named =
    spectral.wavelengthsNm === null ? wavelengthsOfNames(names, spectral.wavelengthUnits, assumptions) : null;
  const wavelengthsNm = spectral.wavelengthsNm ?? named?.wavelengthsNm;
  const time = readTime(header);
  const bandRecords = Array.from({ length: bands }, (_, bandIndex): BandRecord => ({
    name: names?.[bandIndex] ?? null,
    wavelengthNm: wavelengthsNm?.[bandIndex] ?? null,
    fwhmNm: spectral.fwhmNm?.[bandIndex] ?? null,
    good: spectral.bandIsGood[bandIndex] ?? true,
    noData,
    scale: scales[bandIndex] ?? null,
    offset: offsets[bandIndex] ?? null,
    unit,
    time,
  }));
  return { bandRecords, wavelengthUnits: named?.units ?? spectral.wavelengthUnits };
}
