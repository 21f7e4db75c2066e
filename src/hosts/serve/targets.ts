import { createReadStream } from 'node:fs';
import { mkdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { makeZip, predictLength } from 'client-zip';
import type { ExportResult, JobSnapshot, TargetAnswer, TargetLook } from '../../engine/contract/index.ts';
import { asCubelensError, CubelensError, enviHeaderPath, type Engine } from '../../engine/engine.ts';

/** Where a window's exports go, and how they are fetched from there. */
export class Targets {
  /** In words. */
  readonly name: string;
  readonly #folder: string;
  readonly #engine: Engine;

  constructor(folder: string, engine: Engine) {
    this.#folder = resolve(folder);
    this.name = basename(this.#folder);
    this.#engine = engine;
  }

  /** Allows writing a file of this name. The folder is made when it is first needed. */
  async grant(name: string): Promise<TargetAnswer> {
    try {
      await mkdir(this.#folder, { recursive: true });
      const { grantId } = this.#engine.grants.grantWrite(join(this.#folder, name), this.#folder);
      return { grantId, name, replace: false };
    } catch (thrown) {
      throw asCubelensError(thrown, name);
    }
  }

  /** What there is where a file of this name would go: nothing is made, nothing granted. */
  async look(name: string): Promise<TargetLook> {
    const names = /\.dat$/i.test(name) ? [name, basename(enviHeaderPath(name))] : [name];
    let existing: string | null = null;
    for (const one of names) {
      if (existing === null && (await isThere(join(this.#folder, one)))) existing = one;
    }
    return { name, folder: this.name, existing, freeBytes: await freeBytes(this.#folder) };
  }

  /**
   * A finished export: its file, or all of them as a .zip. The names come from the job, never from the page.
   * @param wanted one of its files alone.
   */
  async download(jobId: string, wanted: string | undefined): Promise<Response> {
    const names = await this.#writtenBy(jobId);
    if (wanted !== undefined && !names.includes(wanted)) {
      throw new CubelensError('not-found', 'This export has no such file.', { field: 'file' });
    }
    const files = await Promise.all(
      (wanted === undefined ? names : [wanted]).map((name) => this.#file(name)),
    );
    const [first] = files;
    if (first === undefined) throw new CubelensError('not-found', 'This export has no files.');
    if (files.length === 1) return attachment(first.name, first.size, first.read());
    const entries = files.map(({ name, size, changedAt }) => ({ name, size, lastModified: changedAt }));
    const zipName = `${basename(first.name, extname(first.name))}.zip`;
    const zip = makeZip(
      files.map(({ name, size, changedAt, read }) => ({
        name,
        size,
        lastModified: changedAt,
        input: read(),
      })),
    );
    return attachment(zipName, predictLength(entries), zip);
  }

  async #writtenBy(jobId: string): Promise<string[]> {
    const answer = await this.#engine.fetch(
      new Request(`http://cubelens/api/jobs/${encodeURIComponent(jobId)}`),
    );
    if (!answer.ok) throw new CubelensError('not-found', 'There is no such export.', { field: 'jobId' });
    const { state, result } = (await answer.json()) as JobSnapshot;
    const files = (result as Partial<ExportResult> | null)?.files;
    if (state === 'done' && Array.isArray(files)) return files;
    throw new CubelensError('not-found', 'This export has written nothing yet.', {
      field: 'jobId',
      remedy: 'Wait until it is done.',
    });
  }

  async #file(name: string) {
    const path = join(this.#folder, basename(name));
    try {
      const { size, mtime } = await stat(path);
      const read = () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
      return { name: basename(name), size, changedAt: mtime, read };
    } catch (thrown) {
      throw asCubelensError(thrown, name);
    }
  }
}

function attachment(name: string, size: number | bigint, body: ReadableStream<Uint8Array>): Response {
  // RFC 6266: the plain name for those that know no other, the exact one beside it.
  const plain = name.replace(/[^\w. -]/g, '_');
  return new Response(body, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(size),
      'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'cache-control': 'no-store',
    },
  });
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Of the folder, or of the nearest one above it that is there. */
async function freeBytes(folder: string): Promise<number | null> {
  if (!(await isThere(folder)) && dirname(folder) !== folder) return freeBytes(dirname(folder));
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
