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
  classes: { ofRow: Int32Array; names: string[] } | null;
}

/** A table as it was read, with what is to be said of the reading, in sentences. */
export interface ReadTable extends SpectraTable {
  notes: string[];
  /** Axes of the rows in their file, where every row was kept: [rows] or [lines, samples]. */
  shape?: number[];
}
