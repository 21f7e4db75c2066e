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

/** A number in few digits; from ten millions on with an exponent, which keeps tables narrow. */
export function short(value: number, digits = 4): string {
  const rounded = Number(value.toPrecision(digits));
  return Math.abs(rounded) >= 1e7 && Number.isFinite(rounded) ? rounded.toExponential() : String(rounded);
}
