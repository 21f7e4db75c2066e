import { strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { MaximiseAnswer } from '../../../contract/maximise.ts';
import { denseModel } from '../denseModel.ts';
import { examples } from '../examples.ts';
import { networkOfModel } from '../jsonModel.ts';
import { maximise } from '../maximise.ts';
import type { ModelFiles } from '../modelFile.ts';
import type { MaximiseSettings } from '../settings.ts';
import { openTensorFlowModel } from './openModel.ts';
import { backendsHere, use, files, graph, modelJson, type TestNode } from './testModels.ts';

const backends = await backendsHere();

/** Two inputs, f = tanh(0.5 x + 2 y). */
const saturating = graph(['x', 'y'], { a: 0.5, b: 2 }, [
  ['ax', 'Mul', 'x', 'a'],
  ['by', 'Mul', 'y', 'b'],
  ['z', 'AddV2', 'ax', 'by'],
  ['f', 'Tanh', 'z'],
]);
const interior = graph(['x', 'y'], { one: 1 }, [
  ['d', 'Sub', 'y', 'x'],
  ['up', 'AddV2', 'd', 'one'],
  ['down', 'Sub', 'd', 'one'],
  ['left', 'Tanh', 'up'],
  ['right', 'Tanh', 'down'],
  ['f', 'Sub', 'left', 'right'],
]);
const sum: TestNode = ['z', 'AddV2', 'x', 'y'];
const asymptote = graph(['x', 'y'], {}, [sum, ['f', 'Tanh', 'z']]);
const product = graph(['x', 'y'], {}, [['f', 'Mul', 'x', 'y']]);
const kink = graph(['x', 'y'], {}, [
  ['d', 'Sub', 'y', 'x'],
  ['e', 'Sub', 'x', 'y'],
  ['right', 'Relu', 'd'],
  ['left', 'Relu', 'e'],
  ['both', 'AddV2', 'left', 'right'],
  ['f', 'Neg', 'both'],
]);
const peaks = graph(['y'], { two: 2, three: 3, high: 1.5 }, [
  ['a', 'AddV2', 'y', 'two'],
  ['b', 'Sub', 'y', 'three'],
  ['aa', 'Square', 'a'],
  ['bb', 'Square', 'b'],
  ['na', 'Neg', 'aa'],
  ['nb', 'Neg', 'bb'],
  ['ea', 'Exp', 'na'],
  ['eb', 'Exp', 'nb'],
  ['hb', 'Mul', 'eb', 'high'],
  ['f', 'AddV2', 'ea', 'hb'],
]);

/** The same graph with other nodes. */
async function edited(
  { main, beside }: ModelFiles,
  change: (node: { name: string; op: string; attr: object }) => object,
): Promise<ModelFiles> {
  const text = new TextDecoder().decode(await main.read(0, main.size));
  const json = JSON.parse(text) as { modelTopology: { node: never[] } };
  json.modelTopology.node = json.modelTopology.node.map(change) as never[];
  return { main: files('model.json', strToU8(JSON.stringify(json))).main, beside };
}

describe.each(backends)('graph models on $backend', (loaded) => {
  const { tf } = loaded;

  /** The answer about a model, which leaves no tensors behind. */
  async function answer(
    model: ModelFiles,
    settings: MaximiseSettings,
    signal?: { aborted: boolean },
  ): Promise<MaximiseAnswer> {
    await use(loaded);
    const before = tf.memory().numTensors;
    try {
      const opened = await openTensorFlowModel(loaded, model);
      try {
        return maximise(opened, settings, { signal });
      } finally {
        opened.dispose();
      }
    } finally {
      expect(tf.memory().numTensors).toBe(before);
    }
  }

  it('value and slope of tanh(x / 2 + 2 y) at (0.4, 0.1)', async () => {
    await use(loaded);
    const model = await openTensorFlowModel(loaded, saturating);
    const fixed = [Float64Array.of(0.4), new Float64Array()];
    const asked = { output: 0, free: 1, fixed, range: [[-1, 1]] as [number, number][] };
    const point = Float64Array.of(0.1);
    const { value, gradient, hessian, cross } = model.objective(asked).bend(point);
    expect(value).toBeCloseTo(0.379949, 6);
    expect(gradient[0]).toBeCloseTo(1.711278, 5);
    // f'' = -2 f (1 - f^2) times 4 and times 1.
    expect(hessian.get(0, 0)).toBeCloseTo(-8 * 0.379949 * (1 - 0.379949 ** 2), 2);
    expect(cross.get(0, 0)).toBeCloseTo(-2 * 0.379949 * (1 - 0.379949 ** 2), 2);
    // What is climbed is the argument of tanh.
    expect(model.climbed(asked).slope(point)).toEqual({
      value: expect.closeTo(0.4, 6),
      gradient: Float64Array.of(2),
    });
    expect(model.inputs).toEqual([
      { name: 'x', size: 1 },
      { name: 'y', size: 1 },
    ]);
    model.dispose();
  });

  it('the verdicts and values of dense networks, within float32', async () => {
    const cases = [
      ['interior', interior],
      ['asymptote', asymptote],
      ['bound', product],
      ['kink', kink],
      ['two-peaks', peaks],
    ] as const;
    for (const [name, model] of cases) {
      const { model: dense, fix, range } = examples[name];
      const settings = { fix, range, starts: 16 };
      const expected = maximise(denseModel(networkOfModel(dense)), settings).best;
      const { best, arithmetic } = await answer(model, settings);
      expect([name, best.verdict]).toEqual([name, expected.verdict]);
      expect(best.point[0]).toBeCloseTo(expected.point[0] ?? NaN, 4);
      expect(best.value).toBeCloseTo(expected.value, 5);
      if (name === 'interior') {
        expect(best.curvature[0]).toBeCloseTo(expected.curvature[0] ?? NaN, 3);
        expect(best.sensitivity?.[0]?.[0]).toBeCloseTo(1, 3);
      }
      expect(arithmetic.precision).toBe('float32');
      expect(arithmetic.by).toMatch(new RegExp(`^TensorFlow ${loaded.backend} \\d`));
    }
  });

  it.each([
    [2, 0.0706508, 0.5187],
    [5, 1.81583e-4, 0.50005],
  ])('asymptote: at y = %d the Newton step does not die away', async (high, gradient, newton) => {
    const { best } = await answer(asymptote, { fix: { x: [0] }, range: [-10, high], starts: 4 });
    expect(best.verdict).toBe('asymptote');
    expect((best.gradient[0] ?? 0) / gradient).toBeCloseTo(1, 2);
    expect(best.newtonStep).toBeCloseTo(newton, 2);
  });

  it('two peaks are both found and ranked; at x = 0 the product is flat', async () => {
    const { ends } = await answer(peaks, { range: [-10, 10], starts: 16 });
    expect(ends.slice(0, 2).map(({ verdict }) => verdict)).toEqual(['interior-maximum', 'interior-maximum']);
    expect(ends[0]?.point[0]).toBeCloseTo(3, 4);
    expect(ends[1]?.point[0]).toBeCloseTo(-2, 4);
    const flat = await answer(product, { fix: { x: [0] }, starts: 4 });
    expect(flat.best).toMatchObject({ verdict: 'plateau', value: 0 });
    expect(flat.best.rise).toMatchObject({ fromValue: 0, lastSlope: null });
  });

  it('a slope that is exactly zero is a plateau, with the rise that led there', async () => {
    // Nothing to climb before this tanh: half of it is added to nothing.
    const half = graph(['x', 'y'], { half: 0.5 }, [sum, ['t', 'Tanh', 'z'], ['f', 'Mul', 't', 'half']]);
    const { best } = await answer(half, { fix: { x: [0] }, range: [-20, 20], starts: 8 });
    expect(best).toMatchObject({ verdict: 'plateau', value: 0.5, gradient: [0] });
    const { rise } = best;
    expect(rise?.fromValue).toBeLessThan(0.5);
    expect(rise?.lastSlope?.steepness).toBeGreaterThan(0);
    expect(rise?.lastSlope?.value).toBeLessThanOrEqual(0.5);
  });

  it('does not move the fixed inputs, and ends when it is cancelled', async () => {
    await use(loaded);
    const model = await openTensorFlowModel(loaded, interior);
    const x = Float64Array.of(0.1 + 0.2);
    const objective = model.objective({
      output: 0,
      free: 1,
      fixed: [x, new Float64Array()],
      range: [[-1, 1]],
    });
    objective.bend(Float64Array.of(0.7));
    objective.along(Float64Array.of(0.7), Float64Array.of(1));
    expect(objective.fixedNow()).toEqual([Float64Array.of(0.1 + 0.2)]);
    model.dispose();
    const cancelled = answer(interior, { fix: { x: [0] } }, { aborted: true });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is cancelled while it judges, too', async () => {
    await use(loaded);
    const wide = graph(
      ['y'],
      {},
      [
        ['s', 'Square', 'y'],
        ['f', 'Neg', 's'],
      ],
      [-1, 300],
    );
    const model = await openTensorFlowModel(loaded, wide);
    const signal = { aborted: false };
    const progress = (_done: number, isJudging = false): void => {
      signal.aborted = isJudging;
    };
    expect(() => maximise(model, { starts: 1 }, { signal, progress })).toThrow(
      expect.objectContaining({ code: 'cancelled' }) as Error,
    );
    model.dispose();
  });

  it('graphs without an axis of points, and several outputs of two axes', async () => {
    const single = graph(
      ['y'],
      { one: 1 },
      [
        ['d', 'Sub', 'y', 'one'],
        ['s', 'Square', 'd'],
        ['f', 'Neg', 's'],
      ],
      [],
    );
    const { best } = await answer(single, { starts: 4 });
    expect(best.verdict).toBe('interior-maximum');
    expect(best.point[0]).toBeCloseTo(1, 4);
    const flat = graph(
      ['y'],
      { one: 1 },
      [
        ['d', 'Sub', 'y', 'one'],
        ['s', 'Square', 'd'],
        ['f', 'Neg', 's'],
      ],
      [-1, 2, 2],
    );
    const found = await answer(flat, { output: 3, starts: 4 });
    expect(found.best.point).toHaveLength(4);
    expect(found.best.point[3]).toBeCloseTo(1, 4);
  });

  it('names operations without a gradient, unknown ones and those of control flow', async () => {
    const through = (op: string, ...more: string[]): ModelFiles =>
      graph(['x', 'y'], {}, [sum, ['f', op, 'z', ...more]]);
    const refusal = (message: string): unknown =>
      expect.objectContaining({ code: 'unsupported-format', message: expect.stringContaining(message) });
    const fix = { x: [0] };
    await expect(answer(through('Round'), { fix })).rejects.toEqual(
      refusal('model.json: operation "Round" (node "f") has no gradient'),
    );
    const compared = graph(['x', 'y'], {}, [
      ['g', 'Greater', 'x', 'y'],
      ['f', 'Select', 'g', 'x', 'y'],
    ]);
    await expect(answer(compared, { fix })).rejects.toEqual(
      refusal('operation "Greater" (node "g") has no gradient'),
    );
    await expect(answer(through('Frobnicate'), { fix })).rejects.toEqual(
      refusal('operation "Frobnicate" (node "f") is not known to TensorFlow.js'),
    );
    await expect(answer(through('Where'), { fix })).rejects.toEqual(
      refusal('operation "Where" (node "f") only runs asynchronously'),
    );
    for (const op of ['Bogus/Op', "It's", 'constructor']) {
      await expect(answer(through(op), { fix })).rejects.toEqual(
        refusal(`operation "${op}" (node "f") is not known to TensorFlow.js`),
      );
    }
    const drawn = graph(['x', 'y'], {}, [sum, ['r', 'RandomUniform', 'z'], ['f', 'Mul', 'z', 'r']]);
    await expect(answer(drawn, { fix })).rejects.toEqual(
      refusal('operation "RandomUniform" (node "r") draws random numbers'),
    );
    const whole = await edited(
      graph(['y'], {}, [
        ['c', 'Cast', 'y'],
        ['f', 'Tanh', 'c'],
      ]),
      (node) => (node.op === 'Cast' ? { ...node, attr: { DstT: { type: 'DT_INT32' } } } : node),
    );
    await expect(answer(whole, {})).rejects.toEqual(refusal('operation "Cast" (node "c") has no gradient'));
    const only = graph(['y'], { c: 2 }, [['f', 'Neg', 'c']]);
    await expect(answer(only, {})).rejects.toMatchObject({
      place: { remedy: 'Save the model with an output that depends on its input.' },
    });
    const constant = graph(['x', 'y'], { c: 2 }, [['f', 'Mul', 'x', 'c']]);
    await expect(answer(constant, { fix })).rejects.toEqual(refusal('does not depend on the free input'));
    const open = graph(['y'], {}, [['f', 'Neg', 'y']], [-1, -1]);
    await expect(answer(open, {})).rejects.toEqual(refusal('axis 1 of input "y" has no fixed length'));
  });

  it.each(['DT_HALF', 'DT_DOUBLE', 'DT_BFLOAT16'])('casts to %s stay fractions', async (type) => {
    const cast = await edited(
      graph(['y'], {}, [
        ['c', 'Cast', 'y'],
        ['f', 'Tanh', 'c'],
      ]),
      (node) => (node.op === 'Cast' ? { ...node, attr: { DstT: { type } } } : node),
    );
    expect((await answer(cast, { range: [-2, 2], starts: 2 })).best.value).toBeCloseTo(Math.tanh(2), 5);
  });

  it('whole numbers stay whole: no derivative by them, no fractions for them', async () => {
    const whole = await edited(
      graph(['x', 'y'], {}, [
        ['c', 'Cast', 'x'],
        ['d', 'Sub', 'y', 'c'],
        ['s', 'Square', 'd'],
        ['f', 'Neg', 's'],
      ]),
      (node) => {
        if (node.op === 'Cast') return { ...node, attr: { DstT: { type: 'DT_FLOAT' } } };
        return node.name === 'x' ? { ...node, attr: { ...node.attr, dtype: { type: 'DT_INT32' } } } : node;
      },
    );
    const { best } = await answer(whole, { fix: { x: [2] }, starts: 4 });
    expect(best).toMatchObject({ verdict: 'interior-maximum', sensitivity: [[null]] });
    const fraction = answer(whole, { fix: { x: [2.5] }, starts: 4 });
    await expect(fraction).rejects.toMatchObject({ code: 'invalid-request', place: { field: 'fix.x' } });
  });

  it('the softmax of one number is flat', async () => {
    const { best } = await answer(graph(['y'], {}, [['f', 'Softmax', 'y']]), { starts: 2 });
    expect(best).toMatchObject({ verdict: 'plateau', value: 1 });
  });

  it('a logarithm rises without end: its slope dies away, its gains do not', async () => {
    const { best } = await answer(graph(['y'], {}, [['f', 'Log', 'y']]), { range: [0.5, 10], starts: 2 });
    expect(best).toMatchObject({ verdict: 'at-bound' });
    const below = await answer(graph(['y'], {}, [['f', 'Log', 'y']]), { range: [-10, 10], starts: 4 });
    expect(below.notFinite).toBe(4 - below.starts.length);
  });

  it('ranges beyond float32 are refused', async () => {
    for (const range of [
      [-1e50, 1e50],
      [0.3, 0.3000000001],
    ] as [number, number][]) {
      const asked = answer(interior, { fix: { x: [0] }, range });
      await expect(asked).rejects.toMatchObject({ code: 'invalid-request', place: { field: 'range.y' } });
    }
  });

  it('damaged files say what is wrong with them', async () => {
    const damaged = (message: string): unknown =>
      expect.objectContaining({ code: 'malformed-file', message: expect.stringContaining(message) });
    const format = 'graph-model';
    const y = {
      name: 'y',
      op: 'Placeholder',
      attr: { shape: { shape: { dim: [{ size: '-1' }, { size: '1' }] } } },
    };
    const withNodes = (...node: object[]): ModelFiles => modelJson({ format, modelTopology: { node } }, []);
    const odd = { name: 'y', op: 'Placeholder', attr: { shape: { shape: { dim: true } } } };
    const cases: [ModelFiles, string][] = [
      [
        modelJson(
          {
            format,
            modelTopology: {
              node: [odd, { name: 'c', op: 'Const' }, { name: 'f', op: 'Mul', input: ['y', 'c'] }],
            },
          },
          [{ name: 'c', shape: [1], values: [1] }],
        ),
        'TensorFlow cannot evaluate it',
      ],
      [files('model.json', strToU8('{"modelTopology":')), 'no valid JSON'],
      [modelJson({ format, modelTopology: { node: 3 } }, []), 'modelTopology.node'],
      [withNodes(y, { name: 'f', op: 'Neg', input: ['nothing'] }), 'takes "nothing"'],
      [
        withNodes(
          y,
          { name: 'f', op: 'AddV2', input: ['y', 'g'] },
          { name: 'g', op: 'Neg', input: ['f'] },
          { name: 'h', op: 'Neg', input: ['g'] },
        ),
        'takes its own output',
      ],
      [
        withNodes(y, { name: 'c', op: 'Const' }, { name: 'f', op: 'Mul', input: ['y', 'c'] }),
        'the constant "c"',
      ],
      [withNodes({ name: 'f', op: 'NoOp' }), 'no input'],
      [withNodes(y, y), 'two nodes are called "y"'],
      [
        withNodes(y, { name: 'f', op: 'Mul', input: ['y'] }),
        'operation "Mul" (node "f") takes 1 of at least 2 inputs',
      ],
      [withNodes(y, { name: 'f', op: 'Neg', input: ['y:3'] }), 'node "f" takes result 3 of node "y"'],
      [withNodes(y, { name: '__proto__', op: 'Neg', input: ['y'] }), 'a node is called "__proto__"'],
      [
        modelJson({ format, modelTopology: { node: [y, { name: 'f', op: 'Neg', input: ['y'] }] } }, [
          { name: 'extra', shape: [1], values: [1] },
        ]),
        'hold "extra"',
      ],
    ];
    for (const [model, message] of cases) await expect(answer(model, {})).rejects.toEqual(damaged(message));
    const { main } = saturating;
    await expect(answer({ main, beside: () => null }, {})).rejects.toMatchObject({ code: 'not-found' });
    const short = files('weights.bin', new Uint8Array(4)).main;
    await expect(answer({ main, beside: () => short }, {})).rejects.toEqual(
      damaged('weights.bin have 4 bytes'),
    );
    const long = files('weights.bin', new Uint8Array(40)).main;
    await expect(answer({ main, beside: () => long }, {})).rejects.toEqual(
      damaged('where the weights take 8'),
    );
  });
});
