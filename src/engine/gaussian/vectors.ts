import { CubelensError } from '../base/errors.ts';
import type { GaussianVector } from '../contract/gaussian.ts';

/** Most components of one Gaussian: its matrices grow with the square, its intervals with the square as JSON. */
const mostComponents = 500;

/** A named vector and where its components lie in the joint one. */
export interface NamedVector {
  name: string;
  components: string[];
  /** Index of its first component in the joint vector, from 0. */
  start: number;
  length: number;
}

/**
 * Names, lengths and places of the vectors of a specification, in its order. A vector without component names has
 * name1, name2, ... Throws `invalid-request` for duplicate names, a vector of unknown length, and component names that
 * are not as many as the mean's numbers.
 */
export function layVectors(stated: readonly GaussianVector[]): NamedVector[] {
  const vectors: NamedVector[] = [];
  const names = new Set<string>();
  const components = new Map<string, string>();
  let start = 0;
  stated.forEach((vector, index) => {
    const field = `vectors.${index}`;
    const { name, mean } = vector;
    if (name.includes(',')) {
      throw invalid(
        `${field}.name`,
        `The name "${name}" has a comma, which separates names.`,
        'Leave it out.',
      );
    }
    if (names.has(name)) {
      throw invalid(`${field}.name`, `Two vectors are named ${name}.`, 'Give each vector a name of its own.');
    }
    names.add(name);
    const length = mean?.length ?? vector.components?.length;
    if (length === undefined) {
      throw invalid(
        `${field}.mean`,
        `Vector ${name} has neither a mean nor component names, so its length is unknown.`,
        'Give its mean, one number a component.',
      );
    }
    const own = vector.components ?? Array.from({ length }, (_, k) => `${name}${k + 1}`);
    if (own.length !== length) {
      throw invalid(
        `${field}.components`,
        `Vector ${name} has ${length} numbers in its mean but ${own.length} component names.`,
        'Give one name a component.',
      );
    }
    for (const component of own) {
      const other = components.get(component);
      if (other !== undefined) {
        throw invalid(
          `${field}.components`,
          other === name
            ? `Two components of ${name} are named ${component}.`
            : `Vectors ${other} and ${name} both have a component named ${component}.`,
          'Give each component a name of its own.',
        );
      }
      components.set(component, name);
    }
    vectors.push({ name, components: [...own], start, length });
    start += length;
  });
  if (start > mostComponents) {
    throw invalid(
      'vectors',
      `The vectors have ${start} components together; at most ${mostComponents} are taken.`,
      'Leave some out.',
    );
  }
  return vectors;
}

/** Number of components of all vectors together. */
export const componentCount = (vectors: readonly NamedVector[]): number =>
  vectors.reduce((sum, { length }) => sum + length, 0);

/** Names of all components, in the joint vector's order. */
export const componentNames = (vectors: readonly NamedVector[]): string[] =>
  vectors.flatMap(({ components }) => components);

/** A component's name and its vector's. Throws `internal` for an index outside. */
export function componentAt(
  vectors: readonly NamedVector[],
  index: number,
): { vector: NamedVector; component: string } {
  for (const vector of vectors) {
    const component = vector.components[index - vector.start];
    if (component !== undefined) return { vector, component };
  }
  throw new CubelensError('internal', `There is no component ${index}.`);
}

/** A cell in words: "cell (a1, b2) of block a,b (row 1, column 4)"; row and column from 1. */
export function cellInWords(vectors: readonly NamedVector[], row: number, column: number): string {
  const from = componentAt(vectors, row);
  const to = componentAt(vectors, column);
  const block = `${from.vector.name},${to.vector.name}`;
  return `cell (${from.component}, ${to.component}) of block ${block} (row ${row + 1}, column ${column + 1})`;
}

/** An `invalid-request` with field and remedy. */
export function invalid(
  field: string,
  message: string,
  remedy: string,
  place: { row?: number; column?: number } = {},
): CubelensError {
  return new CubelensError('invalid-request', message, { field, ...place, remedy });
}
