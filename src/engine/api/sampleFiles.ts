import type { z } from 'zod';
import type { learningSourceSchema } from '../contract/vae.ts';
import { cubeInputs } from '../exports/cubeInputs.ts';
import type { SampleFiles } from '../learning/data/readSamples.ts';
import { readable } from './grantedFiles.ts';
import type { EngineParts } from './parts.ts';

/** All files of a source that is named by its grants. Throws what opening its cubes throws. */
export async function sampleFiles(
  parts: EngineParts,
  source: z.output<typeof learningSourceSchema>,
  signal: AbortSignal,
): Promise<SampleFiles> {
  const file = readable(parts, source.grantId);
  if (source.kind === 'file') return { kind: 'file', file };
  const { classes, most } = source;
  return {
    kind: 'cube',
    cube: await cubeInputs(parts.cubes, file, signal),
    classes: classes === undefined ? [] : await cubeInputs(parts.cubes, readable(parts, classes), signal),
    most,
  };
}
