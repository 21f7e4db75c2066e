import type { FilterSettings } from '../contract/filter.ts';
import type { FilterBandAnswer } from '../contract/readings.ts';
import { segmentInfo } from '../cube/info.ts';
import type { ReadableCube } from '../cube/read.ts';
import { designOperator, noiseGain } from '../spectral/operator.ts';
import { filteredUnit } from './computedBands.ts';
import { axisOf, operatorNotes, rowFor } from './operators.ts';

/** What a filter does at one band, on values. Throws `invalid-request` where the band has no filtered value, `out-of-range`. */
export function filterAtBand(
  cube: ReadableCube,
  filter: FilterSettings,
  bandIndex: number,
): FilterBandAnswer {
  const { description } = cube;
  const axis = axisOf(description, filter.axis);
  // Without the cube's scaling: people want to see the weights of values, not of stored numbers.
  const operator = designOperator(axis, filter);
  const row = rowFor(cube, operator, bandIndex);
  const segment = axis.segments.find(({ bandIndexes }) => bandIndexes.includes(bandIndex));
  const windowIndexes = [...row.bandIndexes];
  const coordinates = windowIndexes.map((index) => axis.coordinates[index] ?? NaN);
  return {
    filter,
    bandIndex,
    windowIndexes,
    weights: [...row.weights],
    width: Math.abs((coordinates.at(-1) ?? NaN) - (coordinates[0] ?? NaN)),
    segment: segmentInfo(
      segment ?? { bandIndexes: row.bandIndexes, direction: 'single', medianStep: null },
      axis.kind,
    ),
    edge: row.edge,
    noiseGain: noiseGain(row),
    unit: filteredUnit(description.bandRecords[bandIndex]?.unit ?? '1', filter),
    notes: operatorNotes(operator),
    assumptions: description.assumptions,
  };
}
