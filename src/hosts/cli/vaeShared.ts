import { join } from 'node:path';
import { vaeFiles } from '../../engine/contract/index.ts';
import type { Client } from './client.ts';

/** Read grants of the two files of a saved model. */
export function savedModel(client: Client, folder: string): { model: string; weights: string } {
  return {
    model: client.grantRead(join(folder, vaeFiles.model)),
    weights: client.grantRead(join(folder, vaeFiles.weights)),
  };
}

/** A number in few digits. */
export const short = (value: number, digits = 4): string => String(Number(value.toPrecision(digits)));
