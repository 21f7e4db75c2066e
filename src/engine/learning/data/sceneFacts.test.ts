import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { projectOntoHull } from './convexHull.ts';
import { classMeans, columnRanges, positionRanges } from './sceneFacts.ts';
import { scenePositions, testTable } from './testTables.ts';

const table = testTable(
  [
    [1, 5],
    [3, -2],
    [2, 9],
    [2, 8],
  ],
  { classOf: [0, 0, 1, -1], classNames: ['a', 'b', 'none here'], positions: scenePositions(4, 3) },
);

describe('of a scene', () => {
  it('ranges and means', () => {
    expect(columnRanges(table)).toEqual([
      [1, 3],
      [-2, 9],
    ]);
    expect(positionRanges(table)).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect(classMeans(table)).toEqual([Float64Array.of(2, 1.5), Float64Array.of(2, 9), null]);
  });
});

describe('the projection onto a convex hull', () => {
  it('of a triangle: inside, beside an edge, beyond a corner', () => {
    const corners = [
      [0, 0],
      [4, 0],
      [0, 4],
    ];
    expect(projectOntoHull([1, 1], corners).distance).toBeCloseTo(0, 12);
    const edge = projectOntoHull([1, -3], corners);
    expect([...edge.point]).toEqual([expect.closeTo(1, 12), expect.closeTo(0, 12)]);
    expect(edge.distance).toBeCloseTo(3, 12);
    expect([...edge.weights]).toEqual([expect.closeTo(0.75), expect.closeTo(0.25), 0]);
    expect([...projectOntoHull([9, -1], corners).weights]).toEqual([0, 1, 0]);
  });

  it('of one corner, of equal ones, and of ones on a line', () => {
    expect([...projectOntoHull([3, 4], [[0, 0]]).point]).toEqual([0, 0]);
    const equal = projectOntoHull(
      [3, 4],
      [
        [1, 1],
        [1, 1],
      ],
    );
    expect([...equal.point]).toEqual([1, 1]);
    const line = projectOntoHull(
      [1.5, 7],
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [3, 0],
      ],
    );
    expect(line.distance).toBeCloseTo(7, 10);
    expect(() => projectOntoHull([1], [])).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });

  it('satisfies the conditions of the nearest point for any corners', () => {
    const random = seededRandom(3);
    for (let trial = 0; trial < 300; trial++) {
      const [size, count] = [1 + random.below(30), 1 + random.below(12)];
      // Much alike, as spectra of one scene are.
      const common = Array.from({ length: size }, () => 1000 * random.uniform());
      const make = (): number[] => common.map((value) => value * (1 + 0.1 * random.normal()));
      const corners = Array.from({ length: count }, make);
      const point = make();
      const { point: nearest, weights, distance } = projectOntoHull(point, corners);
      expect(weights.every((weight) => weight >= 0)).toBe(true);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      // No corner lies on the point's side of the plane through the nearest point.
      for (const corner of corners) {
        const beyond = corner.reduce(
          (sum, value, i) => sum + (value - (nearest[i] ?? 0)) * ((point[i] ?? 0) - (nearest[i] ?? 0)),
          0,
        );
        expect(beyond).toBeLessThan(1e-6 * Math.max(1, distance) * 1000);
      }
    }
  });
});
