import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openTensorFlowModel } from './openModel.ts';
import { backendsHere, files, use } from './testModels.ts';

const backends = await backendsHere();
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const expected = JSON.parse(new TextDecoder().decode(fixture('expected.json'))) as Record<
  string,
  { inputs: Record<string, number[]>; output: number; value: number; gradient: number[] }
>;

describe.each(backends)('models that Keras 3 saved on $backend', (loaded) => {
  const { tf } = loaded;

  it.each([
    'conv.keras',
    'gated.keras',
    'lstm.keras',
    'bidirectional.keras',
    'bidirectional.h5',
    'hardSigmoid.keras',
    'slope.keras',
  ])('%s: value and gradient as by its own tape', async (file) => {
    await use(loaded);
    const before = tf.memory().numTensors;
    const { inputs, output, value, gradient } = expected[
      file.replace(/\..*/, '')
    ] as (typeof expected)[string];
    const model = await openTensorFlowModel(loaded, files(file, fixture(file)));
    const values = Object.values(inputs).map((each) => Float64Array.from(each));
    const free = values.length - 1;
    const point = values[free] as Float64Array;
    const range = [...point].map((): [number, number] => [-1, 1]);
    const found = model.objective({ output, free, fixed: values, range }).slope(point);
    expect(found.value).toBeCloseTo(value, 5);
    gradient.forEach((slope, i) => expect(found.gradient[i]).toBeCloseTo(slope, 5));
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['threshold.keras', '(ReLU) has negative_slope = 0.2'],
    ['resetAfter.keras', '(GRU) has reset_after = true'],
  ])('%s is refused by name', async (file, message) => {
    await use(loaded);
    await expect(openTensorFlowModel(loaded, files(file, fixture(file)))).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringContaining(message) as unknown,
    });
  });
});
