import { parseNumber } from '../../base/parseNumber.ts';
import { saysNoClass } from './classNames.ts';
import { csvRows, malformedCsv, type CsvRow } from './csvCells.ts';
import { fillNote, isFill, mostNumbers, type ReadTable } from './spectraTable.ts';

/** Most columns and classes of a table. */
const mostColumns = 100_000;
const mostClasses = 1000;

/** What the columns of a file are, by their places in a row. */
interface Columns {
  names: string[];
  /** Places of the numbers; the names are theirs. */
  numbers: number[];
  classAt: number | null;
  positionAt: { line: number; sample: number } | null;
  width: number;
}

/**
 * The samples of a CSV, one a row. The first row may name the columns ("column N" where it does not): `class` is the name of the
 * row's class (empty or "unlabelled": none), `line` and `sample` its pixel, from 0; all others are numbers. Headings that all
 * say "N nm" give wavelengths. Rows with an empty cell, NaN, infinity or more than 1e30 among the numbers are left out, which the notes
 * count; with `keepMissing` they stay (NaN for an empty cell). Throws `malformed-file` with row and column from 1, also where no whole row is left. For a worker: it takes the whole
 * text at once.
 */
export function tableOfCsv(text: string, file: string, { keepMissing = false } = {}): ReadTable {
  let columns: Columns | null = null;
  const growing = new Growing();
  const positions: number[] = [];
  const classes: string[] = [];
  let skipped = 0;
  let filled = 0;
  for (const csvRow of csvRows(text, file)) {
    if (columns === null) {
      columns = columnsOf(csvRow, file);
      if (isHeading(csvRow)) continue;
    }
    if (csvRow.cells.length !== columns.width) {
      throw malformedCsv(
        file,
        `has ${csvRow.cells.length} cells in row ${csvRow.row}, but ${columns.width} in the first`,
        { row: csvRow.row },
        'Give each row as many cells as the first one, separated as they are there.',
      );
    }
    const { classAt, positionAt, numbers } = columns;
    const position =
      positionAt === null
        ? []
        : [indexAt(csvRow, positionAt.line, file), indexAt(csvRow, positionAt.sample, file)];
    let isFilled = false;
    const isWhole = numbers.every((place) => {
      const value = numberAt(csvRow, place, file);
      isFilled = !keepMissing && isFill(value);
      if (isFilled || !(keepMissing || Number.isFinite(value))) return false;
      growing.push(value);
      return true;
    });
    growing.endRow(isWhole, numbers.length);
    if (!isWhole) {
      if (isFilled) filled += 1;
      else skipped += 1;
      continue;
    }
    if (growing.length > mostNumbers) {
      throw malformedCsv(
        file,
        `holds more than ${mostNumbers} numbers up to row ${csvRow.row}`,
        { row: csvRow.row },
        'Give fewer rows, or the values as a cube.',
      );
    }
    positions.push(...position);
    if (classAt !== null) classes.push((csvRow.cells[classAt] ?? '').trim());
  }
  if (columns === null || growing.length === 0) {
    const left = skipped + filled;
    const why = left > 0 ? `no row without a missing value among ${left}` : 'no rows of numbers';
    throw malformedCsv(file, `holds ${why}`, {}, 'Give a row of numbers for each sample.');
  }
  const { names, numbers, classAt, positionAt } = columns;
  return {
    rows: growing.length / numbers.length,
    columns: numbers.length,
    values: growing.values(),
    names,
    wavelengthsNm: wavelengthsOf(names),
    positions: positionAt === null ? null : Int32Array.from(positions),
    classes: classAt === null ? null : classesOf(classes, file),
    notes: [
      ...(skipped > 0 ? [`Rows left out for a missing value: ${skipped}.`] : []),
      ...(filled > 0 ? [fillNote('Rows', filled)] : []),
    ],
  };
}

/** Numbers whose count is not known before, row by row. */
class Growing {
  #values = new Float32Array(1024);
  #used = 0;
  length = 0;

  push(value: number): void {
    if (this.#used === this.#values.length) {
      const larger = new Float32Array(2 * this.#used);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#used++] = value;
  }

  /** Keeps what came since the last row, or drops it. */
  endRow(isWhole: boolean, columns: number): void {
    if (isWhole) this.length += columns;
    this.#used = this.length;
  }

  values(): Float32Array {
    return this.#values.slice(0, this.length);
  }
}

/** A first row names columns where one of its cells is a word. */
const isHeading = ({ cells }: CsvRow): boolean =>
  cells.some((cell) => cell.trim() !== '' && parseNumber(cell) === null);

function columnsOf(first: CsvRow, file: string): Columns {
  const { cells, row } = first;
  const width = cells.length;
  const heading = isHeading(first) ? cells.map((cell) => cell.trim()) : cells.map(() => '');
  if (width > mostColumns) {
    throw malformedCsv(file, `has ${width} columns`, { row }, `Give at most ${mostColumns}.`);
  }
  const seen = new Set<string>();
  heading.forEach((name, k) => {
    if (name !== '' && seen.has(name)) {
      throw malformedCsv(
        file,
        `names two columns "${name.slice(0, 40)}"`,
        { row, column: k + 1 },
        'Give each column a name of its own.',
      );
    }
    seen.add(name);
  });
  const placeOf = (name: string): number | null => {
    const place = heading.findIndex((one) => one.toLowerCase() === name);
    return place < 0 ? null : place;
  };
  const [classAt, line, sample] = [placeOf('class'), placeOf('line'), placeOf('sample')];
  if ((line === null) !== (sample === null)) {
    throw malformedCsv(
      file,
      `has a column ${line === null ? 'sample' : 'line'}, but none named ${line === null ? 'line' : 'sample'}`,
      { row, column: (line ?? sample ?? 0) + 1 },
      'Give both, or neither.',
    );
  }
  const others = [classAt, line, sample];
  const numbers = heading.map((_, k) => k).filter((k) => !others.includes(k));
  if (numbers.length === 0) {
    throw malformedCsv(file, 'has no column of numbers', { row }, 'Give a column for each input.');
  }
  return {
    names: numbers.map((k) => (heading[k] === '' ? `column ${k + 1}` : (heading[k] ?? ''))),
    numbers,
    classAt,
    positionAt: line === null || sample === null ? null : { line, sample },
    width,
  };
}

/** The number in a cell, NaN in an empty one. */
function numberAt({ cells, row }: CsvRow, place: number, file: string): number {
  const cell = cells[place] ?? '';
  const value = cell.trim() === '' ? NaN : parseNumber(cell);
  const shown = cell.trim().slice(0, 40);
  if (value === null) {
    throw malformedCsv(
      file,
      `has "${shown}" in row ${row}, column ${place + 1}, which is no number`,
      { row, column: place + 1 },
      'Separate cells by comma, semicolon or tab; a column of class names is called "class" in the first row.',
    );
  }
  if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw malformedCsv(
      file,
      `has ${shown} in row ${row}, column ${place + 1}, which is beyond 3.4e38`,
      { row, column: place + 1 },
      'Give the values in a larger unit.',
    );
  }
  return value;
}

function indexAt({ cells, row }: CsvRow, place: number, file: string): number {
  const value = parseNumber(cells[place] ?? '');
  if (value !== null && Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  throw malformedCsv(
    file,
    `has "${(cells[place] ?? '').trim().slice(0, 40)}" in row ${row}, column ${place + 1}, which is no line or sample`,
    { row, column: place + 1 },
    'Give lines and samples as whole numbers from 0.',
  );
}

function classesOf(cells: readonly string[], file: string): { ofRow: Int32Array; names: string[] } {
  const names = [...new Set(cells)].filter((name) => !saysNoClass(name));
  if (names.length > mostClasses) {
    throw malformedCsv(
      file,
      `has ${names.length} classes`,
      {},
      `The column "class" holds names, at most ${mostClasses} of them.`,
    );
  }
  const areNumbers = names.every((name) => parseNumber(name) !== null);
  names.sort((a, b) => (areNumbers ? Number(a) - Number(b) : a < b ? -1 : 1));
  const places = new Map(names.map((name, k) => [name, k]));
  return { ofRow: Int32Array.from(cells, (cell) => places.get(cell) ?? -1), names };
}

function wavelengthsOf(names: readonly string[]): number[] | null {
  const found = names.map((name) => /^(\d+(?:\.\d+)?)\s*nm$/i.exec(name)?.[1]);
  return found.every((one) => one !== undefined) ? found.map(Number) : null;
}
