import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { pinhole, type Pose } from '../camera.ts';
import { renderBoard, seenCorners, tiltedPoses, type BoardScene } from '../testPhotos.ts';
import { detectBoard } from './detectBoard.ts';
import { blurred } from './greyImage.ts';
import { boardFault, photoFault } from './photoQuality.ts';
import { seenBoard } from './seenBoard.ts';

const camera = { ...pinhole(300, 305, 157, 124), k1: -0.2, k2: 0.05 };
const imageSize = [320, 240] as const;

const scene = (board: readonly [number, number], pose: Pose, more: Partial<BoardScene> = {}): BoardScene => ({
  camera,
  imageSize,
  board,
  pose,
  blur: 0.7,
  noise: 2,
  random: seededRandom(7),
  ...more,
});

const poseOf = (board: readonly [number, number], seed = 1): Pose =>
  tiltedPoses(1, seededRandom(seed), { camera, imageSize, board })[0] as Pose;

/** Largest distance of a corner from its true place, in pixels. */
function worst(found: readonly (readonly number[])[], truth: readonly (readonly number[])[]): number {
  return Math.max(
    ...truth.map(([u = NaN, v = NaN], n) =>
      Math.hypot((found[n]?.[0] ?? NaN) - u, (found[n]?.[1] ?? NaN) - v),
    ),
  );
}

describe('detectBoard', () => {
  it.each([
    [9, 6],
    [6, 9],
    [7, 4],
    [4, 3],
    [3, 2],
  ] as const)('finds a board of %i x %i corners in the order that its colours tell', (...board) => {
    for (let seed = 1; seed <= 8; seed++) {
      const view = scene(board, poseOf(board, seed));
      const found = detectBoard(renderBoard(view), board);
      expect(found.found && worst(found.corners, seenCorners(view)), `seed ${seed}`).toBeLessThan(0.25);
    }
  });

  it.each([
    [8, 6],
    [7, 5],
    [6, 6],
  ] as const)(
    'of a board of %i x %i, whose two ends look alike, starts nearer to the top left',
    (...board) => {
      const view = scene(board, poseOf(board));
      const found = detectBoard(renderBoard(view), board);
      if (!found.found) throw new Error('not found');
      const truth = seenCorners(view);
      expect(Math.min(worst(found.corners, truth), worst(found.corners, truth.toReversed()))).toBeLessThan(
        0.25,
      );
      const [first, last] = [found.corners[0], found.corners.at(-1)];
      expect((first?.[0] ?? 0) + (first?.[1] ?? 0)).toBeLessThan((last?.[0] ?? 0) + (last?.[1] ?? 0));
    },
  );

  it('keeps a board seen upside down in its own order', () => {
    const view = scene([9, 6], poseOf([9, 6], 3));
    const image = renderBoard(view);
    const flipped = { ...image, data: image.data.toReversed() };
    const found = detectBoard(flipped, [9, 6]);
    const truth = seenCorners(view).map(([u, v]) => [imageSize[0] - 1 - u, imageSize[1] - 1 - v]);
    expect(found.found && worst(found.corners, truth)).toBeLessThan(0.25);
  });

  it('is within a twentieth of a pixel without noise, unbiased', () => {
    const view = scene([9, 6], poseOf([9, 6], 5), { noise: 0 });
    const found = detectBoard(renderBoard(view), [9, 6]);
    expect(found.found && worst(found.corners, seenCorners(view))).toBeLessThan(0.05);
  });

  it('finds boards in large photos, by a look at a smaller one first', () => {
    const large = { ...pinhole(1500, 1500, 799.5, 599.5) };
    const size = [1600, 1200] as const;
    const [pose] = tiltedPoses(1, seededRandom(2), { camera: large, imageSize: size, board: [9, 6] });
    const view: BoardScene = {
      camera: large,
      imageSize: size,
      board: [9, 6],
      pose: pose as Pose,
      blur: 1.5,
      noise: 4,
      random: seededRandom(1),
    };
    const found = detectBoard(renderBoard(view), [9, 6]);
    expect(found.found && worst(found.corners, seenCorners(view))).toBeLessThan(0.25);
  });

  it('finds an unevenly lit and a faint board', () => {
    const uneven = scene([9, 6], poseOf([9, 6]), { gradient: [0.6, 0.6] });
    expect(detectBoard(renderBoard(uneven), [9, 6]).found).toBe(true);
    const faint = scene([9, 6], poseOf([9, 6]), { black: 100, white: 130, background: 115, noise: 1 });
    expect(detectBoard(renderBoard(faint), [9, 6]).found).toBe(true);
  });

  it('says which board is there instead', () => {
    const image = renderBoard(scene([9, 6], poseOf([9, 6])));
    for (const other of [
      [8, 6],
      [9, 5],
      [10, 7],
      [5, 4],
    ] as const) {
      expect(detectBoard(image, other)).toEqual({ found: false, seen: [9, 6] });
    }
  });

  it('does not take a part for the whole where corners are covered', () => {
    const view = scene([9, 6], poseOf([9, 6]));
    const image = renderBoard(view);
    const [x = 0, y = 0] = seenCorners(view)[53] ?? [];
    for (let v = Math.round(y) - 30; v < 240; v++) {
      for (let u = Math.round(x) - 30; u < 320; u++) if (u >= 0 && v >= 0) image.data[v * 320 + u] = 150;
    }
    const found = seenBoard(image, [9, 6]);
    expect(found.corners).toBeNull();
    expect(found.fault).toMatch(
      /(some|only \d x \d) of (its )?9 x 6 inner corners are (seen: part of the board is )?hidden/,
    );
  });

  it('says that some corners are outside where the board is cut off by a row', () => {
    const view = scene([9, 6], poseOf([9, 6]));
    const image = renderBoard(view);
    // Cut through the lowest corner.
    const lowest = Math.max(...seenCorners(view).map(([, v]) => v));
    const height = Math.round(lowest);
    const cut = { width: 320, height, data: image.data.slice(0, 320 * height) };
    const found = seenBoard(cut, [9, 6]);
    expect(found.corners).toBeNull();
    expect(found.fault).toMatch(/of (its )?9 x 6 inner corners are/);
  });

  it('finds nothing in noise, in stripes and in a grey photo', () => {
    const random = seededRandom(4);
    const noise = Float32Array.from({ length: 320 * 240 }, () => 255 * random.uniform());
    const stripes = Float32Array.from({ length: 320 * 240 }, (_, i) => ((i % 320) % 20 < 10 ? 40 : 200));
    const grey = new Float32Array(320 * 240).fill(128);
    for (const data of [noise, stripes, grey]) {
      expect(detectBoard({ width: 320, height: 240, data }, [9, 6]).found).toBe(false);
    }
    expect(detectBoard({ width: 3, height: 2, data: new Float32Array(6) }, [9, 6])).toEqual({
      found: false,
      seen: null,
    });
  });
});

describe('quality', () => {
  const view = scene([9, 6], poseOf([9, 6]));
  const sharp = renderBoard(view);

  it('finds no fault in a good photo', () => {
    expect(photoFault(sharp)).toBeNull();
    expect(boardFault(sharp, seenCorners(view), [9, 6])).toBeNull();
  });

  it('names a blurred, an overexposed, a black and a flat one', () => {
    const blur = seenBoard(blurred(sharp, 14), [9, 6]);
    expect(blur.fault).toMatch(/blurred/);
    const scaled = (by: (level: number) => number): string | null =>
      photoFault({ ...sharp, data: sharp.data.map(by) });
    expect(scaled((level) => Math.min(255, 4 * level))).toMatch(/% of it is overexposed/);
    expect(scaled((level) => Math.max(0, level - 180))).toMatch(/% of it is black/);
    expect(scaled((level) => 100 + level / 30)).toMatch(/contrast is only \d+ grey levels/);
  });

  it('doubts a board that is found, but blurred or saturated', () => {
    const white = renderBoard(scene([9, 6], poseOf([9, 6]), { white: 300, noise: 0 }));
    expect(boardFault(white, seenCorners(view), [9, 6])).toMatch(/saturated/);
    expect(boardFault(blurred(sharp, 4), seenCorners(view), [9, 6])).toMatch(/blurred by \d+ % of a square/);
  });
});
