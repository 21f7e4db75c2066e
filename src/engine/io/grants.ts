import { randomUUID } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';

/** What a host allowed: reading a file (and its pair) or writing one. Paths never leave the engine. */
export interface Grant {
  grantId: string;
  mode: 'read' | 'write';
  /** Absolute, links not resolved. */
  path: string;
  /** Every file reached through this grant must lie inside this folder; null: anywhere. */
  within: string | null;
}

/**
 * The open grants of one engine. Hosts make them from dialogs, drops and command lines; the API takes their ids. Making one
 * is synchronous, so that a host has the id at once: a few calls that look up a name, none that reads a file. The engine
 * itself makes none; it looks up a file that a granted one names with `readableFile`.
 */
export class Grants {
  readonly #grants = new Map<string, Grant>();

  /**
   * Allows reading one file. Throws `not-found`, `access-denied` (outside `within`).
   * @param within folder that the real path must lie in (`serve --root`).
   */
  grantRead(path: string, within: string | null = null): Grant {
    // The name as the person knows it: a link into a content store has its pair beside the link.
    const absolute = resolve(path);
    const real = realPath(absolute);
    const root = within === null ? null : realPath(within);
    if (root !== null) checkInside(real, root);
    return this.#add({ grantId: randomUUID(), mode: 'read', path: absolute, within: root });
  }

  /** Allows writing one file (with its header and recipe beside it). The folder must exist. */
  grantWrite(path: string, within: string | null = null): Grant {
    const absolute = resolve(path);
    const name = basename(absolute);
    if (name === '' || isFolder(absolute)) {
      throw new CubelensError(
        'invalid-request',
        `${name === '' ? path : name} is a folder, not a file name.`,
        {
          remedy: 'Give a file name with an ending such as .tif or .dat.',
        },
      );
    }
    const folder = realPath(dirname(absolute));
    if (!isFolder(folder)) {
      throw new CubelensError('not-found', `${basename(dirname(absolute))} is not a folder.`, {
        remedy: 'Choose another folder.',
      });
    }
    const target = join(folder, name);
    const root = within === null ? null : realPath(within);
    if (root !== null) checkInside(target, root);
    return this.#add({ grantId: randomUUID(), mode: 'write', path: target, within: root });
  }

  /** The grant under this id. Throws `access-denied` where there is none of that mode. */
  resolve(grantId: string, mode: Grant['mode']): Grant {
    const grant = this.#grants.get(grantId);
    if (grant?.mode !== mode) {
      throw new CubelensError(
        'access-denied',
        `This ${mode === 'read' ? 'file' : 'target'} was not granted.`,
        {
          field: 'grantId',
          remedy: 'Choose the file again.',
        },
      );
    }
    return grant;
  }

  /** Takes a grant back. */
  revoke(grantId: string): void {
    this.#grants.delete(grantId);
  }

  #add(grant: Grant): Grant {
    this.#grants.set(grant.grantId, grant);
    return grant;
  }
}

/** A file that may be read, by its path. */
export type ReadableFile = Pick<Grant, 'path' | 'within'>;

/**
 * A file that a granted one names, as a read grant would allow it. Throws `not-found`, `access-denied` (outside `within`).
 * @param within real path of the folder that the file's real path must lie in; null: anywhere.
 */
export async function readableFile(path: string, within: string | null): Promise<ReadableFile> {
  const absolute = resolve(path);
  let real: string;
  try {
    real = await realpath(absolute);
  } catch (thrown) {
    throw asCubelensError(thrown, basename(absolute));
  }
  if (within !== null) checkInside(real, within);
  return { path: absolute, within };
}

/** Throws `access-denied` where a path lies outside a folder (both real and absolute). */
export function checkInside(path: string, folder: string): void {
  const way = relative(folder, path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    throw new CubelensError('access-denied', `${basename(path)} lies outside the allowed folder.`, {
      file: basename(path),
      remedy: 'Move it into the folder, or allow its folder when starting Cubelens.',
    });
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (thrown) {
    throw asCubelensError(thrown, basename(path));
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (thrown) {
    throw asCubelensError(thrown, basename(path));
  }
}
