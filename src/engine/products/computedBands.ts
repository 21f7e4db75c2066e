import type { FilterSettings } from '../contract/filter.ts';
import type { BandRecord } from '../cube/cube.ts';

/** The record of a band whose values were computed: NaN where there is none, no scale any more. */
export function computedRecord(record: BandRecord, filter: FilterSettings | null): BandRecord {
  return {
    ...record,
    noData: NaN,
    scale: null,
    offset: null,
    unit:
      filter === null
        ? record.unit
        : record.unit === null && filter.derivative === 0
          ? null
          : filteredUnit(record.unit ?? '1', filter),
  };
}

/** Unit of a filtered value: per nm^n or per band^n of the value's own unit. */
export function filteredUnit(unit: string, filter: FilterSettings): string {
  if (filter.derivative === 0) return unit;
  const power = filter.derivative === 1 ? '' : `^${filter.derivative}`;
  return `${unit}/${filter.axis === 'wavelength' ? 'nm' : 'band'}${power}`;
}
