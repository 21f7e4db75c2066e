import { randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import type { BridgeFile, ExportResult, JobSnapshot, TargetAnswer } from '../src/engine/contract/index.ts';
import { CubelensError, type Engine } from '../src/engine/engine.ts';

/** Files that the person chose, by ids: the window never has a path. */
export class DesktopFiles {
  readonly #engine: Engine;
  readonly #paths = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  /** Folders that exports went to, by the name of the data file: the last one of that name. */
  readonly #folders = new Map<string, string>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** An id for a file that a dialog, a drop or the command line named; the same file has the same id. */
  allow(path: string): BridgeFile {
    const absolute = resolve(path);
    const id = this.#ids.get(absolute) ?? randomUUID();
    this.#ids.set(absolute, id);
    this.#paths.set(id, absolute);
    return { id, name: basename(absolute) };
  }

  /** Throws `access-denied` for an id that was never given out. */
  pathOf(id: string): string {
    const path = this.#paths.get(id);
    if (path !== undefined) return path;
    throw new CubelensError('access-denied', 'This file was not chosen.', { remedy: 'Choose it again.' });
  }

  grantRead(id: string): { grantId: string } {
    const { grantId } = this.#engine.grants.grantRead(this.pathOf(id));
    return { grantId };
  }

  /** Of several dropped files the one that says what they are: a header, else a TIFF, else the first. */
  ofDropped(paths: readonly string[]): BridgeFile {
    const ending = (pattern: RegExp): string | undefined => paths.find((path) => pattern.test(path));
    const chosen = ending(/\.hdr$/i) ?? ending(/\.tiff?$/i) ?? paths[0];
    if (chosen === undefined) throw new CubelensError('invalid-request', 'Nothing was dropped that is a file.');
    return this.allow(chosen);
  }

  /** A target that the save dialog gave; it has asked before an existing file was chosen. */
  target(path: string): TargetAnswer {
    const { grantId } = this.#engine.grants.grantWrite(path);
    const name = basename(path);
    this.#folders.set(name, dirname(resolve(path)));
    return { grantId, name };
  }

  /** Where a finished job has written a file. The names come from the job. */
  async outputOf(jobId: string, file: string | null): Promise<string> {
    const answer = await this.#engine.fetch(new Request(`http://cubelens/api/jobs/${encodeURIComponent(jobId)}`));
    if (!answer.ok) throw new CubelensError('not-found', 'There is no such export.');
    const { state, result } = (await answer.json()) as JobSnapshot;
    const names = (result as Partial<ExportResult> | null)?.files ?? [];
    const name = file ?? names[0];
    const folder = this.#folders.get(names[0] ?? '');
    if (state !== 'done' || name === undefined || !names.includes(name) || folder === undefined) {
      throw new CubelensError('not-found', 'This export has no such file.');
    }
    return join(folder, basename(name));
  }
}
