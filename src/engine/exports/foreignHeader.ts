import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asCubelensError } from '../base/errors.ts';
import { dataNames, findPair } from '../cube/formats/envi/pairing.ts';
import { GrantedFiles } from '../io/neighbourhood.ts';
import { sameFile } from '../io/outputFile.ts';
import { defineTask } from '../workers/task.ts';

/**
 * What stands at a header's place, and why an export to this data file may not replace it; null where it may. Only the
 * data file's own header is replaced: an ENVI header that leads to this file when it is opened, or to none at all
 * because its data file is gone. Any other one is refused: the header of another file of that stem (another ending, or
 * the size that the header states), that of a file of another format, and what is no ENVI header.
 */
export const foreignHeaderTask = defineTask(
  'exports.foreignHeader',
  async ({ header, data }: { header: string; data: string }, context): Promise<string | null> => {
    const folder = dirname(header);
    const files = new GrantedFiles(header, null);
    try {
      const { dataFile } = await findPair(files, context);
      return (await sameFile(join(folder, dataFile.name), data)) ? null : `is the header of ${dataFile.name}`;
    } catch (thrown) {
      const error = asCubelensError(thrown, basename(header));
      if (error.code === 'malformed-file' || error.code === 'unsupported-format') {
        return `is not the header of ${basename(data)}`;
      }
      if (error.code !== 'not-found') throw error;
      const siblings = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const names = siblings.flatMap((sibling) => (sibling.isDirectory() ? [] : [sibling.name]));
      const [owner] = dataNames(basename(header), names);
      return owner === undefined ? null : `may be the header of ${owner}`;
    } finally {
      files.close();
    }
  },
);
