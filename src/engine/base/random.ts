/**
 * A seeded source of random numbers. The same seed and stream give the same numbers on every machine; nothing here
 * is meant for secrets.
 */
export interface Random {
  /** A whole number, uniform over 0 ... 2^32 - 1. */
  readonly uint32: () => number;
  /** Uniform over [0, 1), with 53 random bits. */
  readonly uniform: () => number;
  /** A normal deviate of mean 0 and variance 1. */
  readonly normal: () => number;
  /** A whole number, uniform over 0 ... count - 1 without bias; `count` from 1 to 2^32. */
  readonly below: (count: number) => number;
}

/**
 * Generator xoshiro128** 1.1 of D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators" (ACM
 * Trans. Math. Softw. 47, 2021; https://prng.di.unimi.it/xoshiro128starstar.c): period 2^128 - 1, 32 bits a step.
 * Its state is filled by splitmix64, as its authors advise.
 * @param seed - any safe integer; it is what a recipe saves.
 * @param stream - numbers one of many independent sequences of the same seed (one a line, one a worker), so that no
 * result depends on the order in which they are used.
 */
export function seededRandom(seed: number, stream = 0): Random {
  const start = splitmix64(BigInt(seed))();
  const words = splitmix64(start + BigInt(stream));
  const low = words();
  const high = words();
  return xoshiro128([
    Number(low & 0xffffffffn),
    Number(low >> 32n),
    Number(high & 0xffffffffn),
    Number(high >> 32n),
  ]);
}

/** As `seededRandom`, from a state of four 32-bit words that are not all zero (for tests against the reference code). */
export function xoshiro128(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;

  const uint32 = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };

  const uniform = (): number => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) * 2 ** -53;

  // Marsaglia's polar method gives two deviates at a time: the second waits here.
  let spare = 0;
  let hasSpare = false;
  const normal = (): number => {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    for (;;) {
      // Odd 33-bit numerators: never zero, symmetric about it.
      const x = (2 * uint32() + 1 - 2 ** 32) * 2 ** -32;
      const y = (2 * uint32() + 1 - 2 ** 32) * 2 ** -32;
      const square = x * x + y * y;
      if (square >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      hasSpare = true;
      return x * factor;
    }
  };

  const below = (count: number): number => {
    // Values past the last whole multiple of `count` would favour the small results: draw again.
    const limit = 2 ** 32 - (2 ** 32 % count);
    for (;;) {
      const drawn = uint32();
      if (drawn < limit) return drawn % count;
    }
  };

  return { uint32, uniform, normal, below };
}

/** Successive outputs of splitmix64 (S. Vigna, public domain, https://prng.di.unimi.it/splitmix64.c). */
export function splitmix64(seed: bigint): () => bigint {
  let state = BigInt.asUintN(64, seed);
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
}
