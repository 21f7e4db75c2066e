import { z } from 'zod';

/** Most samples of one answer; files of samples hold as many as the disk does. */
export const mostGaussianSamples = 1_000_000;

const rowSchema = z.array(z.number());
const matrixSchema = z.array(rowSchema);

/** One named vector. */
export const gaussianVectorSchema = z.strictObject({
  name: z.string().min(1).max(100),
  /** One number a component. May be left out beside `samples`, which then give it. */
  mean: rowSchema.min(1).optional(),
  /** Names of the components; left out: name1, name2, ... */
  components: z.array(z.string().min(1).max(100)).min(1).optional(),
});
export type GaussianVector = z.infer<typeof gaussianVectorSchema>;

/** The ways to state a covariance; `sd` goes with `correlation`. */
const statements = ['covariance', 'blocks', 'sd', 'factor', 'samples'] as const;

/**
 * One Gaussian over several named vectors, in their order: N components in all. Its covariance carries variances
 * (sigma squared) on the diagonal and is stated in exactly one way.
 */
export const gaussianSpecSchema = z
  .strictObject({
    vectors: z.array(gaussianVectorSchema).min(1),
    /** N x N, rows. */
    covariance: matrixSchema.optional(),
    /** By pairs of names: "a,a" within a vector, "a,b" between two (rows of a, columns of b). Left out: zero. */
    blocks: z.record(z.string(), matrixSchema).optional(),
    /** N standard deviations (sigma), with `correlation`. */
    sd: rowSchema.optional(),
    /** N x N, ones on the diagonal. */
    correlation: matrixSchema.optional(),
    /** Lower triangular L, N x N: covariance = L L'. Any N x M matrix will do. */
    factor: matrixSchema.optional(),
    /** Rows of N numbers, one row a sample: covariance with N-1. */
    samples: matrixSchema.optional(),
    shrinkage: z.literal('ledoit-wolf').optional(),
  })
  .check((context) => {
    const { value } = context;
    const refuse = (path: string, message: string): void => {
      context.issues.push({ code: 'custom', path: [path], message, input: value });
    };
    const stated = statements.filter((name) => value[name] !== undefined);
    if (stated.length !== 1 && !(stated.length === 0 && value.correlation !== undefined)) {
      const found = stated.length === 0 ? 'none is there' : `${stated.join(' and ')} are there`;
      refuse(
        stated[1] ?? 'covariance',
        `must be stated in exactly one way (covariance, blocks, sd with correlation, factor or samples), and ${found}`,
      );
    }
    if ((value.sd === undefined) !== (value.correlation === undefined)) {
      const missing = value.sd === undefined ? 'sd' : 'correlation';
      refuse(missing, 'must be there: sd and correlation go together');
    }
    if (value.shrinkage !== undefined && value.samples === undefined) {
      refuse('shrinkage', 'is for samples only');
    }
  });
export type GaussianSpec = z.infer<typeof gaussianSpecSchema>;

/** A specification; samples may come from a CSV file, by its grant, in place of `spec.samples` (then an empty list). */
const stated = { spec: gaussianSpecSchema, tableGrantId: z.string().min(1).optional() };

/** `POST /gaussian/describe`. */
export const gaussianDescribeSchema = z.strictObject({ ...stated });

/** `POST /gaussian/marginal`: of these vectors alone, by their names. */
export const gaussianMarginalSchema = z.strictObject({ ...stated, names: z.array(z.string()).min(1) });

/** `POST /gaussian/conditional`: values of whole vectors (all components) or of single components (one number). */
export const gaussianConditionalSchema = z.strictObject({
  ...stated,
  given: z.record(z.string(), rowSchema.min(1)),
});

/** `POST /gaussian/sample`. */
export const gaussianSampleSchema = z.strictObject({
  ...stated,
  count: z.int().min(1).max(mostGaussianSamples),
  seed: z.int(),
});

/** Job `gaussian-samples`: as many as the disk holds. */
export const gaussianOutputSchema = z.strictObject({
  ...stated,
  count: z.int().min(1).max(1_000_000_000),
  seed: z.int(),
  format: z.enum(['csv', 'npy']),
  target: z.string().min(1),
  replace: z.boolean().default(false),
});

/** `POST /gaussian/density`: rows of N numbers. */
export const gaussianDensitySchema = z.strictObject({
  ...stated,
  points: matrixSchema.min(1),
});

/** A vector of an answer. */
export interface GaussianVectorAnswer {
  name: string;
  mean: number[];
  components: string[];
}

/** The cell that a covariance breaks at: indexes from 0. */
export interface GaussianPlace {
  rowIndex: number;
  columnIndex: number;
  /** Names of the two components. */
  row: string;
  column: string;
  /** Names of the two vectors: "a,b". */
  block: string;
  /** Its covariance. */
  value: number;
  /** The first leading block that is not positive semi-definite has so many components; the last one breaks it. */
  leadingSize: number;
  leadingComponent: string;
}

/** What is between two bounds keeps the covariance valid; `high` null: no upper bound. */
export type GaussianInterval = [low: number, high: number | null];

/** What is known of a Gaussian. Matrices are N x N rows, in the order of the vectors. */
export interface GaussianDescription {
  vectors: GaussianVectorAnswer[];
  mean: number[];
  covariance: number[][];
  /** True where the covariance is positive semi-definite. */
  valid: boolean;
  definiteness: 'positive-definite' | 'degenerate' | 'indefinite';
  /** Why it is not valid, or degenerate; else null. */
  reason: string | null;
  /** Where an indefinite covariance breaks; else null. */
  where: GaussianPlace | null;
  rank: number;
  /** Null where it leaves the range of float64. */
  determinant: number | null;
  /** Natural logarithm; null where singular or not valid. */
  logDeterminant: number | null;
  /** In nats; null where singular or not valid. */
  entropy: number | null;
  /** Rising. */
  eigenvalues: number[];
  /** Unit vector of the smallest eigenvalue. */
  smallestEigenvector: number[];
  /** For each cell the open interval that keeps the matrix valid while all others stay; null where none does. */
  intervals: (GaussianInterval | null)[][];
  /** By pairs of vectors "a,b", in nats; null where infinite or not valid. */
  mutualInformation: Record<string, number | null>;
  /** By pairs of vectors "a,b", falling; null where not valid. */
  canonicalCorrelations: Record<string, number[] | null>;
  /** Nearest positive semi-definite matrix in the Frobenius norm; null where the covariance is valid. */
  nearest: { covariance: number[][]; distance: number } | null;
  /** Sentences on what was assumed: independence, shrinkage, means of samples. */
  notes: string[];
}

/** The others, given some components. */
export interface GaussianConditional {
  given: Record<string, number[]>;
  /** The others in the file's order, with their conditional means. */
  vectors: GaussianVectorAnswer[];
  mean: number[];
  covariance: number[][];
  /** Rows: the others; columns: `givenComponents`. The mean moves by gain x (given - its mean). */
  gain: number[][];
  givenComponents: string[];
  notes: string[];
}

/** Samples, cut apart by the vectors' names. */
export interface GaussianSamples {
  count: number;
  seed: number;
  vectors: { name: string; components: string[] }[];
  /** By the vectors' names: count rows of as many numbers as the vector has components. */
  samples: Record<string, number[][]>;
  notes: string[];
}

/** Of each point the natural logarithm of the density and the squared Mahalanobis distance. */
export interface GaussianDensities {
  logDensity: number[];
  squaredDistance: number[];
}
