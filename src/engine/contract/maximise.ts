import { z } from 'zod';
import type { WrittenFile } from './exports.ts';
import { indexSchema } from './numbers.ts';

/** Activations that the engine evaluates and differentiates. `square` is ours: z * z, for products and bumps. */
export const activationNames = [
  'linear',
  'relu',
  'leaky_relu',
  'elu',
  'selu',
  'tanh',
  'sigmoid',
  'softplus',
  'softsign',
  'swish',
  'silu',
  'gelu',
  'exponential',
  'softmax',
  'square',
] as const;
export type ActivationName = (typeof activationNames)[number];

const activationNameSchema = z.enum(activationNames);
const nameSchema = z.string().min(1).max(200);
const sizeSchema = z.int().min(1).max(100_000);

/**
 * An activation by name, or with its setting: `alpha` is the slope of leaky_relu (default 0.2) or the depth of elu
 * (default 1); `approximate` takes gelu by tanh.
 */
export const activationSchema = z.union([
  activationNameSchema,
  z.strictObject({
    name: activationNameSchema,
    alpha: z.number().optional(),
    approximate: z.boolean().optional(),
  }),
]);
export type ActivationSetting = z.infer<typeof activationSchema>;

/** A layer of the model; `from` names inputs or earlier layers. */
export const modelLayerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('dense'),
    name: nameSchema,
    from: nameSchema,
    units: sizeSchema,
    /** One row an input component, one column a unit. */
    kernel: z.array(z.array(z.number())),
    /** One number a unit; zero where left out. */
    bias: z.array(z.number()).optional(),
    activation: activationSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('concatenate'),
    name: nameSchema,
    from: z.array(nameSchema).min(1).max(1000),
  }),
  z.strictObject({
    type: z.literal('activation'),
    name: nameSchema,
    from: nameSchema,
    activation: activationSchema,
  }),
]);
export type ModelLayer = z.infer<typeof modelLayerSchema>;

/** A dense network as JSON: named inputs, layers in an order in which each follows what it takes, the layer that is the output. */
export const networkModelSchema = z.strictObject({
  inputs: z
    .array(z.strictObject({ name: nameSchema, size: sizeSchema }))
    .min(1)
    .max(100),
  layers: z.array(modelLayerSchema).min(1).max(1000),
  output: nameSchema,
});
export type NetworkModel = z.infer<typeof networkModelSchema>;

/** Networks that come with the program, each with a known answer. */
export const maximiseExamples = ['interior', 'asymptote', 'bound', 'kink', 'two-peaks'] as const;
export type MaximiseExample = (typeof maximiseExamples)[number];

const intervalSchema = z.tuple([z.number(), z.number()]);

/** `POST /maximise`: fix all inputs of a frozen network but one; which value of that one maximises the output? */
export const maximiseRequestSchema = z.strictObject({
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('example'), name: z.enum(maximiseExamples) }),
    z.strictObject({ kind: z.literal('model'), model: networkModelSchema }),
    z.strictObject({ kind: z.literal('file'), grantId: z.string().min(1) }),
  ]),
  /** Values of the fixed inputs by name; an example carries its own. */
  fix: z.record(z.string(), z.array(z.number())).optional(),
  /** One interval for all free components, or by the free input's name one for each; default -10 to 10. */
  range: z.union([intervalSchema, z.record(z.string(), z.array(intervalSchema))]).optional(),
  /** Which component of the model's output, from 0; of a classifier that Cubelens saved also the name of a class. */
  output: z.union([indexSchema, z.string().min(1).max(1000)]).optional(),
  /** Of such a classifier: hold the spectrum to the convex hull of the class means (mixtures of the classes). */
  hull: z.boolean().optional(),
  /** Of such a classifier: a cube by its read grant, of which the pixel nearest to the answer is looked for. */
  nearest: z.string().min(1).optional(),
  starts: z.int().min(1).max(10_000).optional(),
  seed: z.int().min(0).optional(),
});
export type MaximiseRequest = z.infer<typeof maximiseRequestSchema>;

/** What kind of point a search ended at. */
export type MaximiseVerdict =
  | 'interior-maximum'
  | 'at-bound'
  | 'asymptote'
  | 'unbounded'
  | 'plateau'
  | 'saddle'
  | 'kink'
  | 'not-converged';

/** One end with the evidence for its verdict, all of the model's own output. */
export interface MaximiseEnd {
  /** The free input, in the model's order. */
  point: number[];
  value: number;
  verdict: MaximiseVerdict;
  /** Partial derivatives by the free input; at a kink those of one side. */
  gradient: number[];
  /** Eigenvalues of the Hessian by the free input, rising. */
  curvature: number[];
  /**
   * Length of H^-1 g over the components that are not at a bound; of an asymptote the step along the way outward. Null
   * where the curvature gives none.
   */
  newtonStep: number | null;
  /** Each component's pressure on its bound (size of the outward derivative); 0 where it is not at one. */
  multipliers: number[];
  /** d point / d fixed = -Hyy^-1 Hyx: one row a free component, one column a fixed one in the order of the inputs. Null elsewhere than at an interior maximum, and for fixed inputs of whole numbers. */
  sensitivity: (number | null)[][] | null;
  /** Searches begun a hundredth of the range beside the end (closer where none returns), and how many came back to it. */
  restarts: { tried: number; returned: number };
  /**
   * Of a plateau: how the search rose onto it. In float32 a function that goes on rising may have become level by rounding.
   * Null for other ends.
   */
  rise: MaximiseRise | null;
  /** How many of the starts ended here. */
  reachedBy: number;
}

/** The way onto a plateau, of the model's own output. */
export interface MaximiseRise {
  /** Where the search began. */
  from: number[];
  fromValue: number;
  /** The last point on its way where the slope was not exactly zero, and its largest derivative there; null where none was. */
  lastSlope: { point: number[]; value: number; steepness: number } | null;
}

/** One search. */
export interface MaximiseStart {
  from: number[];
  point: number[];
  value: number;
  verdict: MaximiseVerdict;
  steps: number;
  /** Points on the way, first and last included, at most 200. */
  path: number[][];
}

/** What a saved classifier says of the answer. */
export interface MaximiseScene {
  /** Name of the class that is maximised. */
  className: string;
  /** Share of held-out pixels to which the classifier gave their class. */
  accuracy: number;
  classes: string[];
  /** In the data's units, one number a band: of the best end; with `hull` its mixture of the class means. */
  spectrum: number[];
  wavelengthsNm: number[] | null;
  /** The nearest pixel of the cube that was given (Euclidean, in the data's units). */
  nearest: { file: string; line: number; sample: number; distance: number; notes: string[] } | null;
}

/** What evaluated the model, and how precisely. */
export interface MaximiseArithmetic {
  /** In float32 slopes and values are good to about seven digits. */
  precision: 'float64' | 'float32';
  /** `Cubelens`, or TensorFlow with its backend and version. */
  by: string;
}

/** What maximises the network, and how each search ended. */
export interface MaximiseAnswer {
  fixed: Record<string, number[]>;
  /** Name of the free input; `shares` of the classes in the hull of their means. */
  free: string;
  /** Lower and upper end of each free component. */
  range: [number, number][];
  output: number;
  seed: number;
  arithmetic: MaximiseArithmetic;
  best: MaximiseEnd;
  /** Distinct ends (further apart than 1e-3), highest value first. */
  ends: MaximiseEnd[];
  /** All searches that ended at a finite value, highest first. */
  starts: MaximiseStart[];
  /** How many others ended where the output is not finite. */
  notFinite: number;
  /** Of a classifier that Cubelens saved. */
  scene?: MaximiseScene;
}

/** Job `maximise`: with a target, which ends in .svg, also a picture (one or two free components). */
export const maximiseOutputSchema = z.strictObject({
  request: maximiseRequestSchema,
  target: z.string().min(1).nullable().default(null),
  replace: z.boolean().default(false),
});

/** What the job gives. */
export interface MaximiseResult {
  answer: MaximiseAnswer;
  written: WrittenFile | null;
}
