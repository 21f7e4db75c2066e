import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { RecentFile } from '../src/engine/contract/index.ts';
import type { DesktopFiles } from './grants.ts';
import type { Settings } from './settings.ts';

const mostFiles = 20;

/** The files that were opened lately and are still there, the last one first. */
export async function recentFiles(settings: Settings, files: DesktopFiles): Promise<RecentFile[]> {
  const found = await Promise.all(
    settings.values.recent.map(async (path) => {
      const isThere = await stat(path).then(
        (one) => one.isFile(),
        () => false,
      );
      return isThere
        ? [{ fileId: files.allow(path).id, name: basename(path), folder: basename(dirname(path)) }]
        : [];
    }),
  );
  return found.flat();
}

/** Puts a file first. */
export function remember(settings: Settings, path: string): void {
  const recent = [path, ...settings.values.recent.filter((other) => other !== path)].slice(0, mostFiles);
  settings.change({ recent, folder: dirname(path) });
}
