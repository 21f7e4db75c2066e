/** Moments of the gradient that Adam keeps, as long as the parameters. */
export interface Moments {
  first: Float32Array;
  second: Float32Array;
  /** Steps that were taken. */
  steps: number;
}

const firstDecay = 0.9;
const secondDecay = 0.999;
const smallest = 1e-8;

/** Moments before the first step. */
export const noMoments = (length: number): Moments => ({
  first: new Float32Array(length),
  second: new Float32Array(length),
  steps: 0,
});

/**
 * One step of Adam in place (D. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1
 * with its constants).
 */
export function adamStep(
  parameters: Float32Array,
  gradient: Float32Array,
  moments: Moments,
  learningRate: number,
): void {
  const { first, second } = moments;
  moments.steps++;
  const rate = learningRate / (1 - firstDecay ** moments.steps);
  const correction = 1 / (1 - secondDecay ** moments.steps);
  for (let k = 0; k < parameters.length; k++) {
    const g = gradient[k] as number;
    const m = firstDecay * (first[k] as number) + (1 - firstDecay) * g;
    const v = secondDecay * (second[k] as number) + (1 - secondDecay) * g * g;
    first[k] = m;
    second[k] = v;
    parameters[k] = (parameters[k] as number) - (rate * m) / (Math.sqrt(v * correction) + smallest);
  }
}
