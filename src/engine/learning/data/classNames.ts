import { CubelensError } from '../../base/errors.ts';
import type { CubeDescription } from '../../cube/cube.ts';

/** Names that say that a pixel has no class. */
const noClass =
  /^(?:|none|no[ _-]?data|no[ _-]?class|back[ _-]?ground|masked(?: pixels?)?|un(?:labell?ed|classified|assigned|known|defined))$/i;

/** Whether a class of this name stands for "no class". */
export const saysNoClass = (name: string): boolean => noClass.test(name.trim());

/** The classes of a class map without those that stand for "no class". */
export interface MapClasses {
  names: string[];
  /** Place in `names` of each code of the map, -1 where it stands for no class. */
  ofCode: number[];
}

/**
 * The classes of a class map that goes with a cube. Code 0 and names such as "unlabelled" are no class. Throws
 * `invalid-request` where the map is none, has other lines or samples than the cube (naming both), or no class at all.
 */
export function classesOfMap(map: CubeDescription, cube: CubeDescription): MapClasses {
  if (map.classes === null || map.bands !== 1) {
    const what = map.classes === null ? 'names no classes' : `has ${map.bands} bands`;
    throw new CubelensError('invalid-request', `${map.file} is no class map: it ${what}.`, {
      file: map.file,
      field: 'classMap',
      remedy: 'Give an ENVI Classification file of one band whose header states "classes" or "class names".',
    });
  }
  if (map.lines !== cube.lines || map.samples !== cube.samples) {
    throw new CubelensError(
      'invalid-request',
      `The class map ${map.file} has ${map.lines} lines x ${map.samples} samples, but ${cube.file} has ${cube.lines} x ${cube.samples}.`,
      { file: map.file, field: 'classMap', remedy: 'Give the class map of this very scene.' },
    );
  }
  const names: string[] = [];
  const ofCode = map.classes.map(({ name }, code) => {
    if (code === 0 || saysNoClass(name)) return -1;
    // Two codes of one name are one class.
    const known = names.indexOf(name);
    return known >= 0 ? known : names.push(name) - 1;
  });
  if (names.length > 0) return { names, ofCode };
  throw new CubelensError('invalid-request', `${map.file} has no class but the one of unlabelled pixels.`, {
    file: map.file,
    field: 'classMap',
    remedy: 'Give a class map with at least two classes.',
  });
}
