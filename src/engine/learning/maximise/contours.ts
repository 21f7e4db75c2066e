type Place = [column: number, row: number];

/**
 * Pieces of the line on which a field takes a value, by marching squares with linear interpolation.
 * @param values - rows of columns; cells with a value that is not finite have no line.
 * @returns pairs of places in columns and rows, from 0.
 */
export function contourLines(values: readonly (readonly number[])[], level: number): [Place, Place][] {
  const pieces: [Place, Place][] = [];
  for (let row = 0; row + 1 < values.length; row++) {
    const width = values[row]?.length ?? 0;
    for (let column = 0; column + 1 < width; column++) {
      const corners: Place[] = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ];
      const heights = corners.map(([c, r]) => values[r]?.[c] ?? NaN);
      if (!heights.every(Number.isFinite)) continue;
      const crossings = corners.flatMap((corner, k): Place[] => {
        const next = (k + 1) % 4;
        const [a, b] = [heights[k] as number, heights[next] as number];
        if (a >= level === b >= level) return [];
        const share = (level - a) / (b - a);
        const other = corners[next] as Place;
        return [[corner[0] + share * (other[0] - corner[0]), corner[1] + share * (other[1] - corner[1])]];
      });
      const [p, q, r, s] = crossings;
      if (p === undefined || q === undefined) continue;
      if (r === undefined || s === undefined) pieces.push([p, q]);
      else {
        // A saddle in the cell: the middle decides which corners belong together.
        const middle = heights.reduce((sum, height) => sum + height, 0) / 4;
        const isJoined = middle >= level === (heights[0] as number) >= level;
        pieces.push(
          ...(isJoined
            ? ([
                [p, q],
                [r, s],
              ] as [Place, Place][])
            : ([
                [s, p],
                [q, r],
              ] as [Place, Place][])),
        );
      }
    }
  }
  return pieces;
}
