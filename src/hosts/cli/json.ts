import type {
  BandStatistics,
  BandStatisticsResult,
  CubeInfo,
  SegmentInfo,
} from '../../engine/contract/index.ts';

// The JSON of the command line where it differs from the API's: people count bands from 1.

/** What `info --json` prints. */
export interface InfoJson extends Omit<CubeInfo, 'segments' | 'defaultBandIndexes'> {
  segments: (Pick<SegmentInfo, 'direction' | 'stepNm'> & { firstBand: number; lastBand: number })[];
  defaultBands: number[] | null;
}

export function infoJson({ segments, defaultBandIndexes, assumptions, ...info }: CubeInfo): InfoJson {
  return {
    ...info,
    segments: segments.map(({ firstBandIndex, lastBandIndex, direction, stepNm }) => ({
      firstBand: firstBandIndex + 1,
      lastBand: lastBandIndex + 1,
      direction,
      stepNm,
    })),
    defaultBands: defaultBandIndexes?.map((bandIndex) => bandIndex + 1) ?? null,
    assumptions,
  };
}

/** What `stats --json` prints. */
export interface StatisticsJson extends Omit<BandStatisticsResult, 'bands'> {
  bands: (Omit<BandStatistics, 'bandIndex'> & { band: number })[];
}

export function statisticsJson({ bands, assumptions }: BandStatisticsResult): StatisticsJson {
  return {
    bands: bands.map(({ bandIndex, ...numbers }) => ({ band: bandIndex + 1, ...numbers })),
    assumptions,
  };
}
