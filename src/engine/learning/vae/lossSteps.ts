import { openGraph, runsGraphs, type GraphSession } from '../../tensorflow/graphSession.ts';
import type { TensorFlow, Tensor } from '../../tensorflow/loadTensorFlow.ts';
import type { Network } from './layers.ts';
import { multiplier, withoutLeaks } from './multiply.ts';
import { lossFrom, lossOf, noiseVarianceOf, type Loss } from './objective.ts';
import { factorsOf, standardised, type Samples, type Standardisation } from './standardise.ts';
import { stepGraph, stepInputs, stepOutputs } from './stepGraph.ts';

/** Losses of samples of one table. */
export interface LossSteps {
  /**
   * Loss of the samples that `order` names, and its derivatives: see `lossOf`.
   * @param eps - order.length x r standard normal numbers.
   */
  lossOf(
    parameters: Float32Array,
    order: Int32Array,
    eps: Float32Array,
    beta: number,
    gradient: Float32Array | null,
  ): Loss;
  /** Frees what is held. */
  close(): void;
}

/**
 * The fastest way to the losses: TensorFlow's native library takes a whole step as one operation, with the table in its memory;
 * elsewhere each matrix product is one. Throws `internal` where tensors are left behind.
 */
export async function openLossSteps(
  tf: TensorFlow,
  network: Network,
  table: Samples,
  standardisation: Standardisation,
): Promise<LossSteps> {
  return runsGraphs(tf)
    ? fusedSteps(tf, network, table, standardisation)
    : productSteps(tf, network, table, standardisation);
}

/** Product by product, everything else in plain loops. */
export function productSteps(
  tf: TensorFlow,
  network: Network,
  table: Samples,
  standardisation: Standardisation,
): LossSteps {
  const multiply = multiplier(tf);
  return {
    lossOf: (parameters, order, eps, beta, gradient) => {
      const rows = order.length;
      const x = standardised(table.values, standardisation, rows, 0, order);
      return withoutLeaks(tf, () => lossOf(multiply, network, parameters, x, eps, rows, beta, gradient));
    },
    close: () => {
      // Nothing is held.
    },
  };
}

async function fusedSteps(
  tf: TensorFlow,
  network: Network,
  { rows: all, columns, values }: Samples,
  standardisation: Standardisation,
): Promise<LossSteps> {
  const { latent } = network;
  const onlySums = [stepOutputs.sums];
  const both = [stepOutputs.sums, stepOutputs.gradient];
  const held: Record<string, Tensor> = {
    [stepInputs.table]: tf.tensor2d(values, [all, columns], 'float32'),
    [stepInputs.mean]: tf.tensor1d(standardisation.mean, 'float32'),
    [stepInputs.factor]: tf.tensor1d(Float32Array.from(factorsOf(standardisation)), 'float32'),
  };
  let session: GraphSession;
  try {
    session = await openGraph(tf, stepGraph(network), [onlySums, both]);
  } catch (thrown) {
    tf.dispose(held);
    throw thrown;
  }
  return {
    lossOf: (parameters, order, eps, beta, gradient) => {
      const rows = order.length;
      const noise = noiseVarianceOf(parameters);
      let sums = new Float32Array(0);
      const work = (): void => {
        const inputs = {
          ...held,
          [stepInputs.order]: tf.tensor1d(order, 'int32'),
          [stepInputs.eps]: tf.tensor2d(eps, [rows, latent], 'float32'),
          [stepInputs.parameters]: tf.tensor1d(parameters, 'float32'),
          [stepInputs.scales]: tf.tensor1d([1 / (noise * rows), beta / rows], 'float32'),
        };
        const found = session.run(inputs, gradient === null ? onlySums : both).map(read);
        sums = found[0] as Float32Array<ArrayBuffer>;
        if (gradient !== null) gradient.set(found[1] as Float32Array);
      };
      withoutLeaks(tf, () => {
        tf.tidy(work);
      });
      const divergences = Float64Array.from(sums.subarray(1), (sum) => sum / rows);
      const { fit, ...loss } = lossFrom(sums[0] as number, divergences, { noise, rows, columns, beta });
      if (gradient !== null) gradient[gradient.length - 1] = columns / 2 - fit;
      return loss;
    },
    close: () => {
      tf.dispose(held);
      session.close();
    },
  };
}

const read = (tensor: Tensor): Float32Array<ArrayBuffer> =>
  tensor.dataSync<'float32'>() as Float32Array<ArrayBuffer>;
