import { z } from 'zod';

// What a host offers the window beside the engine: files to choose, targets to write, outputs to fetch. Paths never
// cross: a file or folder of the host is named by an opaque id that the host gave out.

/** A file that may now be read: `POST /api/cubes {grantId}` opens it. */
export interface ReadGrantAnswer {
  grantId: string;
  /** File name without folders. */
  name: string;
}

/** A folder, with the name a person knows it by. */
export interface FolderRecord {
  folderId: string;
  name: string;
}

/** `GET /host/roots`: where the person may browse, and where exports go, in words. */
export interface RootsAnswer {
  roots: FolderRecord[];
  out: string;
}

/** What a file in a listing is taken for. Only opening it tells for sure. */
export type FileType = 'ENVI' | 'GeoTIFF' | 'other';

/** One entry of a folder; an ENVI pair is one entry. */
export interface FileRecord {
  fileId: string;
  /** The header's name for an ENVI pair. */
  name: string;
  /** The files that belong to it and are in the same folder, itself first. */
  parts: string[];
  type: FileType;
  /** Of all its parts. */
  bytes: number;
  /** Last change, as milliseconds since 1970. */
  changedAt: number;
}

/** `GET /host/folders/:folderId`: folders and files by name. */
export interface FolderAnswer {
  folder: FolderRecord;
  /** From the root down to this folder's parent. */
  above: FolderRecord[];
  folders: FolderRecord[];
  files: FileRecord[];
  /** Entries left out beyond the first 5000. */
  leftOut: number;
}

/** Of several files given at once the one that says what they are: a header, else a TIFF, else the first; by name. */
export function fileToOpen<File>(files: readonly File[], nameOf: (file: File) => string): File | undefined {
  const ending = (pattern: RegExp): File | undefined => files.find((file) => pattern.test(nameOf(file)));
  return ending(/\.hdr$/i) ?? ending(/\.tiff?$/i) ?? files[0];
}

/** A file opened before. */
export interface RecentFile {
  fileId: string;
  name: string;
  /** Its folder, in words. */
  folder: string;
}

/** `GET /host/start`: what the person asked for when starting the host. */
export interface StartAnswer {
  /** A file of the command line. */
  file: { fileId: string; name: string } | null;
  /** The demo scene shall be open. */
  demo: boolean;
}

/** A file name that a person typed: no folder in it. */
export const fileNameSchema = z
  .string()
  .min(1, 'is empty')
  .max(200, 'has more than 200 characters')
  .refine(
    (name) => !/[/\\\p{Cc}]/u.test(name) && name !== '.' && name !== '..',
    'must be a file name without a folder',
  );

/** `POST /host/targets`. */
export const targetRequestSchema = z.strictObject({ name: fileNameSchema });

/** A file that may now be written. */
export interface TargetAnswer {
  grantId: string;
  name: string;
  /** The host has asked already, and files that are there may be replaced. */
  replace: boolean;
}

/** `GET /host/targets/:name`: what there is where a file of this name would go. Nothing is granted. */
export interface TargetLook {
  name: string;
  /** The folder in words ("cubelens-exports"). */
  folder: string;
  /** A file that would be replaced: the one of this name, or the header beside it. */
  existing: string | null;
  /** Bytes that are free there; null where the system does not say. */
  freeBytes: number | null;
}

/** `POST /host/uploads`: then `PUT /host/uploads/:uploadId/:name` for each file, and `POST /host/uploads/:uploadId {name}` to open one. */
export interface UploadAnswer {
  uploadId: string;
  /** Most bytes of all its files together. */
  mostBytes: number;
}

/** Most bytes of one upload. */
export const mostUploadBytes = 256 * 1024 * 1024;
