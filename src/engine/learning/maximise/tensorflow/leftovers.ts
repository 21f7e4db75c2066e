import type { TensorFlow } from '../../../tensorflow/loadTensorFlow.ts';

/** Gives back what a gradient that failed half-way kept for the way back: TensorFlow.js only does where it succeeds. */
export function disposeTape(tf: TensorFlow): void {
  const { state } = tf.engine();
  // Within another gradient the tape is still in use.
  if (state.gradientDepth > 0) return;
  // There is none before the first gradient, whatever its type says.
  const tape = state.activeTape as typeof state.activeTape | undefined;
  for (const { saved = [] } of tape ?? []) {
    for (const tensor of saved) if (!tensor.isDisposed) tensor.dispose();
  }
  state.activeTape = [];
}

/** The names of all variables that are alive. */
export const variableNames = (tf: TensorFlow): ReadonlySet<string> =>
  new Set(Object.keys(tf.engine().state.registeredVariables));

/** Disposes of the variables that came after `before`: those of layers whose model failed to be made. */
export function disposeVariables(tf: TensorFlow, before: ReadonlySet<string>): void {
  for (const [name, variable] of Object.entries(tf.engine().state.registeredVariables)) {
    if (!before.has(name)) variable.dispose();
  }
}
