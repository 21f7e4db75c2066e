import { createHmac, randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { FileRecord, FolderAnswer, FolderRecord } from '../../engine/contract/index.ts';
import { asCubelensError, CubelensError, listCubeFiles } from '../../engine/engine.ts';

/** A file or folder that the page knows by an id. */
export interface Place {
  path: string;
  /** The root that its real path must lie in; null for a file of the command line. */
  root: string | null;
}

/** Entries of one folder that are looked at. */
const mostEntries = 5000;

/** The folders that a person may browse, and ids for what lies in them: paths never come from a page. */
export class Browsing {
  readonly roots: readonly FolderRecord[];
  readonly #paths: readonly string[];
  readonly #key = randomBytes(16);
  readonly #places = new Map<string, Place>();

  private constructor(roots: readonly string[]) {
    this.#paths = roots;
    this.roots = roots.map((root) => ({
      folderId: this.#idOf({ path: root, root }),
      name: basename(root) || root,
    }));
  }

  /** Throws `not-found` and `access-denied` where a root is no folder that can be read. */
  static async over(folders: readonly string[]): Promise<Browsing> {
    const roots: string[] = [];
    for (const folder of folders) {
      try {
        const root = await realpath(resolve(folder));
        await readdir(root);
        if (!roots.includes(root)) roots.push(root);
      } catch (thrown) {
        throw asCubelensError(thrown, basename(resolve(folder)));
      }
    }
    return new Browsing(roots);
  }

  /** An id for a file that the person named on the command line. */
  allow(path: string): string {
    return this.#idOf({ path: resolve(path), root: null });
  }

  /** The root that a path lies below by its name; null: none. */
  rootOf(path: string): string | null {
    return this.#paths.find((root) => path.startsWith(root.endsWith(sep) ? root : root + sep)) ?? null;
  }

  /** An id for a file below a root, null for any other. Links are looked through when it is opened. */
  idBelowRoots(path: string): string | null {
    const root = this.rootOf(path);
    return root === null ? null : this.#idOf({ path, root });
  }

  /** What an id stands for. Throws `access-denied` for one that was never given out. */
  place(id: string): Place {
    const place = this.#places.get(id);
    if (place !== undefined) return place;
    throw new CubelensError('access-denied', 'This file was not offered by this server.', {
      remedy: 'Choose it again in the list of files.',
    });
  }

  /** A folder's entries. Throws `not-found`, `access-denied` (also where a link leaves the root). */
  async list(folderId: string): Promise<FolderAnswer> {
    const { path, root } = this.place(folderId);
    if (root === null) throw new CubelensError('invalid-request', `${basename(path)} is not a folder.`);
    try {
      await checkInside(path, root);
      const entries = (await readdir(path, { withFileTypes: true }))
        .filter(({ name }) => !name.startsWith('.'))
        .sort((a, b) => order.compare(a.name, b.name));
      const looked = entries.slice(0, mostEntries);
      const found = await Promise.all(looked.map((entry) => this.#look(path, root, entry)));
      return {
        folder: this.#record(path, root),
        above: this.#above(path, root),
        folders: found.flatMap((one) => (one !== null && 'folderId' in one ? [one] : [])),
        files: this.#files(
          path,
          root,
          found.flatMap((one) => (one !== null && 'bytes' in one ? [one] : [])),
        ),
        leftOut: entries.length - looked.length,
      };
    } catch (thrown) {
      throw asCubelensError(thrown, basename(path));
    }
  }

  #files(path: string, root: string, found: FoundFile[]): FileRecord[] {
    return listCubeFiles(found).map((file) => ({
      ...file,
      fileId: this.#idOf({ path: join(path, file.name), root }),
    }));
  }

  async #look(folder: string, root: string, entry: Dirent): Promise<FoundFile | FolderRecord | null> {
    const path = join(folder, entry.name);
    try {
      const { size, mtimeMs, ...kind } = await kindOf(path);
      if (kind.isFolder) return this.#record(path, root);
      return kind.isFile ? { name: entry.name, bytes: size, changedAt: mtimeMs } : null;
    } catch {
      // A link to nothing, or a file that was removed in between.
      return null;
    }
  }

  #record(path: string, root: string): FolderRecord {
    const name = path === root ? this.#rootName(root) : basename(path);
    return { folderId: this.#idOf({ path, root }), name };
  }

  #rootName(root: string): string {
    return basename(root) || root;
  }

  #above(path: string, root: string): FolderRecord[] {
    const above: FolderRecord[] = [];
    for (let at = path; at !== root;) {
      at = dirname(at);
      above.unshift(this.#record(at, root));
    }
    return above;
  }

  /** The same place has the same id while the server runs, and nobody can guess one. */
  #idOf(place: Place): string {
    const id = createHmac('sha256', this.#key)
      .update(`${place.root ?? ''}\0${place.path}`)
      .digest('base64url');
    this.#places.set(id, place);
    return id;
  }
}

interface FoundFile {
  name: string;
  bytes: number;
  changedAt: number;
}

const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

async function kindOf(path: string) {
  const found = await stat(path);
  return { size: found.size, mtimeMs: found.mtimeMs, isFolder: found.isDirectory(), isFile: found.isFile() };
}

/** Throws `access-denied` where a link leads out of the root. */
async function checkInside(path: string, root: string): Promise<void> {
  const way = relative(root, await realpath(path));
  if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  throw new CubelensError('access-denied', `${basename(path)} lies outside the allowed folder.`, {
    file: basename(path),
    remedy: 'Start `cubelens serve` with --root for its folder too.',
  });
}
