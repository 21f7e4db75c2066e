import type { Assumption } from '../../../contract/cube.ts';
import { CubelensError } from '../../../base/errors.ts';
import type { CancelOptions } from '../../../base/signal.ts';
import type { ByteSource, SourceRef } from '../../../io/byteSource.ts';
import type { FileNeighbourhood } from '../format.ts';
import { checkHeaderSize, parseEnviHeader, startsAsEnvi, type EnviHeader } from './header.ts';
import { isSidecarOf, statedBytes } from './layout.ts';

/** An opened file of the folder. */
export interface OpenedFile {
  name: string;
  source: ByteSource;
  ref: SourceRef;
}

/** A header and the data file that belongs to it. */
export interface EnviPair {
  header: EnviHeader;
  headerFile: OpenedFile;
  dataFile: OpenedFile;
  /** What was chosen among several data files. */
  assumptions: Assumption[];
}

/** Endings of data files, the usual first. A name without an ending and the interleaves count too. */
const dataEndings = ['', 'img', 'dat', 'raw', 'bsq', 'bil', 'bip', 'bin', 'cube', 'hyspex', 'hsi', 'sli'];

/** Endings of files that stand beside a cube and are never its data. */
const otherEndings = new Set(
  'hdr xml txt json csv md png jpg jpeg bmp tif tiff jp2 pdf enp sta ovr prj evf roi glt kml log gz zip py'.split(
    ' ',
  ),
);

/** No folder has more files of one stem that are worth a look. */
const maxCandidates = 24;

/**
 * The pair of header and data file that the chosen file belongs to, whichever of the two it is. Names are compared in
 * any case, the exact case first; where several files could be the other half, the one whose size fits is taken.
 * Throws `not-found` where the other half is missing, and what `parseEnviHeader` throws.
 */
export async function findPair(files: FileNeighbourhood, options: CancelOptions = {}): Promise<EnviPair> {
  const chosen = await openFile(files, files.name);
  return (await isHeader(chosen, options))
    ? pairOfHeader(files, chosen, options)
    : pairOfData(files, chosen, options);
}

/** True where the file is a header by its ending or by its first line. */
async function isHeader(file: OpenedFile, options: CancelOptions): Promise<boolean> {
  if (endingOf(file.name) === 'hdr') return true;
  return startsAsEnvi(await file.source.read(0, Math.min(64, file.source.size), options));
}

async function pairOfHeader(
  files: FileNeighbourhood,
  chosen: OpenedFile,
  options: CancelOptions,
): Promise<EnviPair> {
  const header = await readHeader(chosen, options);
  const sidecar = isSidecarOf(header);
  if (sidecar !== null) {
    const message = `${chosen.name} describes a file of type ${sidecar}, not ENVI data.`;
    const remedy = 'Open the image file itself (the .tif beside it).';
    throw new CubelensError('unsupported-format', message, { file: chosen.name, field: 'file type', remedy });
  }
  const siblings = await files.siblings();
  const names = dataNames(chosen.name, siblings).filter(
    (name) => !hasOtherHeader(name, chosen.name, siblings),
  );
  const opened = await openThoseGranted(files, names);
  const wanted = statedBytes(header);
  const stem = stemOf(chosen.name);
  const usual = opened.filter(({ name }) => isDataEnding(name, stem));
  const fitting = opened.filter(({ source }) => source.size === wanted);
  const dataFile =
    fitting[0] ??
    usual.find(({ source }) => source.size >= (wanted ?? 0)) ??
    usual[0] ??
    (opened.length === 1 ? opened[0] : undefined);
  if (dataFile !== undefined) {
    const candidates = fitting.length > 0 ? fitting : usual;
    return { header, headerFile: chosen, dataFile, assumptions: choice(dataFile, candidates) };
  }
  throw new CubelensError('not-found', `The data file of ${chosen.name} is not beside it.`, {
    file: chosen.name,
    remedy: `Put it into the same folder, under the name ${stem}, ${stem}.img, ${stem}.dat or ${stem}.raw.`,
  });
}

async function pairOfData(
  files: FileNeighbourhood,
  chosen: OpenedFile,
  options: CancelOptions,
): Promise<EnviPair> {
  const siblings = await files.siblings();
  const names = headerNames(chosen.name, siblings);
  const opened = await openThoseGranted(files, names);
  let first: EnviPair | undefined;
  let firstError: CubelensError | undefined;
  for (const headerFile of opened) {
    try {
      const header = await readHeader(headerFile, options);
      const pair: EnviPair = { header, headerFile, dataFile: chosen, assumptions: [] };
      if (statedBytes(pair.header) === chosen.source.size) return pair;
      first ??= pair;
    } catch (error) {
      if (!(error instanceof CubelensError)) throw error;
      // A second header may still be the right one.
      firstError ??= error;
    }
  }
  if (first !== undefined) return first;
  if (firstError !== undefined) throw firstError;
  throw new CubelensError('not-found', `The ENVI header of ${chosen.name} is not beside it.`, {
    file: chosen.name,
    remedy: `Put it into the same folder, under the name ${chosen.name}.hdr or ${stemOf(chosen.name)}.hdr.`,
  });
}

/** True where a data file has a header that names it in full (`x.img.hdr`) and that is not this one: it belongs to that. */
function hasOtherHeader(dataName: string, headerName: string, siblings: readonly string[]): boolean {
  const own = siblings.filter((name) => endingOf(name) === 'hdr' && isSame(stemOf(name), dataName));
  return own.length > 0 && !own.includes(headerName);
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function choice(chosen: OpenedFile, candidates: readonly OpenedFile[]): Assumption[] {
  const others = candidates.filter((file) => file !== chosen).map(({ name }) => name);
  if (others.length === 0) return [];
  const shown = others.slice(0, 5).join(', ');
  const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
  const why = `Several files fit the header; ${shown}${more} left aside. Open the data file itself to choose it.`;
  return [{ field: 'data file', value: chosen.name, why }];
}

/** The header in a file. */
export async function readHeader(file: OpenedFile, options: CancelOptions): Promise<EnviHeader> {
  checkHeaderSize(file.name, file.source.size);
  return parseEnviHeader(await file.source.read(0, file.source.size, options), file.name);
}

/** Names of headers that a data file may have, GDAL's order: `x.dat.hdr`, then `x.hdr`. */
export function headerNames(dataName: string, siblings: readonly string[]): string[] {
  return matching(siblings, dataName, (name) => {
    if (endingOf(name) !== 'hdr') return null;
    const stem = stemOf(name).toLowerCase();
    if (stem === dataName.toLowerCase()) return 0;
    return stem === stemOf(dataName).toLowerCase() ? 1 : null;
  });
}

/** Names of data files that a header may have, likely ones first. */
export function dataNames(headerName: string, siblings: readonly string[]): string[] {
  const stem = stemOf(headerName);
  return matching(siblings, headerName, (name) => {
    const ending = endingAfter(name, stem);
    if (ending === null || otherEndings.has(ending)) return null;
    const rank = dataEndings.indexOf(ending);
    if (rank >= 0) return rank;
    // Any other single ending may be a data file, but only where its size fits.
    return ending.includes('.') ? null : dataEndings.length;
  });
}

function matching(
  siblings: readonly string[],
  chosen: string,
  rankOf: (name: string) => number | null,
): string[] {
  const stem = stemOf(chosen);
  return siblings
    .flatMap((name) => {
      const rank = name === chosen ? null : rankOf(name);
      // The exact case goes before any other.
      return rank === null ? [] : [{ name, rank: rank * 2 + (name.startsWith(stem) ? 0 : 1) }];
    })
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
    .slice(0, maxCandidates)
    .map(({ name }) => name);
}

/** What follows `stem.` in the name ('' for the stem itself), lower case; null where the name is of another stem. */
function endingAfter(name: string, stem: string): string | null {
  const folded = name.toLowerCase();
  if (folded === stem.toLowerCase()) return '';
  return folded.startsWith(`${stem.toLowerCase()}.`) ? folded.slice(stem.length + 1) : null;
}

function isDataEnding(name: string, stem: string): boolean {
  // `x.dat.hdr` names its data file in full, whatever its ending.
  return dataEndings.includes(endingAfter(name, stem) ?? 'none');
}

/** The last ending in lower case, '' where there is none. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** The name without its last ending. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? name : name.slice(0, dot);
}

async function openFile(files: FileNeighbourhood, name: string): Promise<OpenedFile> {
  return { name, ...(await files.open(name)) };
}

async function openThoseGranted(files: FileNeighbourhood, names: readonly string[]): Promise<OpenedFile[]> {
  const opened: OpenedFile[] = [];
  for (const name of names) {
    try {
      opened.push(await openFile(files, name));
    } catch (error) {
      const isPassed = error instanceof CubelensError && ['not-found', 'access-denied'].includes(error.code);
      if (!isPassed) throw error;
    }
  }
  return opened;
}
