import { Matrix } from 'ml-matrix';
import { symmetrised } from './linear.ts';
import { checkNumbers, checkSymmetry, checkVariances } from './matrixChecks.ts';
import { componentCount, invalid, type NamedVector } from './vectors.ts';

type Rows = readonly (readonly number[])[];

/**
 * The covariance of named blocks: "a,a" within a vector, "a,b" between two (rows: a, columns: b; "b,a" is its transpose,
 * and where both are given they must agree). A block between two vectors that is left out is zero: they are independent,
 * which a note says. Throws `invalid-request` for a block that is unknown, does not fit, or is missing on the diagonal.
 */
export function fromBlocks(
  blocks: Readonly<Record<string, Rows>>,
  vectors: readonly NamedVector[],
): { covariance: Matrix; notes: string[] } {
  const n = componentCount(vectors);
  const covariance = Matrix.zeros(n, n);
  const stated = new Map<string, { key: string; rows: Rows }>();
  for (const [key, rows] of Object.entries(blocks)) {
    const [row, column] = namesOf(key, vectors);
    const name = `${row.name},${column.name}`;
    const twice = stated.get(name);
    if (twice !== undefined) {
      throw invalid(`blocks.${key}`, `Block ${name} is given twice.`, 'Leave one of them out.');
    }
    stated.set(name, { key, rows });
    checkSize(key, rows, row, column);
  }
  for (const [name, { key, rows }] of stated) {
    const [row, column] = namesOf(name, vectors);
    const block = new Matrix(rows.map((numbers) => [...numbers]));
    if (row === column) {
      checkVariances(block, `blocks.${key}`, [{ ...row, start: 0 }]);
      checkSymmetry(block, `blocks.${key}`, [{ ...row, start: 0 }]);
      covariance.setSubMatrix(symmetrised(block), row.start, row.start);
      continue;
    }
    const mirrored = stated.get(`${column.name},${row.name}`);
    if (mirrored !== undefined) checkMirrored(key, rows, mirrored, row, column);
    covariance.setSubMatrix(block, row.start, column.start);
    covariance.setSubMatrix(block.transpose(), column.start, row.start);
  }
  const missing = vectors.find(({ name }) => !stated.has(`${name},${name}`));
  if (missing !== undefined) {
    throw invalid(
      `blocks.${missing.name},${missing.name}`,
      `Block ${missing.name},${missing.name} is missing: a vector needs the covariance of its own components.`,
      `Give ${missing.length} rows of ${missing.length} numbers, with variances on the diagonal.`,
    );
  }
  return { covariance, notes: independenceNotes(stated, vectors) };
}

function independenceNotes(stated: ReadonlyMap<string, unknown>, vectors: readonly NamedVector[]): string[] {
  const zero = vectors.flatMap(({ name }, k) =>
    vectors
      .slice(k + 1)
      .filter((other) => !stated.has(`${name},${other.name}`) && !stated.has(`${other.name},${name}`))
      .map((other) => `${name},${other.name}`),
  );
  if (zero.length === 0) return [];
  const blocks = zero.length === 1 ? `Block ${zero.join()} is` : `Blocks ${zero.join(' and ')} are`;
  return [`${blocks} not given and taken as zero (independence).`];
}

function namesOf(key: string, vectors: readonly NamedVector[]): [NamedVector, NamedVector] {
  const [row, column] = key.split(',').map((name) => vectors.find((vector) => vector.name === name.trim()));
  if (row === undefined || column === undefined || key.split(',').length !== 2) {
    throw invalid(
      `blocks.${key}`,
      `Block "${key}" names no two vectors.`,
      `Name blocks by two vectors, such as "${vectors[0]?.name},${vectors.at(-1)?.name}". There are ${vectors
        .map(({ name }) => name)
        .join(', ')}.`,
    );
  }
  return [row, column];
}

function checkSize(key: string, rows: Rows, row: NamedVector, column: NamedVector): void {
  const field = `blocks.${key}`;
  const columns = rows[0]?.length ?? 0;
  const wanted = `${row.length} x ${column.length} (${row.name} x ${column.name})`;
  const uneven = rows.findIndex((numbers) => numbers.length !== columns);
  if (uneven >= 0) {
    throw invalid(
      field,
      `Row ${uneven + 1} of block ${key} has ${rows[uneven]?.length} numbers, the first row ${columns}.`,
      `Block ${key} is ${wanted}.`,
      { row: uneven + 1 },
    );
  }
  if (rows.length !== row.length || columns !== column.length) {
    const isTransposed = rows.length === column.length && columns === row.length;
    throw invalid(
      field,
      `Block ${key} is ${rows.length} x ${columns}, but must be ${wanted}.`,
      isTransposed
        ? `Transpose it, or name it "${column.name},${row.name}".`
        : 'Give one row for each component of the first vector and one column for each of the second.',
    );
  }
  rows.forEach((numbers, i) => {
    checkNumbers(numbers, field, `Block ${key}`, i + 1);
  });
}

function checkMirrored(
  key: string,
  rows: Rows,
  mirrored: { key: string; rows: Rows },
  row: NamedVector,
  column: NamedVector,
): void {
  rows.forEach((numbers, i) => {
    numbers.forEach((number, j) => {
      const other = mirrored.rows[j]?.[i] ?? NaN;
      const difference = Math.abs(number - other);
      if (difference <= 1e-9 * Math.max(Math.abs(number), Math.abs(other))) return;
      throw invalid(
        `blocks.${mirrored.key}`,
        `Block ${mirrored.key} is not the transpose of ${key}: (${row.components[i]}, ${column.components[j]}) is ` +
          `${number} in ${key} and ${other} in ${mirrored.key} (they differ by ${difference}).`,
        `Leave ${mirrored.key} out: it follows from ${key}.`,
        { row: j + 1, column: i + 1 },
      );
    });
  });
}
