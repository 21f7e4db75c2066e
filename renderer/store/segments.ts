import type { FilterSettings, OpenCubeAnswer, SegmentInfo } from '../../src/engine/contract/index.ts';

/** Segments on the filter's axis. Band numbers know no wavelengths, so only joins that the person gave split them. */
export function segmentsOn(cube: OpenCubeAnswer, filter: FilterSettings | null): readonly SegmentInfo[] {
  const { info, options } = cube;
  if (filter === null || filter.axis === 'wavelength' || info.wavelengthsNm === null) return info.segments;
  const first = info.bandIsGood.indexOf(true);
  const last = info.bandIsGood.lastIndexOf(true);
  if (first < 0) return [];
  const ends = (options.joinIndexes ?? []).filter((end) => end >= first && end < last).sort((a, b) => a - b);
  const starts = [first, ...ends.map((end) => end + 1)];
  return starts.map((firstBandIndex, at) => ({
    firstBandIndex,
    lastBandIndex: ends[at] ?? last,
    direction: 'rising',
    stepNm: null,
  }));
}

/**
 * Why a filter has no value at a band, in the words of the engine; null: it has one. Asked before the engine is, so that a
 * band without a filtered image is no failure.
 */
export function filterProblem(
  cube: OpenCubeAnswer,
  filter: FilterSettings,
  bandIndex: number,
): string | null {
  const { bandIsGood } = cube.info;
  if (bandIsGood[bandIndex] !== true) return `Band ${bandIndex + 1} has no filtered image: it is marked bad.`;
  const segment = segmentsOn(cube, filter).find(
    (one) => bandIndex >= one.firstBandIndex && bandIndex <= one.lastBandIndex,
  );
  const none = `Band ${bandIndex + 1} has no filtered image: `;
  if (segment === undefined) return `${none}it lies in no segment.`;
  const goodBefore = (end: number): number => {
    let count = 0;
    for (let band = segment.firstBandIndex; band < end; band++) if (bandIsGood[band] === true) count++;
    return count;
  };
  const bands = goodBefore(segment.lastBandIndex + 1);
  if (bands < filter.window) return `${none}its segment has ${bands} bands, fewer than the window.`;
  const at = goodBefore(bandIndex);
  const half = (filter.window - 1) / 2;
  const isEdge = at < half || at >= bands - half;
  return isEdge && filter.edge === 'nan' ? `${none}it is at its segment's end, which is left out.` : null;
}
