import { ratioOf, type Criterion, type Row } from './row.ts';

const headings = ['work', 'ours', 'peer', 'ratio', 'limit', 'memory', 'criteria'];

/** The rows as one aligned table. */
export function formatTable(rows: readonly Row[]): string {
  return alignCells(headings, rows.map(cellsOf));
}

/** Headings, a rule and rows of cells, each of which may have several lines. */
export function alignCells(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => Math.max(...(row[column] ?? '').split('\n').map((line) => line.length)))),
  );
  const lines = cells.flatMap((row) => linesOf(row, widths));
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return `${lines.join('\n')}\n`;
}

/** The row's cells, each of which may have several lines. */
function cellsOf(row: Row): string[] {
  const { ours, peer, limits, peakBytes } = row;
  const ratio = ratioOf(row);
  return [
    row.work,
    ours === null ? '-' : formatSeconds(ours.median),
    peer === null
      ? '-'
      : typeof peer === 'string'
        ? peer
        : `${peer.name} ${formatSeconds(peer.timing.median)}`,
    Number.isNaN(ratio) ? '-' : `${ratio.toPrecision(3)} x`,
    limits.map((limit) => `${limit.name} ${formatSeconds(limit.timing.median)}`).join('\n') || '-',
    peakBytes === undefined ? '-' : `${(peakBytes / 1e6).toFixed(0)} MB`,
    [...row.criteria.map(formatCriterion), ...row.notes].join('\n') || '-',
  ];
}

function linesOf(cells: readonly string[], widths: readonly number[]): string[] {
  const parts = cells.map((cell) => cell.split('\n'));
  const height = Math.max(...parts.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, column) => (parts[column]?.[line] ?? '').padEnd(width))
      .join('  ')
      .trimEnd(),
  );
}

function formatCriterion({ text, met }: Criterion): string {
  if (met === null) return `${text}: not judged`;
  return `${text}: ${met ? 'met' : 'MISSED'}`;
}

/** Seconds with a unit a person reads at a glance. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  return `${(seconds * 1000).toPrecision(3)} ms`;
}
