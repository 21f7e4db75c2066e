import type { FileRecord } from '../../../src/engine/contract/index.ts';
import { bytesText } from '../../ui/groups.ts';

/** What stands where no file is shown. */
export function emptyWords(
  place: 'folder' | 'recent',
  text: string,
  isPending: boolean,
  cubesOnly: boolean,
): string {
  if (text !== '') return 'No name here holds that text.';
  if (place === 'recent') return 'Nothing was opened yet.';
  if (isPending) return 'Reading the folder';
  return !cubesOnly
    ? 'This folder is empty.'
    : 'No cube in this folder. Untick “Cubes only” to see all files.';
}

/** A row of the dialog. */
export interface Entry {
  id: string;
  kind: 'folder' | 'file';
  name: string;
  type: string;
  size: string;
  changed: string;
  words: string;
}

/** The folders and files of a folder whose names hold a text. */
export function entriesOf(
  folder:
    { folders: readonly { folderId: string; name: string }[]; files: readonly FileRecord[] } | undefined,
  cubesOnly: boolean,
  text: string,
): Entry[] {
  const fits = (name: string): boolean => name.toLowerCase().includes(text.toLowerCase());
  const folders = (folder?.folders ?? [])
    .filter(({ name }) => fits(name))
    .map(({ folderId, name }) => ({
      id: folderId,
      kind: 'folder' as const,
      name,
      type: 'Folder',
      size: '',
      changed: '',
      words: '',
    }));
  const files = (folder?.files ?? [])
    .filter(({ name, type }) => fits(name) && (!cubesOnly || type !== 'other'))
    .map(({ fileId, name, type, bytes, changedAt, parts }) => ({
      id: fileId,
      kind: 'file' as const,
      name,
      type: type === 'other' ? '' : type,
      size: bytesText(bytes),
      changed: new Date(changedAt).toISOString().slice(0, 10),
      words: parts.length > 1 ? parts.join(' with ') : name,
    }));
  return [...folders, ...files];
}

/** Files that were opened before, whose names hold a text. */
export function recentEntries(
  files: readonly { fileId: string; name: string; folder: string }[] | undefined,
  text: string,
): Entry[] {
  return (files ?? [])
    .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
    .map(({ fileId, name, folder }) => ({
      id: fileId,
      kind: 'file',
      name,
      type: folder,
      size: '',
      changed: '',
      words: `${folder}/${name}`,
    }));
}
