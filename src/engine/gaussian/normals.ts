import { splitmix64 } from '../base/random.ts';

/** Layers of the ziggurat, where its tail begins, and the area of each layer (for 256 layers). */
const layers = 256;
const tailStart = 3.6541528853610088;
const layerArea = 0.00492867323399;

const edges = new Float64Array(layers + 1);
const heights = new Float64Array(layers + 1);
const steps = new Float64Array(layers);
fillTables();

/** `edges` fall from the widest layer to 0; the first one stands for its rectangle and the tail. `steps`: 2^-51 of them. */
function fillTables(): void {
  const density = (x: number): number => Math.exp(-0.5 * x * x);
  edges[0] = layerArea / density(tailStart);
  edges[1] = tailStart;
  for (let k = 2; k < layers; k++) {
    const below = edges[k - 1] ?? 0;
    edges[k] = Math.sqrt(-2 * Math.log(layerArea / below + density(below)));
  }
  edges.forEach((edge, k) => (heights[k] = density(edge)));
  steps.forEach((_, k) => (steps[k] = (edges[k] ?? 0) * 2 ** -51));
}

/**
 * Standard normal deviates, many at once: the ziggurat of G. Marsaglia and W. Tsang ("The ziggurat method for generating
 * random variables", J. Stat. Softw. 5(8), 2000) with 256 layers and, after J. Doornik (2005), separate random bits for
 * layer, sign and position. Its bits are those of xoshiro128** (`base/random.ts`), here over a state that stays in
 * registers while an array is filled. The same seed gives the same deviates, however many are asked for at a time.
 */
export class NormalDeviates {
  readonly #state = new Int32Array(4);

  /** @param seed any safe integer. */
  constructor(seed: number) {
    const words = splitmix64(BigInt(seed));
    for (const k of [0, 2]) {
      const word = words();
      this.#state[k] = Number(BigInt.asIntN(32, word));
      this.#state[k + 1] = Number(BigInt.asIntN(32, word >> 32n));
    }
  }

  /** Fills an array with deviates of mean 0 and variance 1. */
  fill(out: Float64Array): void {
    const state = this.#state;
    let a = state[0] ?? 0;
    let b = state[1] ?? 0;
    let c = state[2] ?? 0;
    let d = state[3] ?? 0;
    let shifted = 0;
    for (let k = 0; k < out.length;) {
      // Two steps of xoshiro128**, written out: a call would cost more than they do.
      let product = Math.imul(b, 5);
      const high = Math.imul((product << 7) | (product >>> 25), 9);
      shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      product = Math.imul(b, 5);
      const low = Math.imul((product << 7) | (product >>> 25), 9);
      shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);

      const layer = low & 0xff;
      // A signed number of 52 bits, in the middle of its step: never 0, symmetric, and no branch for the sign.
      const x = (high * 1048576 + (low >>> 12) + 0.5) * (steps[layer] ?? 0);
      const size = Math.abs(x);
      if (size < (edges[layer + 1] ?? 0)) {
        out[k++] = x;
        continue;
      }
      // One in about 80 comes here: the state goes back, for `#uniform` steps it on.
      state[0] = a;
      state[1] = b;
      state[2] = c;
      state[3] = d;
      if (layer === 0) out[k++] = x < 0 ? -this.#tail() : this.#tail();
      else {
        const [below, above] = [heights[layer] ?? 0, heights[layer + 1] ?? 0];
        if (below + this.#uniform() * (above - below) < Math.exp(-0.5 * x * x)) out[k++] = x;
      }
      a = state[0];
      b = state[1];
      c = state[2];
      d = state[3];
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = d;
  }

  /** A deviate beyond the last edge (G. Marsaglia, "Generating a variable from the tail of the normal distribution", 1964). */
  #tail(): number {
    for (;;) {
      // 1 - u is never 0.
      const x = -Math.log(1 - this.#uniform()) / tailStart;
      const y = -Math.log(1 - this.#uniform());
      if (y + y > x * x) return tailStart + x;
    }
  }

  /** Uniform over [0, 1), with 53 random bits. */
  #uniform(): number {
    const high = this.#step() >>> 5;
    return (high * 2 ** 26 + (this.#step() >>> 6)) * 2 ** -53;
  }

  #step(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const product = Math.imul(b, 5);
    const [third, fourth] = [c ^ a, d ^ b];
    state[0] = a ^ fourth;
    state[1] = b ^ third;
    state[2] = third ^ (b << 9);
    state[3] = (fourth << 11) | (fourth >>> 21);
    return Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
  }
}
