import { median } from '../measure.ts';
import { alignCells, formatSeconds } from '../table.ts';

/** Ours may take this many times the other build's time before a row is marked. */
export const slowerFrom = 1.15;

/** One row of a run's results file, as far as it is compared; other builds may write more or less of it. */
export interface MeasuredRow {
  work: string;
  ours: { median: number | null } | null;
}

/** Rows of both builds, measured one after the other. */
export interface Round {
  ours: readonly MeasuredRow[];
  other: readonly MeasuredRow[];
}

/** One piece of work in both builds. */
export interface ComparedRow {
  work: string;
  /** Medians over the rounds, in seconds. */
  ours: number;
  other: number;
  /** Ours over the other, in each round. */
  ratios: number[];
  /** The median of the ratios. */
  ratio: number;
  slower: boolean;
}

/** What could be compared, and the works that only one of the two has measured. */
export interface Comparison {
  rows: ComparedRow[];
  onlyOurs: string[];
  onlyOther: string[];
}

/** Pairs the rows of the same work, round by round; a round in which one of the two is missing does not count. */
export function compareRounds(rounds: readonly Round[]): Comparison {
  const pairs = new Map<string, { ours: number[]; other: number[] }>();
  const seen = { ours: new Set<string>(), other: new Set<string>() };
  for (const round of rounds) {
    const ours = secondsByWork(round.ours);
    const other = secondsByWork(round.other);
    for (const work of other.keys()) seen.other.add(work);
    for (const [work, seconds] of ours) {
      seen.ours.add(work);
      const theirs = other.get(work);
      if (theirs === undefined) continue;
      const pair = pairs.get(work) ?? { ours: [], other: [] };
      pair.ours.push(seconds);
      pair.other.push(theirs);
      pairs.set(work, pair);
    }
  }
  return {
    rows: [...pairs].map(([work, { ours, other }]) => comparedRow(work, ours, other)),
    onlyOurs: [...seen.ours].filter((work) => !pairs.has(work)),
    onlyOther: [...seen.other].filter((work) => !pairs.has(work)),
  };
}

/** Measured times; rows without one (a remark, or a group that failed) are left out. */
function secondsByWork(rows: readonly MeasuredRow[]): Map<string, number> {
  const known = new Map<string, number>();
  for (const { work, ours } of rows) {
    const seconds = ours?.median ?? 0;
    if (seconds > 0) known.set(work, seconds);
  }
  return known;
}

function comparedRow(work: string, ours: number[], other: number[]): ComparedRow {
  const ratios = ours.map((seconds, round) => seconds / (other[round] ?? NaN));
  const ratio = median(ratios);
  return { work, ours: median(ours), other: median(other), ratios, ratio, slower: ratio > slowerFrom };
}

/** The comparison as a table, with the works that only one has below it. `other` names the other build. */
export function formatComparison({ rows, onlyOurs, onlyOther }: Comparison, other: string): string {
  const headings = ['work', 'ours', other, 'ours / other', 'min', 'max', ''];
  const cells = rows.map((row) => [
    row.work,
    formatSeconds(row.ours),
    formatSeconds(row.other),
    row.ratio.toFixed(2),
    Math.min(...row.ratios).toFixed(2),
    Math.max(...row.ratios).toFixed(2),
    row.slower ? 'SLOWER' : '',
  ]);
  const lists = [
    ...onlyOurs.map((work) => `only measured here: ${work}\n`),
    ...onlyOther.map((work) => `only measured in ${other}: ${work}\n`),
  ];
  return alignCells(headings, cells) + lists.join('');
}
