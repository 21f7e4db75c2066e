import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { RecentFile } from '../../engine/contract/index.ts';
import type { Browsing } from './browsing.ts';

/** Files that are kept, the last one first. */
const mostFiles = 20;

/** Where programs keep such things. */
export function stateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const given = env['XDG_STATE_HOME'] ?? env['LOCALAPPDATA'];
  return join(given === undefined || given === '' ? join(homedir(), '.local/state') : given, 'cubelens');
}

/** The files that were opened lately, over all runs. Only those below a root of this run are told. */
export class RecentFiles {
  readonly #file: string;
  readonly #browsing: Browsing;

  constructor(folder: string, browsing: Browsing) {
    this.#file = join(folder, 'recent.json');
    this.#browsing = browsing;
  }

  async list(): Promise<RecentFile[]> {
    const files: RecentFile[] = [];
    for (const path of await this.#read()) {
      const fileId = this.#browsing.idBelowRoots(path);
      if (fileId === null) continue;
      const isThere = await stat(path).then(
        (found) => found.isFile(),
        () => false,
      );
      if (isThere) files.push({ fileId, name: basename(path), folder: this.#folderOf(path) });
    }
    return files;
  }

  /** Puts a file first. That it cannot be kept is no reason to fail. */
  async add(path: string): Promise<void> {
    const paths = [path, ...(await this.#read()).filter((other) => other !== path)].slice(0, mostFiles);
    try {
      await mkdir(dirname(this.#file), { recursive: true });
      const temporary = `${this.#file}.${process.pid}`;
      await writeFile(temporary, `${JSON.stringify(paths, null, 2)}\n`, { mode: 0o600 });
      await rename(temporary, this.#file);
    } catch {
      // A home that cannot be written.
    }
  }

  async #read(): Promise<string[]> {
    try {
      const paths: unknown = JSON.parse(await readFile(this.#file, 'utf8'));
      return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
    } catch {
      return [];
    }
  }

  /** The folder below its root, in words. */
  #folderOf(path: string): string {
    const root = this.#browsing.rootOf(path) ?? dirname(path);
    return [basename(root), ...relative(root, dirname(path)).split(sep)].filter(Boolean).join('/');
  }
}
