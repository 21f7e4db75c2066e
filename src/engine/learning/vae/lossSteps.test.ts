import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import type { Graph } from '../../tensorflow/graph.ts';
import { runsGraphs } from '../../tensorflow/graphSession.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { initialParameters, vaeConfig, vaeNetwork } from './layers.ts';
import { openLossSteps, productSteps } from './lossSteps.ts';
import { plainMultiply } from './multiply.ts';
import { lossOf, noiseVarianceOf } from './objective.ts';
import { factorsOf, standardisationOf, standardised } from './standardise.ts';
import { stepGraph, stepInputs, stepOutputs } from './stepGraph.ts';
import { available } from './testData.ts';

const networks = [
  { kind: 'dense', encoder: [6, 5], decoder: [7], kernel: 3 },
  { kind: 'dense', encoder: [], decoder: [], kernel: 3 },
  { kind: 'conv', encoder: [3, 4], decoder: [4, 3], kernel: 3 },
  { kind: 'conv', encoder: [2], decoder: [5], kernel: 5 },
  // Wider than what it slides over in the end.
  { kind: 'conv', encoder: [2, 3, 2], decoder: [2, 3, 2], kernel: 9 },
] as const;

/** A table of counts, seven of its rows as the batch, and parameters whose log variances are partly beyond their limits. */
function problem({ kind, encoder, decoder, kernel }: (typeof networks)[number], shift: number) {
  const config = vaeConfig({ latent: 2, kind, encoder: [...encoder], decoder: [...decoder], kernel });
  const columns = 11;
  const network = vaeNetwork(config, columns);
  const random = seededRandom(4);
  const numbers = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const parameters = initialParameters(network, random, 0.7).map((value) => value + 0.1 * random.normal());
  const posterior = network.encoder.at(-1);
  // The first log variance's bias.
  if (posterior !== undefined) parameters[posterior.bias + 2] = shift;
  const table = {
    rows: 20,
    columns,
    values: numbers(20 * columns).map((v, k) => 1000 + 5 * (k % columns) * v),
  };
  const standardisation = standardisationOf(table);
  const order = Int32Array.of(3, 19, 0, 7, 7, 12, 1);
  return { network, parameters, table, standardisation, order, eps: numbers(order.length * 2), beta: 0.8 };
}

type Problem = ReturnType<typeof problem>;

/** By plain arithmetic. */
function expectedOf({ network, parameters, table, standardisation, order, eps, beta }: Problem) {
  const gradient = new Float32Array(parameters.length);
  const x = standardised(table.values, standardisation, order.length, 0, order);
  const loss = lossOf(plainMultiply, network, parameters, x, eps, order.length, beta, gradient);
  return { ...loss, gradient };
}

function expectAlike(found: Float32Array, expected: Float32Array): void {
  const size = Math.max(...expected.map(Math.abs));
  expect(found).toHaveLength(expected.length);
  for (const [k, value] of expected.entries()) {
    expect(Math.abs(value - (found[k] as number)) / size).toBeLessThan(1e-5);
  }
}

const expectNear = (found: number, expected: number): void => {
  expect(Math.abs(found - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(2e-6);
};

/** The graph as a graph model of TensorFlow.js. */
async function graphModel(tf: TensorFlow, { nodes, constants }: Graph) {
  const arrays = constants.map(({ type, values }) =>
    type === 'DT_FLOAT' ? Float32Array.from(values) : Int32Array.from(values),
  );
  const weightData = new Uint8Array(arrays.flatMap((array) => [...new Uint8Array(array.buffer)])).buffer;
  const constantNodes = constants.map(({ name, type }) => ({
    name,
    op: 'Const',
    input: [],
    attr: { dtype: { type } },
  }));
  return tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology: { node: [...constantNodes, ...nodes], versions: { producer: 1766 } },
      weightSpecs: constants.map(({ name, type, shape }) => ({
        name,
        shape: [...shape],
        dtype: type === 'DT_FLOAT' ? 'float32' : 'int32',
      })),
      weightData,
    }),
  );
}

describe("a step's graph", async () => {
  const [cpu] = await available(['cpu']);

  it.each(networks.flatMap((network) => [0, 30, -30].map((shift) => ({ ...network, shift }))))(
    'gives the loss and derivatives of $kind $encoder, log variance shifted by $shift',
    async ({ shift, ...network }) => {
      const tf = await cpu!.load();
      const given = problem(network, shift);
      const { order, eps, parameters, table, standardisation, beta } = given;
      const rows = order.length;
      const model = await graphModel(tf, stepGraph(given.network));
      const scales = [1 / (noiseVarianceOf(parameters) * rows), beta / rows];
      const [sums, gradient] = tf.tidy(() =>
        (
          model.execute(
            {
              [stepInputs.table]: tf.tensor2d(table.values, [table.rows, table.columns]),
              [stepInputs.order]: tf.tensor1d(order, 'int32'),
              [stepInputs.eps]: tf.tensor2d(eps, [rows, 2]),
              [stepInputs.parameters]: tf.tensor1d(parameters),
              [stepInputs.mean]: tf.tensor1d(standardisation.mean),
              [stepInputs.factor]: tf.tensor1d(Float32Array.from(factorsOf(standardisation))),
              [stepInputs.scales]: tf.tensor1d(scales),
            },
            [stepOutputs.sums, stepOutputs.gradient],
          ) as ReturnType<TensorFlow['tensor']>[]
        ).map((tensor) => tensor.dataSync<'float32'>()),
      ) as [Float32Array, Float32Array];
      model.dispose();
      const expected = expectedOf(given);
      expectAlike(gradient, expected.gradient.subarray(0, -1));
      for (const [k, kl] of expected.klPerDimension.entries()) {
        expectNear((sums[k + 1] as number) / rows, kl);
      }
    },
  );
});

describe.each(await available(['native', 'wasm', 'cpu']))('steps on $name', ({ name, load }) => {
  it.each(networks)('have the loss and derivatives of $kind $encoder, and leave nothing', async (network) => {
    const tf = await load();
    const before = tf.memory().numTensors;
    const given = problem(network, 0.3);
    const { table, standardisation, parameters, order, eps, beta } = given;
    const expected = expectedOf(given);
    const fused = await openLossSteps(tf, given.network, table, standardisation);
    expect(runsGraphs(tf)).toBe(name === 'native');
    for (const steps of [fused, productSteps(tf, given.network, table, standardisation)]) {
      const gradient = new Float32Array(parameters.length);
      const found = steps.lossOf(parameters, order, eps, beta, gradient);
      expectAlike(gradient, expected.gradient);
      for (const each of [found, steps.lossOf(parameters, order, eps, beta, null)]) {
        expectNear(each.loss, expected.loss);
        expectNear(each.reconstruction, expected.reconstruction);
        for (const [k, kl] of expected.klPerDimension.entries()) {
          expectNear(each.klPerDimension[k] as number, kl);
        }
      }
      // Any number of rows, in the same session.
      const one = steps.lossOf(parameters, order.subarray(2, 3), eps.subarray(4, 6), beta, null);
      expectNear(one.loss, ofOne(given, 2));
      steps.close();
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

function ofOne(
  { network, parameters, table, standardisation, order, eps, beta }: Problem,
  k: number,
): number {
  const x = standardised(table.values, standardisation, 1, k, order);
  return lossOf(plainMultiply, network, parameters, x, eps.subarray(2 * k, 2 * k + 2), 1, beta, null).loss;
}
