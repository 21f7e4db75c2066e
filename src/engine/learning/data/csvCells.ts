import { CubelensError } from '../../base/errors.ts';

/** A row of a CSV: its cells without their quotes, and its place in the file, from 1. */
export interface CsvRow {
  row: number;
  cells: string[];
}

/** The error of a CSV that cannot be read, with the place in it (row and column from 1). */
export function malformedCsv(
  file: string,
  says: string,
  place: { row?: number; column?: number },
  remedy: string,
): CubelensError {
  return new CubelensError('malformed-file', `${file} ${says}.`, { file, ...place, remedy });
}

/**
 * The rows of a CSV, one by one; empty lines are passed over. The first line decides on the separator: semicolon, tab or comma.
 * Cells may stand in double quotes, with a quote inside doubled, but end within their line. Throws `malformed-file`.
 */
export function* csvRows(text: string, file: string): Generator<CsvRow, void, undefined> {
  let separator: string | null = null;
  let row = 0;
  for (const match of text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    row += 1;
    const line = row === 1 ? (match[1] ?? '').replace(/^\uFEFF/, '') : (match[1] ?? '');
    if (line.trim() === '') continue;
    // numpy.savetxt begins its heading with a number sign.
    const plain: string = separator === null ? line.replace(/^#\s*/, '') : line;
    separator ??= [';', '\t'].find((one) => plain.includes(one)) ?? ',';
    yield {
      row,
      cells: plain.includes('"') ? quotedCells(plain, separator, file, row) : plain.split(separator),
    };
  }
}

function quotedCells(line: string, separator: string, file: string, row: number): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const start = at + (/^[ ]*/.exec(line.slice(at))?.[0].length ?? 0);
    if (line[start] !== '"') {
      const end = line.indexOf(separator, at);
      cells.push(line.slice(at, end < 0 ? line.length : end));
      if (end < 0) return cells;
      at = end + 1;
      continue;
    }
    let end = start + 1;
    while (end < line.length && (line[end] !== '"' || line[end + 1] === '"'))
      end += line[end] === '"' ? 2 : 1;
    const after = line.slice(end + 1).trimStart();
    if (
      end >= line.length ||
      (after !== '' &&
        !line
          .slice(end + 1)
          .replace(/^ */, '')
          .startsWith(separator))
    ) {
      throw malformedCsv(
        file,
        `has a quote without its partner in row ${row}, column ${cells.length + 1}`,
        { row, column: cells.length + 1 },
        'Close the quotes of each cell in its own line, and double those inside a cell.',
      );
    }
    cells.push(line.slice(start + 1, end).replaceAll('""', '"'));
    const next = line.indexOf(separator, end + 1);
    if (next < 0) return cells;
    at = next + 1;
  }
}
