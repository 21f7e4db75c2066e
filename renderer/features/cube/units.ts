import type { FilterSettings, OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import type { ImageMode } from '../../store/cubeView.ts';

/** What values are: the file's unit, else what kind of number they are. */
export function valueUnit({ unit, info }: OpenCubeAnswer): string {
  if (unit !== '1') return unit;
  return info.scale === null ? 'stored value' : 'value';
}

/** "/nm^2" or "/band^2" of a derivative. */
export const perAxis = ({ axis, derivative }: FilterSettings): string =>
  derivative === 0 ? '' : `/${axis === 'band' ? 'band' : 'nm'}${derivative === 1 ? '' : `^${derivative}`}`;

/** Unit of the numbers that an image shows. */
export function imageUnit(cube: OpenCubeAnswer, mode: ImageMode, filter: FilterSettings): string {
  return mode === 'derivative' ? `${valueUnit(cube)}${perAxis(filter)}` : valueUnit(cube);
}
