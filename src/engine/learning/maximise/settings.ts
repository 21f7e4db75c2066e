import type { MaximiseRequest } from '../../contract/maximise.ts';
import { CubelensError } from '../../base/errors.ts';
import type { NetworkInput } from './network.ts';

/** What is asked of a network: of the request all that does not need its file. */
export type MaximiseSettings = Omit<MaximiseRequest, 'source' | 'output' | 'hull' | 'nearest'> & {
  output?: number | undefined;
};

const defaultRange: [number, number] = [-10, 10];

const wrong = (field: string, message: string, remedy: string): CubelensError =>
  new CubelensError('invalid-request', message, { field, remedy });

interface WithInputs {
  readonly inputs: readonly NetworkInput[];
}

const listed = (network: WithInputs): string =>
  network.inputs.map(({ name, size }) => `${name} (${size} ${size === 1 ? 'number' : 'numbers'})`).join(', ');

/** Index of the one input that is not fixed. Throws `invalid-request` for unknown names and for none or several left. */
export function freeInput(network: WithInputs, fix: Readonly<Record<string, number[]>>): number {
  for (const name of Object.keys(fix)) {
    if (!network.inputs.some((input) => input.name === name)) {
      throw wrong('fix', `The model has no input "${name}".`, `Its inputs are ${listed(network)}.`);
    }
  }
  const left = network.inputs.filter(({ name }) => !Object.hasOwn(fix, name));
  const [free] = left;
  if (free === undefined) {
    throw wrong(
      'fix',
      'All inputs are fixed: none is left to search.',
      `Leave one of ${listed(network)} free.`,
    );
  }
  if (left.length > 1) {
    throw wrong(
      'fix',
      `${left.length} inputs are free (${left.map(({ name }) => name).join(', ')}); the search needs exactly one.`,
      `Fix all inputs but one: ${listed(network)}.`,
    );
  }
  return network.inputs.indexOf(free);
}

/** Values of the fixed inputs, one array an input; that of the free one is empty. Throws `invalid-request`. */
export function fixedValues(
  network: WithInputs,
  free: number,
  fix: Readonly<Record<string, number[]>>,
): Float64Array[] {
  return network.inputs.map(({ name, size }, k) => {
    if (k === free) return new Float64Array();
    const values = fix[name] ?? [];
    if (values.length !== size) {
      throw wrong(
        `fix.${name}`,
        `Input "${name}" has ${size} components, but ${values.length} values are given.`,
        `Give ${size} values.`,
      );
    }
    const odd = values.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0) {
      throw wrong(
        `fix.${name}`,
        `Value ${odd + 1} of "${name}" is not a finite number.`,
        'Give finite numbers.',
      );
    }
    return Float64Array.from(values);
  });
}

/** Ranges whose squares still fit a number: curvatures are measured in them. */
const mostRange = 1e100;

/** One interval for each free component. Throws `invalid-request` for empty ones, wrong names and wrong lengths. */
export function rangeOf(
  network: WithInputs,
  free: number,
  range: MaximiseSettings['range'],
): [number, number][] {
  const { name, size } = network.inputs[free] as { name: string; size: number };
  const all = range ?? defaultRange;
  let intervals: [number, number][];
  if (Array.isArray(all)) intervals = Array.from({ length: size }, () => [all[0], all[1]]);
  else {
    const other = Object.keys(all).find((key) => key !== name);
    if (other !== undefined) {
      throw wrong(
        'range',
        `A range is given for "${other}", but the free input is "${name}".`,
        `Give the range of "${name}".`,
      );
    }
    const own = all[name] ?? [];
    if (own.length !== size) {
      throw wrong(
        `range.${name}`,
        `"${name}" has ${size} components, but its range has ${own.length} intervals.`,
        `Give ${size} intervals, or one without a name for all.`,
      );
    }
    intervals = [...own];
  }
  intervals.forEach(([low, high], i) => {
    if (Math.abs(low) <= mostRange && Math.abs(high) <= mostRange && low < high) return;
    throw wrong(
      `range.${name}`,
      `The range ${low} to ${high} of component ${i + 1} of "${name}" is empty or beyond ${mostRange}.`,
      'Give a lower and a higher finite number.',
    );
  });
  return intervals.map(([low, high]) => [low, high]);
}
