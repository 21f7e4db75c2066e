import type { FilterAxis, FilterSettings } from '../contract/filter.ts';
import { CubelensError } from '../base/errors.ts';
import type { CubeDescription } from '../cube/cube.ts';
import { wavelengthsOf } from '../cube/info.ts';
import { checkBand, type ReadableCube } from '../cube/read.ts';
import { buildAxis, type SpectralAxis } from '../spectral/axis.ts';
import { designOperator, type BandedOperator, type OperatorRow } from '../spectral/operator.ts';
import { bandScaling } from '../spectral/scaling.ts';

/** Operators kept a worker: designing one takes milliseconds, a slider asks for the same one for every tile. */
const keptOperators = 24;
const operators = new Map<string, BandedOperator>();

/**
 * The banded operator of a filter on a cube's unscaled numbers (`readSummands`). Throws `invalid-request` where it cannot
 * be designed.
 */
export function operatorFor(cube: ReadableCube, filter: FilterSettings): BandedOperator {
  const key = `${cube.cubeId}/${filterKey(filter)}`;
  const operator = operators.get(key) ?? newOperator(cube.description, filter);
  operators.delete(key);
  operators.set(key, operator);
  for (const oldest of operators.keys()) {
    if (operators.size <= keptOperators) break;
    operators.delete(oldest);
  }
  return operator;
}

/** Designs the operator of a filter on the bands that a description tells of; it carries their scales and offsets. */
export const newOperator = (description: CubeDescription, filter: FilterSettings): BandedOperator =>
  designOperator(axisOf(description, filter.axis), filter, bandScaling(description.bandRecords));

/** The spectral axis of a cube's bands. Throws `invalid-request` for the wavelength axis of a cube without wavelengths. */
export const axisOf = (description: CubeDescription, kind: FilterAxis): SpectralAxis =>
  buildAxis({
    kind,
    wavelengthsNm: wavelengthsOf(description),
    bandIsGood: description.bandRecords.map((record) => record.good),
    joinIndexes: description.joinIndexes,
  });

/** The operator's row for one band. Throws `invalid-request` with the reason where a filtered image of it is empty. */
export function rowFor(cube: ReadableCube, operator: BandedOperator, bandIndex: number): OperatorRow {
  checkBand(cube.description, bandIndex);
  const row = operator.rows[bandIndex] ?? null;
  if (row === null) {
    throw new CubelensError(
      'invalid-request',
      `Band ${bandIndex + 1} has no filtered image: ${whyEmpty(operator, bandIndex)}.`,
      { field: 'band', remedy: 'Choose a good band inside a segment, or a smaller window.' },
    );
  }
  return row;
}

function whyEmpty(operator: BandedOperator, bandIndex: number): string {
  const excluded = operator.axis.excluded.find((band) => band.bandIndex === bandIndex);
  if (excluded !== undefined) return excluded.why === 'bad' ? 'it is marked bad' : 'it has no wavelength';
  if (operator.bandIsEdge[bandIndex] === true)
    return "it lies at a segment's edge, which --edge nan leaves out";
  return `its segment is shorter than the window of ${operator.filter.window} bands`;
}

/** Sentences for the person about bands that a filter leaves out because their segment is too short. */
export function operatorNotes(operator: BandedOperator): string[] {
  return operator.shortSegments.map((segment) => {
    const first = (segment.bandIndexes[0] ?? 0) + 1;
    const last = (segment.bandIndexes[segment.bandIndexes.length - 1] ?? 0) + 1;
    const bands = first === last ? `Band ${first} is a segment` : `Bands ${first} to ${last} are a segment`;
    return `${bands} of ${segment.bandIndexes.length}, shorter than the window of ${operator.filter.window}: no filtered values there.`;
  });
}

/** A short text that two filters share only when they are the same. */
function filterKey(filter: FilterSettings): string {
  const { window, degree, derivative, axis, edge, gap } = filter;
  return `w${window}d${degree}n${derivative}-${axis}-${edge}-${gap}`;
}
