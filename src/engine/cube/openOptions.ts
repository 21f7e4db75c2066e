import type { OpenOptions } from '../contract/cube.ts';
import type { DataType } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import type { CubeDescription, NoDataValue } from './cube.ts';
import { setByPerson } from './assumptions.ts';
import { doubts } from './doubts.ts';
import { noDataInType } from './noData.ts';

/**
 * The description with a person's overrides in place of what the file says; each is listed among the assumptions, and so
 * is what remains doubtful after them.
 * Throws `invalid-request` with the option's name where a list has not one entry a band or a value cannot be.
 */
export function applyOpenOptions(description: CubeDescription, options: OpenOptions): CubeDescription {
  const { bands, dataType } = description;
  checkList('wavelengthsNm', options.wavelengthsNm, bands);
  checkList('bandIsGood', options.bandIsGood, bands);
  checkJoins(options.joinIndexes, bands);
  if (options.scale === 0) {
    throw new CubelensError('invalid-request', 'A scale of 0 would leave no data.', {
      field: 'scale',
      remedy: 'Give another number, or null for no scale.',
    });
  }
  const noData = options.noData === undefined ? undefined : checkedNoData(options.noData, dataType);
  const changed: CubeDescription = {
    ...description,
    bandRecords: description.bandRecords.map((record, bandIndex) => ({
      ...record,
      wavelengthNm:
        options.wavelengthsNm === undefined
          ? record.wavelengthNm
          : (options.wavelengthsNm[bandIndex] ?? null),
      good: options.bandIsGood?.[bandIndex] ?? record.good,
      noData: noData === undefined ? record.noData : noData,
      scale: options.scale === undefined ? record.scale : options.scale,
      offset: options.offset === undefined ? record.offset : options.offset,
    })),
    geoTransform: options.geoTransform === undefined ? description.geoTransform : options.geoTransform,
    crs: options.crs === undefined ? description.crs : options.crs,
    joinIndexes: options.joinIndexes ?? description.joinIndexes,
    assumptions: [...description.assumptions, ...overrides(options)],
  };
  if (options.wavelengthsNm !== undefined) changed.wavelengthUnits = 'Nanometers';
  return { ...changed, assumptions: [...changed.assumptions, ...doubts(changed)] };
}

function checkList(field: string, list: readonly unknown[] | undefined, bands: number): void {
  if (list !== undefined && list.length !== bands) {
    throw new CubelensError(
      'invalid-request',
      `${field} has ${list.length} entries, but the cube has ${bands} bands.`,
      { field, remedy: 'Give one entry for each band.' },
    );
  }
}

function checkJoins(joinIndexes: readonly number[] | undefined, bands: number): void {
  const outside = joinIndexes?.find((bandIndex) => bandIndex >= bands - 1);
  if (outside === undefined) return;
  throw new CubelensError(
    'invalid-request',
    `A segment cannot end after band ${outside + 1}: the cube has ${bands} bands.`,
    { field: 'joinIndexes', remedy: `Give bands before the last: numbers from 1 to ${bands - 1}.` },
  );
}

function checkedNoData(given: number | string | null, type: DataType): NoDataValue | null {
  if (given === null) return null;
  // A whole number in full: String() would round 2^63 to 9223372036854776000.
  const text = Number.isInteger(given) ? BigInt(given).toString() : String(given);
  const noData = noDataInType(text, type);
  if (noData === null) throw refusedNoData(given, type);
  return noData;
}

function refusedNoData(given: number | string, type: DataType): CubelensError {
  return new CubelensError(
    'invalid-request',
    `A file of type ${type} cannot hold the nodata value ${given}.`,
    {
      field: 'noData',
    },
  );
}

function overrides(options: OpenOptions): CubeDescription['assumptions'] {
  const { imageId: _chosen, ...given } = options;
  return Object.entries(given).map(([field, value]) => ({
    field,
    value: Array.isArray(value) ? `${value.length} values` : JSON.stringify(value),
    why: setByPerson,
  }));
}
