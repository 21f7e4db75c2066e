import { z } from 'zod';
import type { WrittenFile } from './exports.ts';

/** Most views of one calibration. */
export const mostCalibrationViews = 5000;

/** Coefficients of the lens distortion in OpenCV's order: k1, k2, k3 radial, p1, p2 tangential. */
export const distortionNames = ['k1', 'k2', 'p1', 'p2', 'k3'] as const;
export type DistortionName = (typeof distortionNames)[number];

/** Two numbers, x before y; null (or NaN) where a file holds no number: that view is then left out and said so. */
const pointSchema = z.tuple([z.number().nullable(), z.number().nullable()]);
export type PlanePoint = [x: number | null, y: number | null];

const sizeSchema = z.tuple([z.int().min(1).max(1_000_000), z.int().min(1).max(1_000_000)]);

/** One photo of the board: `object[i]` was seen at `image[i]`. Both empty: no board was found in it. */
export const calibrationViewSchema = z.strictObject({
  name: z.string().min(1).max(1000),
  /** [X, Y] on the board (Z = 0), in any unit. */
  object: z.array(pointSchema),
  /** [u, v] in pixels: u to the right, v down, the centre of the first pixel at (0, 0). */
  image: z.array(pointSchema),
  /** Why there are no points, in words; left out: no board was found. */
  fault: z.string().min(1).max(1000).optional(),
});
export type CalibrationView = z.infer<typeof calibrationViewSchema>;

/** Points of several views of one flat board. */
export const calibrationPointsSchema = z.strictObject({
  /** [width, height] of the photos in pixels. */
  imageSize: sizeSchema,
  views: z.array(calibrationViewSchema).min(1).max(mostCalibrationViews),
});
export type CalibrationPoints = z.infer<typeof calibrationPointsSchema>;

const focalModelSchema = z.enum(['free', 'single']);
/** 'free': fx and fy are two unknowns; 'single': one focal length, fx / fy is the ratio of the densities. */
export type FocalModel = z.infer<typeof focalModelSchema>;

const pairSchema = z.tuple([z.number(), z.number()]);
const densitySchema = z.tuple([z.number().positive(), z.number().positive()]);

/** How to fit. */
export const calibrationOptionsSchema = z.strictObject({
  /** Left out: both are fitted and compared. */
  focal: focalModelSchema.optional(),
  /** [mx, my] in pixels a millimetre at the photos' resolution (1000 / pixel pitch in micrometres). Left out: ratio 1, f stays in pixels. */
  density: densitySchema.optional(),
  /** The coefficients that are fitted; the others stay 0. Left out: all five. */
  distortion: z.union([z.array(z.enum(distortionNames)).max(5), z.literal('none')]).optional(),
  /** True: the skew s of K is fitted too. */
  skew: z.boolean().optional(),
  /** Side of a board square in millimetres: scales the poses, never K. */
  squareMm: z.number().positive().optional(),
  /** [cx, cy] in pixels where the principal point is known: it is held, and one view is enough for a single f. */
  centre: pairSchema.optional(),
});
export type CalibrationOptions = z.infer<typeof calibrationOptionsSchema>;

export const boardSchema = z.tuple([z.int().min(2).max(1000), z.int().min(2).max(1000)]);

/** Points and how to fit them. */
export const calibrationRequestSchema = z.strictObject({
  points: calibrationPointsSchema,
  ...calibrationOptionsSchema.shape,
});
export type CalibrationRequest = z.infer<typeof calibrationRequestSchema>;

/** Where points come from: the request itself, a file by its grant, or photos of a chessboard. */
export const calibrationSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('points'), points: calibrationPointsSchema }),
  z.strictObject({
    kind: z.literal('file'),
    grantId: z.string().min(1),
    /** [width, height] of the photos in pixels, where the file does not say it. */
    imageSize: sizeSchema.optional(),
    /** [columns, rows] of the board's inner corners, where the file does not say it. */
    board: boardSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('photos'),
    /** A grant a photo: JPEG, PNG or TIFF. */
    grantIds: z.array(z.string().min(1)).min(1).max(mostCalibrationViews),
    /** [columns, rows] of the board's inner corners. */
    board: boardSchema,
  }),
]);

/** `POST /calibrate`. */
export const calibrateSchema = z.strictObject({
  source: calibrationSourceSchema,
  options: calibrationOptionsSchema.default({}),
});
export type CalibrateRequest = z.input<typeof calibrateSchema>;

export const cameraFormats = ['opencv-yaml', 'opencv-xml', 'ros', 'json'] as const;
export type CameraFormat = (typeof cameraFormats)[number];

/** What a calibration can be written as: its first model for other programs, everything as JSON, or a report to read. */
export const calibrationFormats = [...cameraFormats, 'html'] as const;
export type CalibrationFormat = (typeof calibrationFormats)[number];

/** Job `calibrate`: with a target also a file with a recipe beside it. */
export const calibrateJobSchema = z.strictObject({
  request: calibrateSchema,
  target: z.string().min(1).nullable().default(null),
  format: z.enum(calibrationFormats).default('json'),
  /** Of photos: a target a photo, in their order, for a PNG of it without distortion (by the first model). */
  undistort: z.array(z.string().min(1)).max(mostCalibrationViews).default([]),
  replace: z.boolean().default(false),
});

/** What the job gives. */
export interface CalibrateResult {
  answer: CalibrationAnswer;
  written: WrittenFile | null;
  /** The undistorted photos; null where none were asked for. */
  undistorted: WrittenFile | null;
}

/** Job `calibrate-bands`: a frame camera for each band, from cubes that each show the board once. */
export const calibrateBandsJobSchema = z.strictObject({
  grantIds: z.array(z.string().min(1)).min(1).max(mostCalibrationViews),
  board: boardSchema,
  /** Band indexes from 0; several in one group are averaged. */
  bands: z
    .array(z.array(z.int().min(0)).min(1).max(1000))
    .min(1)
    .max(1000),
  options: calibrationOptionsSchema.default({}),
  target: z.string().min(1).nullable().default(null),
  format: z.enum(['json', 'svg']).default('json'),
  replace: z.boolean().default(false),
});

/** One band, or the mean of a group of bands, as a camera of its own. */
export interface BandCalibration {
  /** From 1; of a group the first. */
  band: number;
  /** All bands of the group, from 1. */
  bands: number[];
  /** Of a group the mean; null where the cubes have no wavelengths. */
  wavelengthNm: number | null;
  /** Empty where it could not be calibrated. */
  models: CalibrationModel[];
  test: FocalTest | null;
  views: CalibrationViewAnswer[];
  notes: string[];
  /** Why there are no models; else null. */
  problem: string | null;
}

export interface BandsCalibrationAnswer {
  imageSize: [number, number];
  translationUnit: 'mm' | 'board';
  bands: BandCalibration[];
  notes: string[];
}

/** What the job gives. */
export interface CalibrateBandsResult {
  answer: BandsCalibrationAnswer;
  written: WrittenFile | null;
}

/** Job `camera`: what a file of a camera says; with a target the same in another format, with photos these without distortion. */
export const cameraJobSchema = z.strictObject({
  /** OpenCV YAML or XML, or ROS camera_info. */
  grantId: z.string().min(1),
  /** [width, height] in pixels, where the file does not say it. */
  imageSize: sizeSchema.optional(),
  target: z.string().min(1).nullable().default(null),
  format: z.enum(cameraFormats).default('json'),
  photos: z.array(z.string().min(1)).max(mostCalibrationViews).default([]),
  /** A target a photo. */
  undistort: z.array(z.string().min(1)).max(mostCalibrationViews).default([]),
  replace: z.boolean().default(false),
});

/** A camera as a file states it. */
export interface CameraAnswer {
  /** Null where the file does not say it. */
  imageSize: [number, number] | null;
  /** Rows: [[fx, s, cx], [0, fy, cy], [0, 0, 1]], pixels. */
  K: number[][];
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  skew: number;
  distortion: Record<DistortionName, number>;
  /** Null without a size. */
  fieldOfViewDeg: FieldOfView | null;
  notes: string[];
}

/** What the job gives. */
export interface CameraResult {
  answer: CameraAnswer;
  written: WrittenFile | null;
  undistorted: WrittenFile | null;
}

/** `POST /calibrate/matrix`: K without any photo. */
export const calibrationMatrixSchema = z.strictObject({
  focalMm: z.number().positive(),
  /** [mx, my] in pixels a millimetre. */
  density: densitySchema,
  /** [cx, cy] in pixels. */
  centre: pairSchema,
  /** s in pixels; left out: 0. */
  skew: z.number().optional(),
  /** [width, height] in pixels; left out: no field of view. */
  imageSize: sizeSchema.optional(),
});
export type CalibrationMatrixRequest = z.infer<typeof calibrationMatrixSchema>;

/** Angles in degrees that the image spans through the principal point, without distortion. */
export interface FieldOfView {
  horizontal: number;
  vertical: number;
  diagonal: number;
}

export interface CalibrationMatrixAnswer {
  /** Rows: [[fx, s, cx], [0, fy, cy], [0, 0, 1]], pixels. */
  K: number[][];
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  skew: number;
  focalMm: number;
  density: [number, number];
  /** Micrometres: 1000 / density. */
  pixelPitchUm: [number, number];
  /** Null without a size. */
  fieldOfViewDeg: FieldOfView | null;
  notes: string[];
}

const amount = z.number().positive().max(1e12);

/** `POST /calibrate/pushbroom`: K of a scanner over flat ground. */
export const pushbroomSchema = z.strictObject({
  focalMm: amount,
  /** Pixel pitch along the line, in micrometres. */
  pitchUm: amount,
  linesPerSecond: amount,
  /** Over the ground, in metres a second. */
  speedMs: amount,
  /** Above the ground, in metres. */
  heightM: amount,
  /** cx in pixels; left out: 0. */
  centreX: z.number().optional(),
});
export type PushbroomRequest = z.infer<typeof pushbroomSchema>;

export interface PushbroomAnswer {
  /** Rows: [[fx, 0, cx], [0, fy, 0], [0, 0, 1]], pixels. */
  K: number[][];
  fx: number;
  fy: number;
  /** A pixel on the ground in metres, across and along the track, and along / across. */
  acrossM: number;
  alongM: number;
  aspect: number;
  /** The speed that makes pixels square, in metres a second. */
  squareSpeedMs: number;
  notes: string[];
}

/** A view of the answer, in the order of the request. */
export interface CalibrationViewAnswer {
  name: string;
  /** False where the view holds no points at all. */
  found: boolean;
  /** True where the view took part in the fit. */
  included: boolean;
  /** Of the answer's first model, in pixels: root of the mean squared distance of its points, and the largest distance; null where not included. */
  rms: number | null;
  max: number | null;
  points: number;
  /** Why it is not included; else null. */
  reason: string | null;
  /** Of a photo: the corners found, [u, v] in pixels, column fastest. */
  corners?: [number, number][];
}

/** A view as one model sees it. */
export interface ModelViewAnswer {
  name: string;
  rms: number;
  max: number;
  /** Rotation vector (Rodrigues: axis x angle in radians) and translation in the board's unit: camera = R board + t. */
  rotation: [number, number, number];
  translation: [number, number, number];
  /** Standard deviations of the six numbers. */
  sd: { rotation: [number, number, number]; translation: [number, number, number] };
  /** [du, dv] of each point in pixels: seen minus predicted. */
  residuals: [number, number][];
}

/** A focal length in millimetres with its standard deviation. */
export interface FocalMm {
  value: number;
  sd: number;
}

export interface CalibrationModel {
  focal: FocalModel;
  /** Rows: [[fx, s, cx], [0, fy, cy], [0, 0, 1]], pixels. */
  K: number[][];
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  skew: number;
  distortion: Record<DistortionName, number>;
  /** Root of the mean squared distance of a point, in pixels. */
  rms: number;
  /** Standard deviations of what was fitted, by name: fx, fy, cx, cy, skew, k1 ...; fMm too where it is there. */
  sd: Record<string, number>;
  /** Focal length in mm, where the density is known: the one f; of the free model the mean of both axes. */
  fMm?: number;
  /** f of each axis in mm: fx / mx and fy / my. */
  fMmAxes?: { x: FocalMm; y: FocalMm };
  /** Sum of the squared residuals, and how many numbers (2 a point) and parameters there are. */
  sse: number;
  residualCount: number;
  parameterCount: number;
  fieldOfViewDeg: FieldOfView;
  /** Included views only. */
  views: ModelViewAnswer[];
}

/** Does the data ask for two focal lengths? */
export interface FocalTest {
  F: number;
  df: [number, number];
  /** Probability of an F at least as large where one focal length is true. */
  p: number;
  verdict: string;
}

/** Where the corners of all included views lie: cells of a grid over the image. */
export interface CalibrationCoverage {
  /** Share of the cells that hold at least one corner, 0 to 1. */
  share: number;
  columns: number;
  rows: number;
  /** Corners in each cell: rows from the top, each from the left. */
  counts: number[][];
}

export interface CalibrationAnswer {
  imageSize: [number, number];
  views: CalibrationViewAnswer[];
  /** Free before single. */
  models: CalibrationModel[];
  /** Null unless both models were fitted. */
  test: FocalTest | null;
  coverage: CalibrationCoverage;
  /** Unit of the translations. */
  translationUnit: 'mm' | 'board';
  /** Sentences on what was assumed, left out or looks wrong. */
  notes: string[];
}
