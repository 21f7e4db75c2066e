import type { FileType } from '../contract/hostRoutes.ts';
import { dataNames, endingOf, stemOf } from './formats/envi/pairing.ts';

/** A file of a folder, as a host found it. */
export interface FoundFile {
  name: string;
  bytes: number;
  changedAt: number;
}

/** Files of a folder that belong together. */
export interface ListedFile extends FoundFile {
  type: FileType;
  /** Names, the one to open first. */
  parts: string[];
}

const tiffEndings = new Set(['tif', 'tiff', 'gtif', 'gtiff', 'tf8', 'btf']);

/**
 * What a folder's files are, judged by their names alone: a header and its data file are one entry under the header's
 * name, with the bytes of both and the later time. In the order of the names, as people count ("b2" before "b10").
 */
export function listCubeFiles(files: readonly FoundFile[]): ListedFile[] {
  const namesOfStem = stems(files.map(({ name }) => name));
  const byName = new Map(files.map((file) => [file.name, file]));
  const listed: ListedFile[] = [];
  const taken = new Set<string>();
  // The longer name first: `x.dat.hdr` names its data file in full, before `x.hdr` may take it.
  const headers = files.filter(({ name }) => endingOf(name) === 'hdr');
  for (const file of headers.sort((a, b) => b.name.length - a.name.length)) {
    const data = dataNames(file.name, namesOfStem(file.name)).find((name) => !taken.has(name));
    const partner = data === undefined ? undefined : byName.get(data);
    taken.add(file.name);
    if (partner !== undefined) taken.add(partner.name);
    listed.push({
      name: file.name,
      type: 'ENVI',
      parts: partner === undefined ? [file.name] : [file.name, partner.name],
      bytes: file.bytes + (partner?.bytes ?? 0),
      changedAt: Math.max(file.changedAt, partner?.changedAt ?? 0),
    });
  }
  for (const file of files) {
    if (taken.has(file.name)) continue;
    const type = tiffEndings.has(endingOf(file.name)) ? 'GeoTIFF' : 'other';
    listed.push({ ...file, type, parts: [file.name] });
  }
  const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  return listed.sort((a, b) => order.compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
}

/** Finds the names that begin as a header's stem does, in any case: few, where a folder has thousands of pairs. */
function stems(names: readonly string[]): (headerName: string) => string[] {
  const sorted = names
    .map((name) => ({ name, folded: name.toLowerCase() }))
    .sort((a, b) => (a.folded < b.folded ? -1 : 1));
  return (headerName) => {
    const stem = stemOf(headerName).toLowerCase();
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.folded ?? '') < stem) low = middle + 1;
      else high = middle;
    }
    const found: string[] = [];
    for (let at = low; sorted[at]?.folded.startsWith(stem) === true; at++) found.push(sorted[at]?.name ?? '');
    return found;
  };
}
