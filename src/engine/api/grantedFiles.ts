import type { ReadableFile } from '../io/grants.ts';
import type { EngineParts } from './parts.ts';

/** The file of a read grant. Throws `access-denied` where there is none. */
export function readable({ grants }: Pick<EngineParts, 'grants'>, grantId: string): ReadableFile {
  const { path, within } = grants.resolve(grantId, 'read');
  return { path, within };
}

/** The two files of a saved autoencoder. */
export const savedVae = (
  parts: Pick<EngineParts, 'grants'>,
  { model, weights }: { model: string; weights: string },
): ReadableFile[] => [readable(parts, model), readable(parts, weights)];
