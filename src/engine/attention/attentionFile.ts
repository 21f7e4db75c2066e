import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import { parseNumber } from '../base/parseNumber.ts';
import { projectedSchema, vectorsSchema } from '../contract/attention.ts';
import { projectedInputs, tokensFor, vectorInputs, type HeadInputs } from './sources.ts';
import { readNpy, readNpz, readSafetensors, type Tensor } from './tensorFiles.ts';

/** What a file holds: inputs of attention, or weights that somebody else has computed. */
export type FileContent =
  { kind: 'inputs'; inputs: HeadInputs } | { kind: 'weights'; tensors: Tensor[]; tokens: string[] | null };

const mostBytes = 512 * 1024 * 1024;

/**
 * Reads JSON of inputs, JSON of BertViz, .npy, .npz or .safetensors; by what is in it, not by its name. Throws `malformed-file`, `unsupported-format`, `invalid-request`, `not-found`, each with the file's name.
 */
export async function readAttentionFile(path: string): Promise<FileContent> {
  const file = basename(path);
  const bytes = await readWhole(path);
  if (bytes[0] === 0x93) return { kind: 'weights', tensors: [readNpy(file, bytes)], tokens: null };
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    return { kind: 'weights', tensors: await readNpz(file, bytes), tokens: null };
  // A safetensors file begins with the length of its header, and that with a brace.
  if (bytes[8] === 0x7b && /\.safetensors$/i.test(file)) {
    return { kind: 'weights', tensors: readSafetensors(file, bytes), tokens: null };
  }
  if (/^\s*[[{]/.test(new TextDecoder().decode(bytes.subarray(0, 200)))) return fromJson(file, bytes);
  if (/\.safetensors$/i.test(file))
    return { kind: 'weights', tensors: readSafetensors(file, bytes), tokens: null };
  throw new CubelensError('unsupported-format', `${file} is neither JSON, .npy, .npz nor .safetensors.`, {
    file,
    remedy: 'Give matrices as JSON, three CSV files with --q, --k and --v, or weights as an array.',
  });
}

/** One matrix a file, in decimals between commas, semicolons, tabs or spaces. Throws by file, row and column (from 0). */
export async function readTable(path: string): Promise<number[][]> {
  const file = basename(path);
  const lines = (await readWhole(path))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) {
    throw new CubelensError('malformed-file', `${file} is empty.`, {
      file,
      remedy: 'Give one matrix, a row a line.',
    });
  }
  return lines.map((line, row) => {
    const cells = line.trim().split(/[,;\t]|\s+/);
    return cells.map((cell, column) => {
      const number = cell === '' ? null : parseNumber(cell);
      if (number !== null && Number.isFinite(number)) return number;
      throw new CubelensError(
        'malformed-file',
        `${file}: row ${row}, column ${column} is "${cell}", no finite number.`,
        {
          file,
          remedy: 'Give one matrix, a row a line, without titles.',
        },
      );
    });
  });
}

async function readWhole(path: string): Promise<Buffer> {
  const file = basename(path);
  try {
    if ((await stat(path)).size > mostBytes) {
      throw new CubelensError('resource-exhausted', `${file} has more than 512 MB.`, {
        file,
        remedy: 'Save the weights of fewer layers, or as float16.',
      });
    }
    return await readFile(path);
  } catch (thrown) {
    throw asCubelensError(thrown, file);
  }
}

const layersSchema = z.array(z.array(z.array(z.array(z.number()))));
/** The parameters of BertViz's head view, as its `html_action='return'` writes them. */
const bertVizSchema = z.object({
  attention: z
    .array(
      z.object({
        attn: layersSchema,
        left_text: z.array(z.string()),
        right_text: z.array(z.string()),
      }),
    )
    .min(1),
});

function fromJson(file: string, bytes: Uint8Array): FileContent {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (thrown) {
    throw new CubelensError('malformed-file', `${file} is no whole JSON: ${(thrown as Error).message}.`, {
      file,
    });
  }
  const given = json as Record<string, unknown>;
  if ('attention' in given) return fromBertViz(file, checked(file, bertVizSchema, json));
  if ('x' in given) return { kind: 'inputs', inputs: projectedInputs(checked(file, projectedSchema, json)) };
  if ('q' in given) return { kind: 'inputs', inputs: vectorInputs(checked(file, vectorsSchema, json)) };
  throw new CubelensError(
    'malformed-file',
    `${file} has neither x with wq, wk and wv, nor q, k and v, nor attention.`,
    {
      file,
      remedy: 'See the guide, Attention, for what a file may hold.',
    },
  );
}

function fromBertViz(file: string, { attention }: z.infer<typeof bertVizSchema>): FileContent {
  const [shown] = attention;
  const attn = shown?.attn ?? [];
  const { left_text: left = [], right_text: right = [] } = shown ?? {};
  if (left.length !== right.length) {
    throw new CubelensError(
      'invalid-request',
      `${file} is not square: ${left.length} tokens attend to ${right.length} others.`,
      { file, remedy: 'Give the part in which a sentence attends to itself.' },
    );
  }
  const tensors = attn.map((heads, layer) => {
    const size = left.length;
    heads.forEach((rows, head) => {
      const wrong = rows.length !== size ? -1 : rows.findIndex((row) => row.length !== size);
      if (rows.length === size && wrong < 0) return;
      throw new CubelensError(
        'malformed-file',
        `${file}: layer ${layer}, head ${head}${wrong < 0 ? '' : `, row ${wrong}`} does not fit ${size} tokens.`,
        { file },
      );
    });
    return {
      name: `layer ${layer}`,
      shape: [heads.length, size, size],
      values: Float64Array.from(heads.flat(2)),
    };
  });
  return { kind: 'weights', tensors, tokens: tokensFor(left, left.length) };
}

function checked<Schema extends z.ZodType>(file: string, schema: Schema, json: unknown): z.output<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  throw new CubelensError(
    'malformed-file',
    `${file}: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'not valid'}.`,
    {
      file,
      ...(field === '' ? {} : { field }),
      remedy: 'See the guide, Attention, for what a file may hold.',
    },
  );
}
