import type { Layout } from '../cube/cube.ts';
import { maskSource } from '../cube/formats/geotiff/read.ts';

/** What to tell a person whose stored numbers are written without the file's validity mask. */
export function maskNotes(layout: Layout): string[] {
  if (layout.kind === 'raw' || maskSource(layout) === null) return [];
  return [
    "The file's validity mask is not written: its invalid pixels look valid in the output. Export values (with a filter, or an image without --stored) to have them as NaN.",
  ];
}
