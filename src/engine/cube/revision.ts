import { createHash } from 'node:crypto';
import { version } from '../base/version.ts';
import type { OpenOptions } from '../contract/cube.ts';
import type { OpenedCube } from './cube.ts';
import type { Cube, CubeOrigin } from './cubes.ts';
import { applyOpenOptions } from './openOptions.ts';

/**
 * An opened file or made scene as a cube: a person's options in place of what the file says, and its revision as id. The
 * same state of the same file with the same options has the same id, in the same version of the program. Runs in a
 * worker: a description of many bands is megabytes of text. Throws `invalid-request` as `applyOpenOptions`.
 */
export function cubeOf(opened: OpenedCube, options: OpenOptions, origin: CubeOrigin): Cube {
  return {
    cubeId: revisionOf(opened, options, origin),
    description: applyOpenOptions(opened.description, options),
    layout: opened.layout,
    files: opened.files,
    options,
    origin,
  };
}

/** The options by name, so that the order in which they were given makes no other cube. */
const sorted = (options: OpenOptions): unknown[] =>
  Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));

function revisionOf(opened: OpenedCube, options: OpenOptions, origin: CubeOrigin): string {
  const files = opened.files.map((file) =>
    file.kind === 'file' ? [file.path, file.state.size, file.state.modifiedMs] : [file.name],
  );
  const all = [version, files, opened.description, sorted(options), origin];
  const text = JSON.stringify(all, (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : Number.isNaN(value) ? 'NaN' : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
