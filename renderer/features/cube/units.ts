import type { CubeInfo, FilterSettings } from '../../../src/engine/contract/index.ts';
import type { ImageMode } from '../../store/cubeView.ts';

/**
 * What values are. No file of today's formats states a unit that could be trusted; a scale that makes shares of stored
 * whole numbers is reflectance by convention, as the command line and `spectrum` say it.
 */
export function valueUnit(info: CubeInfo): string {
  return info.scale === null ? 'stored value' : 'value';
}

/** "per nm²" or "per band²" of a derivative. */
export const perAxis = ({ axis, derivative }: FilterSettings): string =>
  derivative === 0 ? '' : `/${axis === 'band' ? 'band' : 'nm'}${derivative === 1 ? '' : `^${derivative}`}`;

/** Unit of the numbers that an image shows. */
export function imageUnit(info: CubeInfo, mode: ImageMode, filter: FilterSettings): string {
  return mode === 'derivative' ? `${valueUnit(info)}${perAxis(filter)}` : valueUnit(info);
}
