import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Time of the last change below a file or folder; 0 where there is none. */
export function newestIn(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  // A folder's own time tells of files that were removed.
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestIn(join(path, name))),
    found.mtimeMs,
  );
}

/** True where a built file is missing or older than what it is built from. */
export function isStale(built: string, sources: readonly string[]): boolean {
  const made = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return made === 0 || sources.some((source) => newestIn(source) > made);
}
