import { CubelensError } from '../base/errors.ts';
import { parseNumber } from '../base/parseNumber.ts';
import type { GaussianVector } from '../contract/gaussian.ts';

/** What a CSV of samples gives to a specification. */
export interface GaussianTable {
  vectors: GaussianVector[];
  samples: number[][];
  notes: string[];
}

/**
 * Samples of a CSV file whose first row names the columns. Columns are taken by the components' names (a1, a2, b1, ... where
 * a vector states none), in any order, and further ones left out; where no name is known and there are as many columns as
 * components, they are taken in their order and give the components their names. Vectors without mean and
 * component names are as long as there are columns name1, name2, ... Separators: comma, semicolon or tab. Throws `malformed-file`,
 * with row and column from 1, for what is no finite number or no whole row.
 */
export function readSampleCsv(text: string, file: string, stated: readonly GaussianVector[]): GaussianTable {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const filled = lines.flatMap((line, k) => (line.trim() === '' ? [] : [{ line, row: k + 1 }]));
  const [first, ...rest] = filled;
  if (first === undefined || rest.length === 0) {
    throw malformed(
      file,
      'holds no samples',
      {},
      'The first row names the columns, each further row is a sample.',
    );
  }
  const separator = [';', '\t'].find((one) => first.line.includes(one)) ?? ',';
  // numpy.savetxt begins its header with a number sign.
  const header = first.line.replace(/^#\s*/, '').split(separator).map(unquoted);
  if (header.every((name) => parseNumber(name) !== null)) {
    throw malformed(
      file,
      'begins with numbers, not with the names of its columns',
      { row: first.row },
      'Put the names of the components into the first row, such as a1,a2,b1.',
    );
  }
  const { vectors, columns, notes } = columnsOf(header, stated, file, first.row);
  const samples = rest.map(({ line, row }) => {
    const cells = line.split(separator);
    if (cells.length !== header.length) {
      throw malformed(
        file,
        `has ${cells.length} cells in row ${row}, but ${header.length} columns`,
        { row },
        'Give each row as many cells as the first one.',
      );
    }
    return columns.map((column) => numberAt(cells[column] ?? '', file, row, column));
  });
  return { vectors, samples, notes };
}

/** The specification's vectors with their component names, and the column of each component (from 0). */
function columnsOf(
  header: readonly string[],
  stated: readonly GaussianVector[],
  file: string,
  row: number,
): { vectors: GaussianVector[]; columns: number[]; notes: string[] } {
  const twice = header.find((name, k) => header.indexOf(name) !== k);
  if (twice !== undefined) {
    const column = header.lastIndexOf(twice) + 1;
    throw malformed(
      file,
      `names two columns ${twice}`,
      { row, column },
      'Give each column a name of its own.',
    );
  }
  const vectors = stated.map((vector) => ({ ...vector, components: namesOf(vector, header) }));
  const names = vectors.flatMap(({ components }) => components);
  if (names.length === 0) {
    const wanted = stated.map(({ name }) => `${name}1`).join(', ');
    throw malformed(
      file,
      `has no columns named ${wanted}, ... for the vectors`,
      { row },
      'Name the columns so, or give the vectors their components.',
    );
  }
  const missing = names.filter((name) => !header.includes(name));
  if (missing.length === 0 && names.length > 0) {
    const columns = names.map((name) => header.indexOf(name));
    const left = header
      .filter((name) => !names.includes(name))
      .map((name) => (name === '' ? 'one without a name' : name));
    const notes = left.length === 0 ? [] : [`Columns left out: ${left.join(', ')}.`];
    return { vectors: filledOnly(vectors), columns, notes };
  }
  if (missing.length === names.length && header.length === names.length) {
    let start = 0;
    const renamed = vectors.map((vector) => {
      const components = header.slice(start, start + vector.components.length);
      start += components.length;
      return { ...vector, components };
    });
    const notes = ['The columns are taken in their order and name the components.'];
    return { vectors: renamed, columns: header.map((_, k) => k), notes };
  }
  throw malformed(
    file,
    `has no column for ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' and others' : ''}`,
    { row },
    `Its columns are ${header.slice(0, 20).join(', ')}; name them as the components.`,
  );
}

/** Component names as stated, or name1, name2, ...: as many as the mean has, or as the columns show. */
function namesOf({ name, mean, components }: GaussianVector, header: readonly string[]): string[] {
  if (components !== undefined) return components;
  if (mean !== undefined) return mean.map((_, k) => `${name}${k + 1}`);
  const names: string[] = [];
  while (header.includes(`${name}${names.length + 1}`)) names.push(`${name}${names.length + 1}`);
  return names;
}

/** A vector that found no columns keeps to what it states, so that its missing length is named. */
const filledOnly = (vectors: readonly (GaussianVector & { components: string[] })[]): GaussianVector[] =>
  vectors.map(({ components, ...vector }) => (components.length === 0 ? vector : { ...vector, components }));

function numberAt(cell: string, file: string, row: number, column: number): number {
  const text = unquoted(cell);
  const number = parseNumber(text);
  if (number !== null && Number.isFinite(number)) return number;
  throw malformed(
    file,
    `has "${text.slice(0, 40)}" in row ${row}, column ${column + 1}, which is no finite number`,
    { row, column: column + 1 },
    'Leave out rows with missing values.',
  );
}

const unquoted = (cell: string): string => cell.trim().replace(/^"(.*)"$/, '$1');

function malformed(
  file: string,
  says: string,
  place: { row?: number; column?: number },
  remedy: string,
): CubelensError {
  return new CubelensError('malformed-file', `${file} ${says}.`, { file, ...place, remedy });
}
