import { dirname, resolve } from 'node:path';
import type {
  GaussianConditional,
  GaussianDescription,
  GaussianSamples,
  GaussianSpec,
} from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { formatOf, json, type Command } from './command.ts';
import { usageError } from './exitCodes.ts';
import { readJsonObject } from './jsonFile.ts';
import { namedValues, type Arguments } from './options.ts';
import { outputText } from './text.ts';
import { written } from './written.ts';
import { twoColumns, wrap } from './wrap.ts';

/** `cubelens gaussian`. */
export const gaussian: Command = {
  usage:
    'gaussian (SPEC.json [--given NAME=VALUES]... [--sample N --seed S [--out X.{csv,npy}]] | --rx CUBE --out X.{tif,dat,npy,png})',
  summary: 'one Gaussian over several named vectors: is it valid, what follows, samples; anomalies of a cube',
  options: ['given', 'sample', 'seed', 'rx', 'out', 'json', 'image', 'open'],
  run: async (args, client) => {
    const cube = args.text('rx');
    if (cube !== undefined) return distances(args, client, cube);
    for (const name of ['image', 'open'] as const) {
      if (args.text(name) !== undefined) throw usageError(`--${name} goes with --rx.`);
    }
    const count = countOf(args);
    const given = namedValues(args, 'given');
    const out = args.text('out');
    if (given !== null && count !== null) throw usageError('--given describes, --sample draws: choose one.');
    if (count === null && (out !== undefined || args.text('seed') !== undefined)) {
      throw usageError('--out and --seed go with --sample N.');
    }
    if (out !== undefined && args.flag('json')) throw usageError('--json prints, --out writes: choose one.');
    const format = out === undefined ? null : formatOf(out, ['csv', 'npy']);
    const stated = statedIn(client, args.file('SPEC.json'));
    if (count !== null) {
      const seed = seedOf(args);
      if (out !== undefined && format !== null) {
        const target = client.grantWrite(out);
        const asked = { ...stated, count, seed, format, target, replace: true };
        const { notes, ...file } = await client.job('gaussian-samples', asked);
        return outputText({ ...file, warnings: notes });
      }
      const samples = await (
        await client.api.gaussian.sample.$post({ json: { ...stated, count, seed } })
      ).json();
      return args.flag('json') ? json(samples) : samplesText(samples);
    }
    if (given !== null) {
      const answer = await (
        await client.api.gaussian.conditional.$post({ json: { ...stated, given } })
      ).json();
      return args.flag('json') ? json(answer) : conditionalText(answer);
    }
    const answer = await (await client.api.gaussian.describe.$post({ json: stated })).json();
    return args.flag('json') ? json(answer) : descriptionText(answer);
  },
};

async function distances(args: Arguments, client: Client, file: string): Promise<string> {
  if (args.positionals.length > 0) throw usageError('--rx names the cube: there is no other file.');
  for (const name of ['sample', 'seed'] as const) {
    if (args.text(name) !== undefined) throw usageError(`--${name} goes with SPEC.json.`);
  }
  if (args.many('given').length > 0 || args.flag('json')) throw usageError('--rx takes --out alone.');
  const out = args.needed('out');
  const format = formatOf(out, ['geotiff', 'envi', 'png', 'npy']);
  const { cubeId } = await client.open(file, args.text('image'), args.text('open'));
  const image = { kind: 'mahalanobis' as const, parameters: {} };
  return written(client, out, cubeId, 'image', { format, image, colouring: null });
}

/** The specification of a file, and the grant of the samples that it names by a file. */
function statedIn(client: Client, file: string): { spec: GaussianSpec; tableGrantId?: string } {
  const what = 'a JSON object with vectors and a covariance';
  const given = readJsonObject(file, what, 'See the guide, Gaussians, for what it holds.');
  const { samples } = given;
  // The API checks all of it.
  if (typeof samples !== 'string') return { spec: given as unknown as GaussianSpec };
  const tableGrantId = client.grantRead(resolve(dirname(file), samples));
  return { spec: { ...given, samples: [] } as unknown as GaussianSpec, tableGrantId };
}

function countOf(args: Arguments): number | null {
  const count = args.number('sample');
  if (count === undefined) return null;
  if (Number.isInteger(count) && count >= 1) return count;
  throw usageError(`--sample is a whole number from 1, not ${count}.`);
}

function seedOf(args: Arguments): number {
  const seed = args.number('seed') ?? 1;
  if (Number.isSafeInteger(seed)) return seed;
  throw usageError(`--seed is a whole number, not ${seed}.`);
}

const short = (value: number | null, digits = 7): string =>
  value === null ? '-' : String(Number(value.toPrecision(digits)));
const list = (values: readonly number[]): string => values.map((value) => short(value, 6)).join(', ');
const matrixText = (names: readonly string[], rows: readonly (readonly number[])[]): string => {
  const cells = rows.map((row) => row.map((value) => short(value, 5)));
  const width = Math.max(...names.map(({ length }) => length), ...cells.flat().map(({ length }) => length));
  const head = `  ${''.padEnd(width)}  ${names.map((name) => name.padStart(width)).join('  ')}`;
  const lines = cells.map(
    (row, i) => `  ${(names[i] ?? '').padEnd(width)}  ${row.map((cell) => cell.padStart(width)).join('  ')}`,
  );
  return `${[head, ...lines].join('\n')}\n`;
};

/** Matrices of more components than this are for --json. */
const mostShown = 12;

function descriptionText(answer: GaussianDescription): string {
  const { vectors, valid, definiteness, where, nearest } = answer;
  const components = vectors.flatMap((vector) => vector.components);
  const rows: [string, string][] = [
    ['vectors', vectors.map(({ name, components: own }) => `${name} (${own.length})`).join(', ')],
    ['valid', valid ? `yes, ${definiteness}` : 'no'],
  ];
  if (answer.reason !== null) rows.push(['reason', answer.reason]);
  if (where !== null)
    rows.push(['where', `${where.row}, ${where.column} (block ${where.block}): ${short(where.value)}`]);
  rows.push(
    ['rank', `${answer.rank} of ${components.length}`],
    ['determinant', short(answer.determinant)],
    ['log determinant', short(answer.logDeterminant)],
    ['entropy', answer.entropy === null ? '-' : `${short(answer.entropy)} nats`],
    ['eigenvalues', list(answer.eigenvalues.slice(0, 20))],
  );
  for (const [pair, information] of Object.entries(answer.mutualInformation)) {
    const correlations = answer.canonicalCorrelations[pair] ?? null;
    const canonical = correlations === null ? '' : `; canonical correlations ${list(correlations)}`;
    rows.push([`information ${pair}`, `${short(information)} nats${canonical}`]);
  }
  if (nearest !== null)
    rows.push(['nearest valid', `${short(nearest.distance)} away (Frobenius); --json gives it`]);
  const notes = answer.notes.map((note) => `${wrap(`Note: ${note}`, 2)}\n`).join('');
  const matrix =
    components.length <= mostShown ? `\ncovariance\n${matrixText(components, answer.covariance)}` : '';
  return `${twoColumns(rows)}${matrix}${notes === '' ? '' : `\n${notes}`}`;
}

function conditionalText({ given, vectors, mean, covariance, notes }: GaussianConditional): string {
  const components = vectors.flatMap((vector) => vector.components);
  const known = Object.entries(given).map(([name, values]) => `${name} = ${list(values)}`);
  const deviations = covariance.map((row, i) => Math.sqrt(Math.max(0, row[i] ?? 0)));
  const rows = components.map(
    (name, i) =>
      [name, `${short(mean[i] ?? null)} (standard deviation ${short(deviations[i] ?? null)})`] as const,
  );
  const matrix = components.length <= mostShown ? `\ncovariance\n${matrixText(components, covariance)}` : '';
  const said = notes.map((note) => `${wrap(`Note: ${note}`, 2)}\n`).join('');
  return `Given ${known.join('; ')}\n\n${twoColumns(rows, 2)}${matrix}${said === '' ? '' : `\n${said}`}`;
}

/** As a CSV file of them would be. */
function samplesText({ vectors, samples, count }: GaussianSamples): string {
  const names = vectors.flatMap(({ components }) => components);
  const lines = Array.from({ length: count }, (_, i) =>
    vectors.flatMap(({ name }) => samples[name]?.[i] ?? []).join(','),
  );
  return `${[names.join(','), ...lines].join('\n')}\n`;
}
