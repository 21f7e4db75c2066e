import { isComplexType, storedView, type DataType } from '../base/dataTypes.ts';
import { storedEntry } from './spectrum.ts';

/** What the worker needs to compute an image at a pixel. */
export interface PixelImage {
  /** Name of the kind's task. */
  task: string;
  parameters: unknown;
  dataType: DataType;
  planes: number;
  prepared?: SharedArrayBuffer | undefined;
}

/** An image's planes at one pixel as JSON: null where there is no value. */
export function planesAtPixel(pixels: ArrayBuffer, { dataType, planes }: PixelImage): (number | null)[] {
  const view = storedView(dataType, pixels, 0, planes);
  return Array.from({ length: planes }, (_, k) => {
    const entry = storedEntry(view, k, isComplexType(dataType));
    return typeof entry === 'number'
      ? entry
      : Array.isArray(entry)
        ? Math.hypot(...entry)
        : entry === null
          ? null
          : Number(entry);
  });
}
