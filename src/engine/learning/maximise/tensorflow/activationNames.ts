import { isRecord } from '../kerasGraph.ts';
import { hardSigmoid3 } from './ownClasses.ts';
import { recordOf, refused } from './refusals.ts';

/** What Keras calls activations, and what they are called here. */
const known: Readonly<Record<string, string>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  hard_sigmoid: 'hardSigmoid',
  softplus: 'softplus',
  softsign: 'softsign',
  softmax: 'softmax',
  log_softmax: 'logSoftmax',
  swish: 'swish',
  silu: 'swish',
  gelu: 'gelu',
  gelu_new: 'gelu_new',
  mish: 'mish',
};

/**
 * The name in TensorFlow.js of an activation by name or object. Throws `unsupported-format` naming the layer.
 * @param isKeras3 - its hard_sigmoid is relu6(x + 3) / 6; before it was 0.2 x + 0.5 between 0 and 1, as in TensorFlow.js.
 */
export function activationName(
  activation: unknown,
  { name, title, isKeras3, file }: { name: string; title: string; isKeras3: boolean; file: string },
): string {
  const { class_name: className, config } = recordOf(activation);
  const named = isRecord(activation) ? (typeof config === 'string' ? config : className) : activation;
  if (named === null || named === undefined) return 'linear';
  const own = Object.values(known).find((other) => other === named);
  const found = typeof named === 'string' && Object.hasOwn(known, named) ? known[named] : own;
  if (found === undefined) {
    throw refused(
      file,
      `${title} has the activation ${typeof named === 'string' ? `"${named}"` : 'that is not named'}, which is not known`,
      `Activations that can be evaluated: ${Object.keys(known).join(', ')}.`,
      name,
    );
  }
  return found === 'hardSigmoid' && isKeras3 ? hardSigmoid3 : found;
}
