import { CubelensError } from '../base/errors.ts';

/**
 * Least-squares weights of a Savitzky-Golay filter on any distinct coordinates: the dot product of the weights with the
 * values at `coordinates` is the `derivative`-th derivative, at coordinate `at`, of the polynomial of `degree` that fits
 * the values best. One weight a coordinate, in the same order; results per unit^derivative (per nm, per nm^2, ...).
 * All zero where derivative > degree, as the derivative of such a polynomial is.
 *
 * Offsets from `at` are scaled by the largest one. The fit's matrix is never formed from powers: its QR factor Q is
 * grown as orthonormal polynomials, each the last one times the coordinate, orthogonalised twice (Brubeck, Nakatsukasa,
 * Trefethen, "Vandermonde with Arnoldi", SIAM Review 63, 2021), and the polynomials' derivatives at `at` follow from the
 * same recurrence. With Q and those derivatives d the weights are Q d.
 *
 * Throws `internal` where there are not more coordinates than the degree, `degenerate` where they are not distinct.
 */
export function designWeights(
  coordinates: ArrayLike<number>,
  at: number,
  degree: number,
  derivative: number,
): Float64Array {
  const count = coordinates.length;
  if (count <= degree) {
    throw new CubelensError(
      'internal',
      `A polynomial of degree ${degree} needs ${degree + 1} bands; the window has ${count}.`,
    );
  }
  const weights = new Float64Array(count);
  if (derivative > degree) return weights;

  const { offsets, scale } = scaledOffsets(coordinates, at);
  let polynomial = new Float64Array(count).fill(1 / Math.sqrt(count));
  // Taylor[m] is the m-th derivative at `at` of the polynomial, in scaled units.
  let taylor = new Float64Array(derivative + 1);
  taylor[0] = 1 / Math.sqrt(count);
  const basis = [polynomial];
  const taylors = [taylor];
  for (let k = 1; k <= degree; k++) {
    polynomial = timesCoordinate(polynomial, offsets);
    taylor = taylorTimesCoordinate(taylor);
    const before = norm(polynomial);
    orthogonalise(polynomial, taylor, basis, taylors);
    orthogonalise(polynomial, taylor, basis, taylors);
    const after = norm(polynomial);
    if (!(after > before * Number.EPSILON * count)) {
      throw new CubelensError(
        'degenerate',
        'The wavelengths of a window are too close to each other to be told apart.',
        {
          field: 'wavelengthsNm',
          remedy: 'Check the wavelengths, lower the degree, or filter by band number with `--axis band`.',
        },
      );
    }
    divide(polynomial, after);
    divide(taylor, after);
    basis.push(polynomial);
    taylors.push(taylor);
  }
  const unit = scale ** derivative;
  basis.forEach((column, k) => addMultiple(weights, column, (taylors[k]?.[derivative] ?? 0) / unit));
  return weights;
}

/** Offsets from `at`, divided by the largest, which is `scale`. */
function scaledOffsets(coordinates: ArrayLike<number>, at: number): { offsets: Float64Array; scale: number } {
  const offsets = new Float64Array(coordinates.length);
  let scale = 0;
  for (let i = 0; i < offsets.length; i++) {
    const offset = (coordinates[i] ?? NaN) - at;
    offsets[i] = offset;
    scale = Math.max(scale, Math.abs(offset));
  }
  // A window of one band (degree 0 on what a gap left) has no extent; any scale will do.
  if (scale === 0) scale = 1;
  divide(offsets, scale);
  return { offsets, scale };
}

function timesCoordinate(polynomial: Float64Array, offsets: Float64Array): Float64Array<ArrayBuffer> {
  const product = new Float64Array(polynomial.length);
  for (let i = 0; i < product.length; i++) product[i] = (polynomial[i] ?? 0) * (offsets[i] ?? 0);
  return product;
}

/** Derivatives at 0 of t p(t): the m-th is m times the (m-1)-th of p. */
function taylorTimesCoordinate(taylor: Float64Array): Float64Array<ArrayBuffer> {
  const derivatives = new Float64Array(taylor.length);
  for (let m = 1; m < derivatives.length; m++) derivatives[m] = m * (taylor[m - 1] ?? 0);
  return derivatives;
}

/** Takes the parts along `basis` out of the polynomial, and the same multiples out of its derivatives. */
function orthogonalise(
  polynomial: Float64Array,
  taylor: Float64Array,
  basis: readonly Float64Array[],
  taylors: readonly Float64Array[],
): void {
  basis.forEach((column, j) => {
    const part = dot(column, polynomial);
    addMultiple(polynomial, column, -part);
    addMultiple(taylor, taylors[j] ?? column, -part);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function addMultiple(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (source[i] ?? 0);
}

function divide(target: Float64Array, divisor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) / divisor;
}
