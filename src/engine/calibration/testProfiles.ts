// For tests only.

/** Numbers of a profile: its expectation and the first derivatives of that. */
export const profileSize = 7;
const order = profileSize - 1;
/** Standard deviations beyond which an edge is not felt. */
const reach = 4.5;
/** Steps of the three profiles at one edge; kept, as thousands of them are asked for a photo. */
const jumps = new Float64Array(3);

/** erfc's rational approximation of Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function normalBelow(t: number): number {
  const z = Math.abs(t) * Math.SQRT1_2;
  const k = 1 / (1 + 0.3275911 * z);
  const tail =
    0.5 *
    k *
    (0.254829592 + k * (-0.284496736 + k * (1.421413741 + k * (-1.453152027 + k * 1.061405429)))) *
    Math.exp(-z * z);
  return t < 0 ? tail : 1 - tail;
}

const isWithin = (x: number, first: number, last: number): number => (x > first && x < last ? 1 : 0);
/** +1 and -1 by turns from the square at -1..0 on, 0 outside -1..count. */
const turns = (x: number, count: number): number =>
  isWithin(x, -1, count) * (Math.floor(x + 1) % 2 === 0 ? 1 : -1);

/**
 * Along one axis of a board of `count` inner corners: the expectation at x + sigma N(0, 1), in squares, of the white
 * rectangle (1 inside), of the rectangle of squares (1 inside) and of the squares themselves (+1 and -1 by turns), each with
 * its derivatives by x / sigma up to the sixth, one after the other in `out`. False (and no numbers) where all is 0.
 */
export function boardProfile(x: number, sigma: number, count: number, out: Float64Array): boolean {
  // Corners run from 0 to count - 1: squares from -1 to count, the margin one further.
  const [first, last] = [-2, count + 1];
  if (!(x > first - reach * sigma && x < last + reach * sigma)) return false;
  const from = Math.max(first, Math.ceil(x - reach * sigma));
  const until = Math.min(last, Math.floor(x + reach * sigma));
  out.fill(0);
  const start = Math.min(from, last + 1) - 0.5;
  out[0] = isWithin(start, first, last);
  out[profileSize] = isWithin(start, -1, count);
  out[2 * profileSize] = turns(start, count);
  for (let edge = from; edge <= until; edge++) {
    const t = (x - edge) / sigma;
    const density = Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
    const below = normalBelow(t);
    jumps[0] = edge === first ? 1 : edge === last ? -1 : 0;
    jumps[1] = edge === -1 ? 1 : edge === count ? -1 : 0;
    jumps[2] = turns(edge + 0.5, count) - turns(edge - 0.5, count);
    for (let which = 0; which < 3; which++) {
      const jump = jumps[which] as number;
      if (jump === 0) continue;
      const at = which * profileSize;
      out[at] = (out[at] as number) + jump * below;
      // Derivatives of the density are Hermite polynomials times it, by turns negative.
      let before = 0;
      let hermite = 1;
      for (let n = 1; n <= order; n++) {
        out[at + n] = (out[at + n] as number) + (n % 2 === 1 ? jump : -jump) * density * hermite;
        const next = t * hermite - (n - 1) * before;
        before = hermite;
        hermite = next;
      }
    }
  }
  return true;
}

/**
 * E f(X) g(Y) for normal X and Y of this correlation r, from the profiles of f and g: the sum of r^n / n! f^(n) g^(n)
 * (Mehler's series). @param which - 0 to 2 as in `boardProfile`.
 */
export function expectedProduct(
  f: Float64Array,
  g: Float64Array,
  which: number,
  correlation: number,
): number {
  const start = which * profileSize;
  let sum = (f[start] as number) * (g[start] as number);
  // Where only one of them has an edge near, the rest is 0.
  if (isFlat(f, start) || isFlat(g, start)) return sum;
  let factor = 1;
  for (let n = 1; n < profileSize; n++) {
    factor *= correlation / n;
    sum += factor * (f[start + n] as number) * (g[start + n] as number);
  }
  return sum;
}

/** The slope alone is 0 midway between two edges too. */
const isFlat = (profile: Float64Array, start: number): boolean =>
  profile[start + 1] === 0 && profile[start + 2] === 0;
