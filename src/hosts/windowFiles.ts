import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** Types of the files that a window is built of. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The window's files, by the path that asks for them. The folder is walked once and nothing else is ever served: a path
 * that leaves the folder, in whatever encoding, is a name that is not in the table.
 */
export class WindowFiles {
  readonly #files: ReadonlyMap<string, string>;

  private constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  /** Throws what Node throws where the folder is not there. */
  static async of(folder: string): Promise<WindowFiles> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [`/${relative(folder, path).split(sep).join('/')}`, path] as const);
    const table = new Map(files);
    const page = table.get('/index.html');
    if (page !== undefined) table.set('/', page);
    return new WindowFiles(table);
  }

  /** True where there is a page to open. */
  get hasPage(): boolean {
    return this.#files.has('/');
  }

  /** The file that a request's path names; null where there is none. */
  async answer(path: string): Promise<Response | null> {
    const file = this.#files.get(path);
    if (file === undefined) return null;
    const body = await readFile(file);
    // The build puts a hash into the names of what it puts into `assets`.
    const isFixed = path.startsWith('/assets/');
    return new Response(body, {
      headers: {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-length': String(body.byteLength),
        'cache-control': isFixed ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    });
  }
}
