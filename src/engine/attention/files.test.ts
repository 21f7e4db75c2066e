import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import {
  attentionRequestSchema,
  type AttentionAnswer,
  type AttentionRequest,
} from '../contract/attention.ts';
import { npyHeader } from '../exports/npy.ts';
import { computeAttention } from './computeAttention.ts';

const folder = mkdtempSync(join(tmpdir(), 'cubelens-attention-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const weights = [
  [
    [0.25, 0.75],
    [0.5, 0.5],
  ],
  [
    [1, 0],
    [0.125, 0.875],
  ],
];

function read(
  name: string,
  content: Uint8Array | string,
  more: Partial<AttentionRequest> = {},
): Promise<AttentionAnswer> {
  writeFileSync(join(folder, name), content);
  const request = attentionRequestSchema.parse({ source: { kind: 'file', grantId: 'g' }, ...more });
  return computeAttention({ request, paths: { g: join(folder, name) } });
}
const heads = ({ layers }: AttentionAnswer): number[][][][] =>
  layers.map((layer) => layer.heads.map(({ A }) => A));

const joined = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);
const bytesOf = (values: number[], type: 'float16' | 'float32' | 'float64' = 'float64'): Uint8Array => {
  const array = { float16: Float16Array, float32: Float32Array, float64: Float64Array }[type].from(values);
  return new Uint8Array(array.buffer);
};
const npy = (
  values: number[],
  shape: number[],
  type: 'float16' | 'float32' | 'float64' = 'float64',
): Uint8Array => joined(npyHeader(type, shape), bytesOf(values, type));
function safetensors(header: unknown, data: Uint8Array): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return joined(length, text, data);
}
const flat = weights.flat(2);

describe('weights from files', () => {
  it.each(['float16', 'float32', 'float64'] as const)('.npy of %s, heads x N x N', async (type) => {
    const answer = await read('a.npy', npy(flat, [2, 2, 2], type));
    expect(heads(answer)).toEqual([weights]);
    expect([answer.tokens, answer.layers[0]?.heads[0]?.Z]).toEqual([['0', '1'], null]);
  });

  it('.npy in Fortran order, with a batch of one, as layers x heads', async () => {
    const text = Buffer.from(npyHeader('float64', [2, 2]))
      .toString('latin1')
      .replace('False', 'True ');
    const fortran = joined(Buffer.from(text, 'latin1'), bytesOf([0.25, 0.5, 0.75, 0.5]));
    expect(heads(await read('f.npy', fortran))).toEqual([[weights[0]]]);
    expect(heads(await read('l.npy', npy(flat, [2, 1, 2, 2])))).toEqual([[weights[0]], [weights[1]]]);
  });

  it('.npz: layers in the order of their numbers', async () => {
    const first = npy((weights[0] ?? []).flat(), [1, 2, 2]);
    const second = npy((weights[1] ?? []).flat(), [1, 2, 2]);
    const zip = zipSync({ 'layer_10.npy': second, 'layer_9.npy': first, 'notes.txt': Buffer.from('x') });
    expect(heads(await read('a.npz', zip))).toEqual([[weights[0]], [weights[1]]]);
  });

  it('.safetensors, in float32 and bfloat16', async () => {
    const data = bytesOf(flat, 'float32');
    const header = {
      __metadata__: { x: 'y' },
      attn: { dtype: 'F32', shape: [2, 2, 2], data_offsets: [0, 32] },
    };
    expect(heads(await read('a.safetensors', safetensors(header, data)))).toEqual([weights]);
    const halves = new Uint8Array(flat.length * 2);
    flat.forEach((_, i) => halves.set(data.subarray(4 * i + 2, 4 * i + 4), 2 * i));
    const short = { attn: { dtype: 'BF16', shape: [2, 2, 2], data_offsets: [0, 16] } };
    expect(heads(await read('b.safetensors', safetensors(short, halves)))).toEqual([weights]);
  });

  it('scores with -Infinity where a mask forbids become weights of 0', async () => {
    const scores = npy([0, -Infinity, 1, 1], [2, 2]);
    expect(heads(await read('masked.npy', scores, { softmax: true }))).toEqual([
      [
        [
          [1, 0],
          [0.5, 0.5],
        ],
      ],
    ]);
    await expect(read('masked.npy', scores)).rejects.toThrow('row 0, column 1 is -Infinity');
  });

  it('JSON of BertViz with its tokens', async () => {
    const json = {
      attention: [{ name: null, attn: [weights], left_text: ['a', 'b'], right_text: ['a', 'b'] }],
    };
    const answer = await read('bertviz.json', JSON.stringify(json));
    expect([answer.tokens, heads(answer)]).toEqual([['a', 'b'], [weights]]);
  });

  it('scores and exchanged axes are offered, not guessed', async () => {
    const turned = npy([0.25, 0.5, 0.75, 0.5], [2, 2]);
    await expect(read('t.npy', turned)).rejects.toThrow(
      expect.objectContaining({
        message: 'layer 0, head 0: row 0 sums to 0.7500, not to 1.',
        place: expect.objectContaining({ remedy: 'Its columns do: use transpose.' }) as unknown,
      }),
    );
    expect(heads(await read('t.npy', turned, { transpose: true }))).toEqual([[weights[0]]]);
    const scores = npy([0, Math.log(3), -5, -5], [2, 2]);
    await expect(read('s.npy', scores)).rejects.toThrow(
      expect.objectContaining({
        place: expect.objectContaining({ remedy: expect.stringContaining('softmax') as unknown }) as unknown,
      }),
    );
    const [head] = heads(await read('s.npy', scores, { softmax: true }))[0] ?? [];
    expect(head?.[0]?.[1]).toBeCloseTo(0.75, 14);
  });
});

describe('matrices from files', () => {
  it('JSON of queries, keys and values, and of projections', async () => {
    const q = [[1, 0]];
    expect(
      (await read('q.json', JSON.stringify({ tokens: ['x'], q, k: q, v: [[7]] }))).layers[0]?.heads[0],
    ).toMatchObject({
      A: [[1]],
      Z: [[7]],
    });
    const projected = { x: [[1]], wq: [[1, 2]], wk: [[1, 2]], wv: [[3, 4]], wo: [[1], [1]], heads: 2 };
    const answer = await read('x.json', JSON.stringify(projected), { tensors: true });
    expect(answer.layers[0]?.tensors?.output).toEqual([[7]]);
  });

  it('CSV, one matrix a file', async () => {
    const paths = Object.fromEntries(
      Object.entries({ q: '1,0\n0,1\n', k: '1;0\r\n0;1\r\n', v: '1 2\n3 4' }).map(([name, text]) => {
        writeFileSync(join(folder, `${name}.csv`), text);
        return [name, join(folder, `${name}.csv`)];
      }),
    );
    const request = attentionRequestSchema.parse({ source: { kind: 'tables', q: 'q', k: 'k', v: 'v' } });
    expect((await computeAttention({ request, paths })).layers[0]?.heads[0]?.A[0]?.[0]).toBeCloseTo(
      1 / (1 + Math.exp(-Math.SQRT1_2)),
      12,
    );
    writeFileSync(join(folder, 'v.csv'), '1,2\n3,x');
    await expect(computeAttention({ request, paths })).rejects.toThrow(
      'v.csv: row 1, column 1 is "x", no finite number.',
    );
  });
});

describe('files that lie', () => {
  const tensor = (entry: unknown): Uint8Array => safetensors({ attn: entry }, new Uint8Array(32));
  it.each([
    ['cut.npy', npy(flat, [2, 2, 2]).subarray(0, 150), /bytes are announced/],
    [
      'object.npy',
      Buffer.from(npyHeader('float64', [1]))
        .toString('latin1')
        .replace('<f8', '|O '),
      /Python objects|type/,
    ],
    ['whole.npy', npy([1, 2, 3], [3]), /has the shape \[3\]/],
    ['rect.npy', npy([1, 0, 0, 1, 0, 0], [2, 3]), /not square: its last two axes are 2 and 3/],
    ['nan.npy', npy([0.5, 0.5, NaN, 1], [2, 2]), /layer 0, head 0: row 1, column 0 is NaN/],
    ['minus.npy', npy([1.5, -0.5, 0, 1], [2, 2]), /row 0, column 1 is -0.5/],
    ['zero.npy', npy([0, 0, 0, 0], [2, 2]), /row 0 sums to 0.000/],
    ['bad.npz', Buffer.from('PK nothing'), /no whole zip/],
    ['short.safetensors', Buffer.from('abc'), /ends within its header|neither/],
    [
      'long.safetensors',
      tensor({ dtype: 'F32', shape: [2, 2], data_offsets: [0, 64] }),
      /said to lie at bytes 0 to 64/,
    ],
    [
      'less.safetensors',
      tensor({ dtype: 'F32', shape: [4, 4], data_offsets: [0, 32] }),
      /64 bytes are announced, 32/,
    ],
    [
      'type.safetensors',
      tensor({ dtype: 'I64', shape: [2, 2], data_offsets: [0, 32] }),
      /numbers of type I64/,
    ],
    [
      'overlap.safetensors',
      safetensors(
        {
          a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
          b: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
        },
        new Uint8Array(32),
      ),
      /begins at byte 0, but the one before it ends at 16/,
    ],
    ['more.npy', joined(npy([1, 0, 0, 1], [2, 2]), new Uint8Array(4)), /32 bytes are announced, 36/],
    ['heads.npy', npy([], [0, 3, 3]), /has the shape \[0, 3, 3\]/],
    ['q.json', '{"q": [[1, null]], "k": [[1, 2]], "v": [[1]]}', /q\.0\.1: is no number/],
    ['none.safetensors', tensor({ dtype: 'F32' }), /no type, shape or place/],
    ['some.json', '{"y": 1}', /neither x with wq/],
    ['half.json', '{"q": [', /no whole JSON/],
    ['words.json', '{"q": [["a"]], "k": [[1]], "v": [[1]]}', /q/],
    [
      'cross.json',
      JSON.stringify({ attention: [{ attn: [[[[1]]]], left_text: ['a'], right_text: ['b', 'c'] }] }),
      /1 tokens attend to 2 others/,
    ],
    ['text.txt', 'hello', /neither JSON, .npy/],
  ] as [string, Uint8Array | string, RegExp][])('%s', async (name, content, message) => {
    const bytes =
      typeof content === 'string' && name.endsWith('.npy') ? Buffer.from(content, 'latin1') : content;
    await expect(read(name, bytes)).rejects.toThrow(message);
  });

  it('a mask on weights is refused', async () => {
    await expect(read('a.npy', npy(flat, [2, 2, 2]), { mask: { kind: 'causal' } })).rejects.toThrow(
      'take no mask',
    );
  });
});
