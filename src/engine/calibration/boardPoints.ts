import { invalid } from './problems.ts';

/** Corners of a board of inner corners [columns, rows], in squares: [X, Y], X fastest. */
export const boardPoints = ([columns, rows]: readonly [number, number]): [number, number][] =>
  Array.from({ length: columns * rows }, (_, n) => [n % columns, Math.floor(n / columns)]);

/** Throws `invalid-request` unless this is a size of photos. */
export function checkedSize(
  size: readonly [number, number] | undefined,
  file: string,
): [width: number, height: number] {
  if (size?.length === 2 && size.every((side) => Number.isInteger(side) && side > 0)) return [...size];
  throw invalid(
    'imageSize',
    size === undefined
      ? `${file} does not say the size of its photos.`
      : `The size of the photos is ${size.join(' x ')}, not two whole numbers of pixels above 0.`,
    'Give their width and height in pixels, such as --size 640x480.',
  );
}

/** Throws `invalid-request` unless this is a board of at least 2 x 2 inner corners. */
export function checkedBoard(board: readonly [number, number], file: string): [number, number] {
  if (board.length === 2 && board.every((side) => Number.isInteger(side) && side >= 2 && side <= 1000)) {
    return [...board];
  }
  throw invalid(
    'board',
    `${file}: a board of ${board.join(' x ')} inner corners is none.`,
    'Give its columns and rows of inner corners, two or more each, such as 9x6.',
  );
}
