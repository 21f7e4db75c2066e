import { readFileSync } from 'node:fs';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../io/byteSource.ts';
import { Evaluator } from './evaluate.ts';
import { examples } from './examples.ts';
import { loadNetwork } from './loadNetwork.ts';
import { maximise } from './maximise.ts';
import { outputSize, type Network } from './network.ts';
import { denseModel } from './denseModel.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));

function source(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => bytes.slice(offset, offset + length),
    readInto: async (offset, target) => target.set(bytes.subarray(offset, offset + target.length)),
  };
}

const load = (name: string, bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): Promise<Network> =>
  loadNetwork({
    main: source(name, bytes),
    beside: (other) => (beside[other] === undefined ? null : source(other, beside[other])),
  });

const loadText = (json: unknown, beside: Record<string, Uint8Array> = {}): Promise<Network> =>
  load('model.json', strToU8(typeof json === 'string' ? json : JSON.stringify(json)), beside);

const expected = JSON.parse(new TextDecoder().decode(fixture('expected.json'))) as Record<
  string,
  { inputs: Record<string, number[]>; output: number[] }
>;

function outputs(network: Network, inputs: Record<string, number[]>): number[] {
  const values = network.inputs.map(({ name }) => Float64Array.from(inputs[name] ?? []));
  return Array.from({ length: outputSize(network) }, (_, index) =>
    new Evaluator(network, { node: network.output, index }).value(values),
  );
}

const shards = (folder: string): Record<string, Uint8Array> =>
  Object.fromEntries(
    ['group1-shard1of2.bin', 'group1-shard2of2.bin'].map((name) => [name, fixture(`${folder}/${name}`)]),
  );

const refused = (code: string, message: string): unknown =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('models that Keras saved give its outputs', () => {
  test.each([
    ['tanh', 'tanh.keras'],
    ['tanh', 'tanh.h5'],
    ['relu', 'relu.keras'],
    ['relu', 'relu-tfjs/model.json'],
    ['sigmoid', 'sigmoid.keras'],
    ['sequential', 'sequential.keras'],
    ['sequential', 'sequential.h5'],
    ['sequential', 'sequential-tfjs/model.json'],
  ])('%s from %s', async (name, path) => {
    const beside = path.includes('/') ? shards(path.split('/')[0] ?? '') : {};
    const network = await load(path.split('/').at(-1) ?? '', fixture(path), beside);
    const { inputs, output } = expected[name] as (typeof expected)[string];
    expect(network.inputs.map((input) => input.name)).toEqual(Object.keys(inputs));
    const found = outputs(network, inputs);
    expect(found).toHaveLength(output.length);
    found.forEach((value, k) => expect(value).toBeCloseTo(output[k] ?? NaN, 12));
  });

  test('and are searched like any other', async () => {
    const network = await load('sigmoid.keras', fixture('sigmoid.keras'));
    const { best } = maximise(denseModel(network), { fix: { x: [0.1] } });
    expect(best.point).toHaveLength(3);
    expect(best.verdict).not.toBe('not-converged');
  });

  test('weights of older versions of Keras, whose groups carry no names', async () => {
    const parts = unzipSync(fixture('tanh.keras'));
    const { File, ready } = await import('h5wasm');
    const { FS } = await ready;
    FS.writeFile('named.h5', parts['model.weights.h5'] ?? new Uint8Array());
    const named = new File('named.h5', 'r');
    const old = new File('old.h5', 'w');
    old.create_group('layers');
    for (const group of ['dense', 'dense_1', 'dense_2']) {
      old.create_group(`layers/${group}`);
      old.create_group(`layers/${group}/vars`);
      for (const weights of ['0', '1']) {
        const { value, shape } = named.get(`layers/${group}/vars/${weights}`) as {
          value: Float32Array;
          shape: number[];
        };
        old.create_dataset({ name: `layers/${group}/vars/${weights}`, data: value, shape });
      }
    }
    named.close();
    old.close();
    const bytes = zipSync({
      'config.json': parts['config.json'] ?? new Uint8Array(),
      'model.weights.h5': FS.readFile('old.h5'),
    });
    const { inputs, output } = expected.tanh as (typeof expected)[string];
    expect(outputs(await load('old.keras', bytes), inputs)[0]).toBeCloseTo(output[0] ?? NaN, 12);
  });
});

test('our own JSON', async () => {
  const network = await loadText(examples.interior.model);
  expect(outputs(network, { x: [0.5], y: [0.5] })[0]).toBeCloseTo(2 * Math.tanh(1), 14);
});

describe('models that cannot be opened say why', () => {
  test('layers that are not evaluated, by class and name', async () => {
    await expect(load('unsupported.keras', fixture('unsupported.keras'))).rejects.toEqual(
      refused('unsupported-format', 'layer "normed" is of class BatchNormalization'),
    );
  });

  test('damaged and foreign files', async () => {
    const keras = fixture('tanh.keras');
    const h5 = fixture('tanh.h5');
    await expect(load('a.keras', keras.slice(0, 9000))).rejects.toEqual(refused('malformed-file', 'a.keras'));
    await expect(load('a.h5', h5.slice(0, 3000))).rejects.toEqual(refused('malformed-file', 'a.h5'));
    await expect(load('a.h5', new Uint8Array())).rejects.toEqual(refused('malformed-file', 'empty'));
    await expect(load('a.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47))).rejects.toEqual(
      refused('unsupported-format', 'a.png'),
    );
    const parts = unzipSync(keras);
    const without = zipSync({ 'config.json': parts['config.json'] ?? new Uint8Array() });
    await expect(load('a.keras', without)).rejects.toEqual(refused('malformed-file', 'model.weights.h5'));
    await expect(load('a.h5', parts['model.weights.h5'] ?? h5)).rejects.toEqual(
      refused('unsupported-format', 'model_config'),
    );
    await expect(loadText('{"inputs": [')).rejects.toEqual(refused('malformed-file', 'no valid JSON'));
  });

  test('TensorFlow.js weights that are missing, short, or elsewhere', async () => {
    const text = new TextDecoder().decode(fixture('relu-tfjs/model.json'));
    const own = shards('relu-tfjs');
    await expect(loadText(text)).rejects.toEqual(refused('not-found', 'group1-shard1of2.bin'));
    const short = {
      ...own,
      'group1-shard2of2.bin': (own['group1-shard2of2.bin'] ?? new Uint8Array()).slice(4),
    };
    await expect(loadText(text, short)).rejects.toEqual(refused('malformed-file', 'end at byte'));
    await expect(loadText(text.replace('group1-shard1of2.bin', '../secret.bin'), own)).rejects.toEqual(
      refused('malformed-file', 'are no .bin file beside it'),
    );
    await expect(loadText(text.replace('layers-model', 'graph-model'), own)).rejects.toEqual(
      refused('unsupported-format', 'graph model'),
    );
    await expect(loadText(text.replaceAll('"relu"', '"mish"'), own)).rejects.toEqual(
      refused('unsupported-format', '"mish"'),
    );
  });

  test.each<[string, (text: string) => string, string]>([
    [
      'a missing bias number',
      (text) => text.replace('"bias":[1,-1]', '"bias":[1]'),
      'its bias has 1 numbers for 2 units',
    ],
    [
      'a kernel of the wrong shape',
      (text) => text.replace('[[-1,-1],[1,1]]', '[[-1,-1]]'),
      '"edges": its kernel has 1 rows of 2',
    ],
    [
      'a layer that is not there',
      (text) => text.replace('"from":"edges"', '"from":"corners"'),
      'it takes "corners"',
    ],
    [
      'an unknown activation',
      (text) => text.replace('"tanh"', '"than"'),
      'layer "edges" has the activation "than"',
    ],
    ['a name twice', (text) => text.replace('"name":"edges"', '"name":"xy"'), 'two layers have this name'],
    ['an output that is not there', (text) => text.replace('"output":"f"', '"output":"g"'), '"g"'],
    [
      'a number that is none',
      (text) => text.replace('[[-1,-1],[1,1]]', '[[1e999,-1],[1,1]]'),
      'layers.1.kernel',
    ],
  ])('%s', async (_, change, message) => {
    const text = change(JSON.stringify(examples.interior.model));
    await expect(loadText(text)).rejects.toEqual(refused('malformed-file', message));
  });
});
