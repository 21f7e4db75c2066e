import type { OpenOptions } from '../contract/cube.ts';
import { CubelensError } from '../base/errors.ts';
import type { CancelOptions } from '../base/signal.ts';
import { GrantedFiles } from '../io/neighbourhood.ts';
import type { OpenedCube } from './cube.ts';
import { enviFormat } from './formats/envi/open.ts';
import type { CubeFormat } from './formats/format.ts';
import { withAuxXml } from './formats/gdal/auxXml.ts';
import { geotiffFormat } from './formats/geotiff/open.ts';

/**
 * The formats, in the order they are asked. ENVI comes first: a pair is known by its header, and raw pixels may begin
 * with the bytes of any other format.
 */
const formats: readonly CubeFormat[] = [enviFormat, geotiffFormat];

/** Bytes of the file's beginning that formats see. */
const headBytes = 64;

/** First bytes of files people try that are not (yet) read, with what to do about them. */
const knownOthers: readonly { magic: string; says: string; remedy: string }[] = [
  { magic: '\x89HDF', says: 'is an HDF5 or NetCDF-4 file', remedy: 'Convert it: gdal_translate -of ENVI.' },
  { magic: 'CDF', says: 'is a NetCDF file', remedy: 'Convert it: gdal_translate -of ENVI.' },
  {
    magic: '\x89PNG',
    says: 'is a PNG picture',
    remedy: 'Choose an ENVI header, its data file or a GeoTIFF.',
  },
  {
    magic: '\xff\xd8\xff',
    says: 'is a JPEG picture',
    remedy: 'Choose an ENVI header, its data file or a GeoTIFF.',
  },
  { magic: 'PK\x03\x04', says: 'is a ZIP archive', remedy: 'Unpack it and choose the cube inside.' },
  {
    magic: '\x1f\x8b',
    says: 'is compressed with gzip',
    remedy: 'Unpack it (gunzip) and open the file inside.',
  },
];

/**
 * Opens a file of any known format. Runs in a worker.
 * @param path real path. @param within folder its siblings must lie in, or null.
 * Throws `unsupported-format` where no format knows it, else what the format says.
 */
export async function openCubeFile(
  path: string,
  within: string | null,
  options: Pick<OpenOptions, 'imageId'>,
  cancel: CancelOptions,
): Promise<OpenedCube> {
  const files = new GrantedFiles(path, within);
  try {
    const { source } = await files.open(files.name);
    if (source.size === 0) {
      throw new CubelensError('malformed-file', `${files.name} is empty.`, {
        file: files.name,
        remedy: 'Copy or download it again.',
      });
    }
    const head = await source.read(0, Math.min(headBytes, source.size), cancel);
    for (const format of formats) {
      if (!(await format.recognises(files, head))) continue;
      return await withAuxXml(await format.open(files, options, cancel), files, cancel);
    }
    throw unknownFormat(files.name, head);
  } finally {
    files.close();
  }
}

function unknownFormat(name: string, head: Uint8Array): CubelensError {
  const start = Buffer.from(head).toString('latin1');
  const other = knownOthers.find(({ magic }) => start.startsWith(magic));
  const says =
    other === undefined
      ? `${name} is neither a GeoTIFF nor half of an ENVI pair: no ENVI header (.hdr) stands beside it`
      : `${name} ${other.says}, which Cubelens does not read`;
  return new CubelensError('unsupported-format', `${says}.`, {
    file: name,
    remedy: other?.remedy ?? 'Put its .hdr file into the same folder, or choose an ENVI header or a GeoTIFF.',
  });
}
