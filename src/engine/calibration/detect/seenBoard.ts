import type { SeenBoard } from '../photoViews.ts';
import { detectBoard } from './detectBoard.ts';
import type { GreyImage } from '../../photos/grey.ts';
import { boardFault, photoFault } from './photoQuality.ts';

/** Looks for a board of [columns, rows] inner corners and says what keeps it from being found, or makes it doubtful. */
export function seenBoard(image: GreyImage, board: readonly [number, number]): SeenBoard {
  const { width, height } = image;
  const result = detectBoard(image, board);
  if (result.found) {
    const doubt = boardFault(image, result.corners, board);
    const { corners } = result;
    return { width, height, corners, seen: null, fault: null, doubts: doubt === null ? [] : [doubt] };
  }
  const { seen } = result;
  const quality = photoFault(image);
  const because = quality === null ? '' : `; ${quality}`;
  const same = seen !== null && sameSize(seen, board);
  const fault =
    seen === null
      ? `no board was found in it${because}`
      : same
        ? `some of its ${board.join(' x ')} inner corners are hidden, unsharp or outside${because}`
        : seen[0] * seen[1] < board[0] * board[1]
          ? `only ${seen.join(' x ')} of ${board.join(' x ')} inner corners are seen${because || ': part of the board is hidden, unsharp or outside'}`
          : `a board of ${seen.join(' x ')} inner corners is seen, not of ${board.join(' x ')}`;
  return { width, height, corners: null, seen: same ? null : seen, fault, doubts: [] };
}

const sameSize = (a: readonly [number, number], b: readonly [number, number]): boolean =>
  Math.max(...a) === Math.max(...b) && Math.min(...a) === Math.min(...b);
