import {
  attentionExamples,
  type AttentionAnswer,
  type AttentionCell,
  type AttentionMask,
  type AttentionRequest,
  type AttentionSource,
} from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { formatOf, json, type Command } from './command.ts';
import { usageError } from './exitCodes.ts';
import type { Arguments } from './options.ts';
import { outputText } from './text.ts';
import { twoColumns, wrap } from './wrap.ts';

/** `cubelens attention`. */
export const attention: Command = {
  usage:
    'attention (FILE | --text "..." | --example NAME | --q F --k F --v F) [--layer L] [--head H] [--cell I,J] [--out X.{csv,npy,svg}]',
  summary: 'self-attention: which token attends to which, and how each weight comes about',
  options: [
    'text',
    'example',
    'q',
    'k',
    'v',
    'mask',
    'temperature',
    'no-scale',
    'transpose',
    'softmax',
    'layer',
    'head',
    'cell',
    'out',
    'json',
  ],
  optionHelp: {
    example: { value: 'NAME', help: `an example to follow by hand: ${attentionExamples.join(', ')}` },
    out: { value: 'FILE', help: 'weights of the layer and head chosen: .csv, .npy, or .svg as a picture' },
  },
  run: async (args, client) => {
    const choice = { layer: indexOf(args, 'layer'), head: headOf(args) };
    const cell = cellOf(args, choice.head);
    const out = args.text('out');
    if (out !== undefined && (args.flag('json') || cell !== null)) {
      throw usageError('--out writes weights, --json and --cell print: choose one.');
    }
    const format = out === undefined ? null : formatOf(out, ['csv', 'npy', 'svg']);
    const request = requestOf(args, client);
    if (out !== undefined && format !== null) {
      const target = client.grantWrite(out);
      const { layer, head } = choice;
      const output = { request, ...(layer === null ? {} : { layer }), head, format, target, replace: true };
      return outputText(await client.job('attention', output));
    }
    const located =
      cell === null ? request : { ...request, cell: await placeOf(client, request, choice, cell) };
    // The terminal shows one layer: of large models all would be too much.
    const asked = args.flag('json') ? located : { ...located, layer: choice.layer ?? ('last' as const) };
    const answer = await (await client.api.attention.$post({ json: asked })).json();
    return args.flag('json') ? json(answer) : text(answer, choice);
  },
};

interface Choice {
  layer: number | null;
  /** Null: the mean of all. */
  head: number | null;
}

function requestOf(args: Arguments, client: Client): AttentionRequest {
  const temperature = args.number('temperature');
  const mask = maskOf(args);
  if (temperature !== undefined && temperature <= 0) throw usageError('--temperature is above 0.');
  return {
    source: sourceOf(args, client),
    ...(mask === null ? {} : { mask }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(args.flag('no-scale') ? { scale: false } : {}),
    transpose: args.flag('transpose'),
    softmax: args.flag('softmax'),
  };
}

function sourceOf(args: Arguments, client: Client): AttentionSource {
  const tables = (['q', 'k', 'v'] as const).map((name) => args.text(name));
  const hasTables = tables.some((name) => name !== undefined);
  const sentence = args.text('text');
  const example = args.choice('example', attentionExamples);
  const file = args.optionalFile();
  const given = [file, sentence, example, hasTables ? '' : undefined].filter((one) => one !== undefined);
  if (given.length !== 1) throw usageError('Give one of FILE, --text, --example, and --q with --k and --v.');
  if (sentence !== undefined) return { kind: 'text', text: sentence };
  if (example !== undefined) return { kind: 'example', name: example };
  if (file !== undefined) return { kind: 'file', grantId: client.grantRead(file) };
  const files = { q: args.needed('q'), k: args.needed('k'), v: args.needed('v') };
  return {
    kind: 'tables',
    q: client.grantRead(files.q),
    k: client.grantRead(files.k),
    v: client.grantRead(files.v),
  };
}

function maskOf(args: Arguments): AttentionMask | null {
  const given = args.text('mask');
  if (given === undefined) return null;
  const padding = /^padding:(\d{1,9})$/i.exec(given);
  if (padding !== null) return { kind: 'padding', length: Number(padding[1]) };
  const kind = given.toLowerCase();
  if (kind === 'none' || kind === 'causal') return { kind };
  throw usageError(`--mask is none, causal or padding:N, not ${given}.`);
}

function indexOf(args: Arguments, name: 'layer' | 'head'): number | null {
  const given = args.text(name);
  if (given === undefined) return null;
  if (/^\d{1,6}$/.test(given)) return Number(given);
  throw usageError(`--${name} is a whole number from 0, not ${given}.`);
}

const headOf = (args: Arguments): number | null =>
  args.text('head')?.toLowerCase() === 'mean' ? null : indexOf(args, 'head');

function cellOf(args: Arguments, head: number | null): { query: number; key: number } | null {
  const given = args.text('cell');
  if (given === undefined) return null;
  const match = /^\s*(\d{1,6})\s*,\s*(\d{1,6})\s*$/.exec(given);
  if (match === null) throw usageError(`--cell takes QUERY,KEY, both from 0, not ${given}.`);
  if (head === null && args.text('head') !== undefined) {
    throw usageError('A mean of heads has no arithmetic of its own: give --head H.');
  }
  return { query: Number(match[1]), key: Number(match[2]) };
}

/** Layer and head of a cell; the only ones need not be given. */
async function placeOf(
  client: Client,
  request: AttentionRequest,
  { layer, head }: Choice,
  cell: { query: number; key: number },
): Promise<NonNullable<AttentionRequest['cell']>> {
  if (layer !== null && head !== null) return { layer, head, ...cell };
  const asked = { ...request, layer: layer ?? ('last' as const) };
  const { layers, firstLayer: at } = await (await client.api.attention.$post({ json: asked })).json();
  const heads = layers[0]?.heads.length ?? 1;
  if (head === null && heads > 1) throw usageError(`Layer ${at} has ${heads} heads: give --head H.`);
  return { layer: at, head: head ?? 0, ...cell };
}

function text(answer: AttentionAnswer, choice: Choice): string {
  const { tokens, layers, layerCount, firstLayer: at, notes, cell } = answer;
  const heads = layers[0]?.heads ?? [];
  if (cell !== undefined) return cellText(cell, tokens);
  const chosen = choice.head === null ? heads : heads.slice(choice.head, choice.head + 1);
  if (chosen.length === 0) {
    throw usageError(`There is no head ${choice.head ?? 0}: they go from 0 to ${heads.length - 1}.`);
  }
  const rows = tokens.map((token, i) => {
    const weights = tokens.map(
      (_, j) => chosen.reduce((sum, { A }) => sum + (A[i]?.[j] ?? 0), 0) / chosen.length,
    );
    const most = weights
      .map((weight, j) => ({ weight, j }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, 3)
      .filter(({ weight }) => weight > 0);
    const said = most.map(({ weight, j }) => `${tokens[j] ?? ''} ${weight.toFixed(4)}`).join(', ');
    return [token, said === '' ? 'nothing: the mask leaves no key' : said] as const;
  });
  const which =
    choice.head === null
      ? heads.length > 1
        ? `mean of ${heads.length} heads`
        : 'its one head'
      : `head ${choice.head}`;
  const title = `Layer ${at} of ${layerCount}, ${which}: each token and what it attends to most.`;
  const said = notes.map((note) => `${wrap(note)}\n`).join('');
  return `${title}\n${said}\n${twoColumns(rows, 2)}`;
}

const short = (value: number): string => String(Number(value.toPrecision(7)));

function cellText(cell: AttentionCell, tokens: readonly string[]): string {
  const { layer, head, query, key, terms, dot, scaled, isMasked, shift, exp, rowSum, weight } = cell;
  const shown = terms.slice(0, 8).map(short);
  const more = terms.length > shown.length ? ` + ... (${terms.length} products)` : '';
  const rows: [string, string][] = [
    ['q . k', `${shown.join(' + ')}${more} = ${short(dot)}`],
    ['scaled', isMasked ? 'the mask forbids this key' : short(scaled)],
    [
      'exp',
      `exp(${isMasked ? '-infinity' : short(scaled)}${shift === 0 ? '' : ` - ${short(shift)}`}) = ${short(exp)}`,
    ],
    ['row sum', short(rowSum)],
    ['weight', `${short(exp)} / ${short(rowSum)} = ${short(weight)}`],
  ];
  const title = `"${tokens[query] ?? ''}" (query ${query}) on "${tokens[key] ?? ''}" (key ${key}), layer ${layer}, head ${head}`;
  return `${title}\n\n${twoColumns(rows, 2)}`;
}
