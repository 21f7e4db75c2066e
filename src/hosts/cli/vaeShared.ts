import { extname, join } from 'node:path';
import { vaeFiles, type LearningSource } from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { usageError } from './exitCodes.ts';
import { wrap } from './wrap.ts';

/** Read grants of the two files of a saved model. */
export function savedModel(client: Client, folder: string): { model: string; weights: string } {
  return {
    model: client.grantRead(join(folder, vaeFiles.model)),
    weights: client.grantRead(join(folder, vaeFiles.weights)),
  };
}

/** The samples of a command: a file by its ending, else a cube. */
export function sourceOf(client: Client, data: string, classes: string | undefined): LearningSource {
  const isFile = ['.csv', '.npy', '.txt'].includes(extname(data).toLowerCase());
  if (isFile && classes !== undefined) {
    throw usageError('--classes goes with a cube: a CSV has its classes in a column "class".');
  }
  const grantId = client.grantRead(data);
  if (isFile) return { kind: 'file', grantId };
  return { kind: 'cube', grantId, ...(classes === undefined ? {} : { classes: client.grantRead(classes) }) };
}

/** A number in few digits. */
export const short = (value: number, digits = 4): string => String(Number(value.toPrecision(digits)));
/** Notes, a line each. */
export const said = (notes: readonly string[]): string =>
  notes.map((note) => `${wrap(`Note: ${note}`, 2)}\n`).join('');
