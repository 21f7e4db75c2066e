import type { ClassRecord } from '../../contract/cube.ts';

/** Samples to learn from: one row a sample, one column an input. */
export interface SpectraTable {
  rows: number;
  columns: number;
  /** Row after row, in the data's own units; finite numbers only. */
  values: Float32Array;
  /** What each column is: "band 12" or a CSV's heading. */
  names: string[];
  /** Of each column, in nanometres; null where there are none. */
  wavelengthsNm: number[] | null;
  /** Line and sample of each row in its cube, from 0, two numbers a row; null where the rows are no pixels. */
  positions: Int32Array | null;
  /** Class of each row by its place in `names`, -1 where it has none; from a class map or a column; null without. */
  classes: TableClasses | null;
  /** Bands of the cube that the rows are of, the bad ones too; where they are of one. */
  bands?: number;
  /** The last so many rows only tell the range of the scene: pixels of it that may be among the others already. */
  rangeOnly?: number;
}

/** Classes of the rows of a table. */
export interface TableClasses {
  ofRow: Int32Array;
  names: string[];
  /** Of a class map: the code of each of the names, and name and colour of each code. */
  map?: { codes: number[]; records: ClassRecord[] };
}

/**
 * No measured value is as large: it is a fill value that the file does not declare (such as -3.4e38), and one of them would
 * spoil every mean and range.
 */
const mostMagnitude = 1e30;

/** Whether a value is a number, but can only be an undeclared fill value. */
export const isFill = (value: number): boolean => Number.isFinite(value) && Math.abs(value) > mostMagnitude;

/** Most numbers of a table: half a gigabyte. */
export const mostNumbers = 2 ** 27;

/** What to say of rows that were left out for such a value. */
export const fillNote = (what: 'Pixels' | 'Rows', count: number): string =>
  `${what} left out for a value beyond 1e30, which is no measurement: ${count}. ` +
  (what === 'Pixels'
    ? 'Declare it in the header, as "data ignore value".'
    : 'Leave such cells empty, or write NaN.');

/** A table as it was read, with what is to be said of the reading, in sentences. */
export interface ReadTable extends SpectraTable {
  notes: string[];
  /** How many pixels there were, where they were too many to take all. */
  sampledOf?: number;
  /** Axes of the rows in their file, where every row was kept: [rows] or [lines, samples]. */
  shape?: number[];
}
