import type { Timing } from './measure.ts';

/** A criterion and whether this run fulfils it; null where it could not be judged. */
export interface Criterion {
  text: string;
  met: boolean | null;
  /** A criterion of the present stage: the whole run fails where it is missed. Others belong to a later stage. */
  hard: boolean;
}

/** What ours is compared with: another program, or a floor such as a memory copy. */
export interface Comparison {
  name: string;
  timing: Timing;
  /** Sum of the result's values, where it has one. */
  checksum?: number;
}

/** One line of the table. */
export interface Row {
  work: string;
  ours: Timing | null;
  /** Null: none exists for this work. A text: why it is absent. */
  peer: Comparison | string | null;
  limits: Comparison[];
  /** Largest resident memory (VmHWM) of a fresh process that does just this, in bytes. */
  peakBytes?: number | undefined;
  criteria: Criterion[];
  /** Further measurements and remarks. */
  notes: string[];
}

/** A row to be filled in. */
export const emptyRow = (work: string): Row => ({
  work,
  ours: null,
  peer: null,
  limits: [],
  criteria: [],
  notes: [],
});

/** Adds a criterion on a number; not judged where the number is unknown. */
export function judge(
  row: Row,
  text: string,
  value: number | undefined,
  isMet: (value: number) => boolean,
  hard = false,
): void {
  const met = value === undefined || Number.isNaN(value) ? null : isMet(value);
  row.criteria.push({ text, met, hard });
}

/** How many times faster ours is than the peer; NaN where there is none. */
export function ratioOf(row: Row): number {
  if (row.ours === null || row.peer === null || typeof row.peer === 'string') return NaN;
  return row.peer.timing.median / row.ours.median;
}

/** The hard criterion of the first stage: a 400 MB cube is worked on in less than 500 MB. */
export function judgeMemory(row: Row, bytes: number | undefined): void {
  row.peakBytes = bytes;
  judge(row, 'under 500 MB', bytes, (peak) => peak < 500e6, true);
}

/** Compares two results' sums; where they differ by more than the tolerance the row fails. */
export function judgeEqual(row: Row, ours: number, theirs: number | undefined, tolerance: number): void {
  if (theirs === undefined) return;
  judge(row, 'same values', Math.abs(ours - theirs), (difference) => difference <= tolerance, true);
  if (!(Math.abs(ours - theirs) <= tolerance)) row.notes.push(`sums ${ours} and ${theirs}`);
}
