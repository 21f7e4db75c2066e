import { distortionNames, type CalibrationOptions } from '../../engine/contract/index.ts';
import { usageError } from './exitCodes.ts';
import { parseNumber, type Arguments, type OptionName } from './options.ts';

/** How to fit, by the options. */
export function optionsOf(args: Arguments): CalibrationOptions {
  const focal = args.choice('focal', ['free', 'single']);
  const [density, centre] = (['density', 'centre'] as const).map((name) => numbersOf(args, name));
  const squareMm = args.number('square');
  if (squareMm !== undefined && !(squareMm > 0)) {
    throw usageError(`--square takes a length in millimetres above 0, not ${squareMm}.`);
  }
  if (density?.some((value) => !(value > 0)) === true) {
    throw usageError(`--density takes two numbers of pixels a millimetre above 0, not ${density.join()}.`);
  }
  const distortion = distortionOf(args);
  return {
    ...(focal === undefined ? {} : { focal }),
    ...(density === undefined ? {} : { density }),
    ...(centre === undefined ? {} : { centre }),
    ...(squareMm === undefined ? {} : { squareMm }),
    ...(distortion === undefined ? {} : { distortion }),
    ...(args.flag('skew') ? { skew: true } : {}),
  };
}

function distortionOf(args: Arguments): CalibrationOptions['distortion'] {
  const given = args.text('distortion');
  if (given === undefined) return undefined;
  if (given.toLowerCase() === 'none') return 'none';
  return given.split(',').map((piece) => {
    const found = distortionNames.find((name) => name === piece.trim().toLowerCase());
    if (found !== undefined) return found;
    throw usageError(`--distortion takes some of ${distortionNames.join(',')}, or none; not ${piece}.`);
  });
}

/** Two whole numbers with an x between them. */
export function pairOf(args: Arguments, name: OptionName, pattern: RegExp): [number, number] | undefined {
  const given = args.text(name);
  if (given === undefined) return undefined;
  const match = pattern.exec(given.trim());
  if (match === null) throw usageError(`--${name} takes two whole numbers such as 640x480, not ${given}.`);
  return [Number(match[1]), Number(match[2])];
}

/** The inner corners of a board, columns and rows; undefined without the option. */
export function boardOf(args: Arguments): [number, number] | undefined {
  const board = pairOf(args, 'board', /^(\d{1,7})\s*[x×]\s*(\d{1,7})$/i);
  if (board === undefined || board.every((side) => side >= 2 && side <= 1000)) return board;
  throw usageError(
    `--board ${board.join('x')}: a board has 2 to 1000 inner corners each way.`,
    'Count the inner corners, where four squares meet: a board of 10 x 7 squares is --board 9x6.',
  );
}

/** Two numbers with a comma between them. */
export function numbersOf(args: Arguments, name: 'density' | 'centre'): [number, number] | undefined {
  const given = args.text(name);
  if (given === undefined) return undefined;
  const [first, second, ...more] = given.split(',').map((piece) => parseNumber(name, piece));
  if (first === undefined || second === undefined || more.length > 0) {
    throw usageError(`--${name} takes two numbers, such as 100,100, not ${given}.`);
  }
  return [first, second];
}
