import { CubelensError } from '../../base/errors.ts';
import type { ClassRecord } from '../../contract/cube.ts';
import type { CubeDescription } from '../../cube/cube.ts';

/** Names that say that a pixel has no class. */
const noClass =
  /^(?:|none|no[ _-]?data|no[ _-]?class|back[ _-]?ground|masked(?: pixels?)?|un(?:labell?ed|classified|assigned|known|defined))$/i;

/** Whether a class of this name stands for "no class". */
export const saysNoClass = (name: string): boolean => noClass.test(name.trim());

/** Names that say so beyond doubt. */
const surelyNoClass = /^(?:|none|no[ _-]?data|no[ _-]?class|un(?:labell?ed|classified|assigned|defined))$/i;

/** The classes of a class map without those that stand for "no class". */
export interface MapClasses {
  names: string[];
  /** Place in `names` of each code of the map, -1 where it stands for no class. */
  ofCode: number[];
  /** Code of each of `names`: the first where two codes have one name. */
  codes: number[];
  /** Name and colour of each code. */
  records: ClassRecord[];
  /** Codes that count as no class although their name may be the one of a class. */
  doubtful: number[];
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
  const codes: number[] = [];
  const ofCode = map.classes.map(({ name }, code) => {
    if (code === 0 || saysNoClass(name)) return -1;
    // Two codes of one name are one class.
    const known = names.indexOf(name);
    if (known >= 0) return known;
    codes.push(code);
    return names.push(name) - 1;
  });
  // The usual names of code 0 are expected there; elsewhere a class may be meant.
  const doubtful = map.classes.flatMap(({ name }, code) =>
    ofCode[code] === -1 && !(code === 0 ? saysNoClass(name) : surelyNoClass.test(name.trim())) ? [code] : [],
  );
  if (names.length > 0) return { names, ofCode, codes, records: [...map.classes], doubtful };
  throw new CubelensError('invalid-request', `${map.file} has no class but the one of unlabelled pixels.`, {
    file: map.file,
    field: 'classMap',
    remedy: 'Give a class map with at least two classes.',
  });
}

/** What is to be said of pixels of a map that count as unlabelled though their code may be a class. */
export function mapNotes(
  { records, doubtful }: Pick<MapClasses, 'records' | 'doubtful'>,
  file: string,
  counts: readonly { unnamed: number; ofCode: readonly number[] }[],
): string[] {
  const unnamed = counts.reduce((sum, part) => sum + part.unnamed, 0);
  const pixels = (code: number): number => counts.reduce((sum, part) => sum + (part.ofCode[code] ?? 0), 0);
  return [
    ...doubtful
      .filter((code) => pixels(code) > 0)
      .map(
        (code) =>
          `Class ${code} "${records[code]?.name ?? ''}" of ${file} counts as no class: ${pixels(code)} pixels.`,
      ),
    ...(unnamed > 0
      ? [`Pixels whose class ${file} does not name: ${unnamed}; they count as unlabelled.`]
      : []),
  ];
}
