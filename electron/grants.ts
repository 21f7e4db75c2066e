import { randomUUID } from 'node:crypto';
import { access, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import {
  fileToOpen,
  type BridgeFile,
  type ExportResult,
  type JobSnapshot,
  type TargetAnswer,
} from '../src/engine/contract/index.ts';
import { CubelensError, enviHeaderPath, type Engine } from '../src/engine/engine.ts';

/** Files that the person chose, by ids: the window never has a path. */
export class DesktopFiles {
  readonly #engine: Engine;
  readonly #paths = new Map<string, string>();
  readonly #ids = new Map<string, string>();

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

  /** Of several dropped files the one to open. Throws `invalid-request` where there is none. */
  ofDropped(paths: readonly string[]): BridgeFile {
    // A thing that is no file (a picture of another page) has an empty path.
    const files = paths.filter((path) => path !== '');
    const chosen = fileToOpen(files, (path) => path);
    if (chosen === undefined) {
      throw new CubelensError('invalid-request', 'Nothing was dropped that is a file.', {
        remedy: 'Drop files from a folder of this computer.',
      });
    }
    return this.allow(chosen);
  }

  /**
   * A target that the save dialog gave. It has asked where that file exists, but knows nothing of the header beside it, nor of
   * the ending that is added where there is none. Throws `invalid-request` for an ending of another format.
   * @param endings that fit the format, without their dot; the first one is added.
   * @param mayReplace asks for one more file, by its name. Null where the person wants to keep it.
   */
  async target(
    chosen: string,
    endings: readonly string[],
    mayReplace: (name: string) => Promise<boolean>,
  ): Promise<TargetAnswer | null> {
    const ending = extname(chosen).slice(1).toLowerCase();
    const path = ending === '' ? `${chosen}.${endings[0] ?? ''}` : chosen;
    if (ending !== '' && !endings.includes(ending)) {
      throw new CubelensError(
        'invalid-request',
        `${basename(chosen)}: this format's files end in .${endings[0] ?? ''}.`,
        {
          remedy: 'Choose the format in the dialog of Cubelens, or another ending.',
        },
      );
    }
    if (path !== chosen && (await isThere(path)) && !(await mayReplace(basename(path)))) return null;
    const header = /\.(dat|img)$/i.test(path) ? enviHeaderPath(path) : null;
    if (header !== null && (await isThere(header)) && !(await isThere(path))) {
      if (!(await mayReplace(basename(header)))) return null;
    }
    const { grantId } = this.#engine.grants.grantWrite(path);
    return { grantId, name: basename(path), replace: true };
  }

  /** Where a finished job has written a file. The names come from the job. Throws `not-found`, also where it is gone. */
  async outputOf(jobId: string, file: string | null): Promise<string> {
    const answer = await this.#engine.fetch(
      new Request(`http://cubelens/api/jobs/${encodeURIComponent(jobId)}`),
    );
    if (!answer.ok) throw new CubelensError('not-found', 'There is no such export.');
    const { state, result } = (await answer.json()) as JobSnapshot;
    const names = (result as Partial<ExportResult> | null)?.files ?? [];
    const name = file ?? names[0];
    const folder = this.#engine.outputFolder(jobId);
    if (state !== 'done' || name === undefined || !names.includes(name) || folder === null) {
      throw new CubelensError('not-found', 'This export has no such file.');
    }
    const path = join(folder, basename(name));
    // The system would do nothing, without a word.
    try {
      await access(path);
    } catch {
      throw new CubelensError('not-found', `${name} is not there any more.`, {
        file: name,
        remedy: 'It was moved, renamed or deleted: export it again.',
      });
    }
    return path;
  }
}

/** Endings that mean the same format as that of a name, its own one first. */
export function endingsLike(name: string): string[] {
  const own = extname(name).slice(1).toLowerCase();
  const alike = [
    ['tif', 'tiff'],
    ['dat', 'img'],
  ].find((endings) => endings.includes(own));
  return alike === undefined ? [own] : [own, ...alike.filter((ending) => ending !== own)];
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
