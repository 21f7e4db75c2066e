import type { z } from 'zod';
import type { DataType } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import type { LineSampleWindow } from '../base/window.ts';
import type { ImageRequest } from '../contract/images.ts';
import type { BandRecord, CubeDescription } from '../cube/cube.ts';
import type { Cube } from '../cube/cubes.ts';
import type { PixelGrid } from '../cube/grid.ts';
import type { DecodedBlocks } from '../cube/read.ts';
import type { FileState } from '../io/byteSource.ts';
import type { ReadableFile } from '../io/grants.ts';
import type { Task } from '../workers/task.ts';
import type { ImageRecipe } from './recipe.ts';

/** What an image gives and what it reads. */
export interface ImagePlan {
  /** float32 of values (NaN where there is none), or the file's own type of stored numbers. */
  dataType: DataType;
  /** Coarse tiles and statistics are of values; stored numbers are shown and written as they are. */
  holds: 'values' | 'stored';
  /** True where the values lie on both sides of 0, as derivatives do. */
  diverging: boolean;
  /** One entry a plane: what it is called ("band 3"), and what an output says of it. */
  planes: readonly { label: string; record: BandRecord }[];
  /** Indexes of the bands whose pixels are read. */
  needed: readonly number[];
  /** What the whole cube tells of every pixel, such as its covariance: made once, for every window's task. */
  prepared?: SharedArrayBuffer;
  /** What a person should know, each a sentence. */
  notes?: readonly string[];
}

/** A file beside the cube that an image is computed from, such as a model, as it was when it was read. */
export interface UsedFile extends ReadableFile {
  state: FileState;
}

/** What an image's task gets; `blocks` hold what `needed` bands want of a compressed file. */
export interface ImageTaskArgs {
  cubeId: string;
  blocks: DecodedBlocks;
  parameters: unknown;
  /** In lines and samples of the grid. */
  window: LineSampleWindow;
  /** Which pixels stand for the image; left out: all of them. */
  grid?: PixelGrid;
  /** As in the plan. */
  prepared?: SharedArrayBuffer | undefined;
}

/** planes x lines x samples; `valid` one byte a pixel (1 valid) beside stored numbers of masked files. */
export interface ImageTaskResult {
  pixels: ArrayBuffer;
  valid: ArrayBuffer | null;
}

/** Runs one task on the pool. */
export type RunTask = <Args, Result>(task: Task<Args, Result>, args: Args) => Promise<Result>;

/** Decoded blocks of some bands in a window, for tasks of a plan that read pixels. */
export type FetchBlocks = (
  window: LineSampleWindow,
  bandIndexes: readonly number[],
) => Promise<DecodedBlocks>;

/**
 * One kind of image: what it takes, what it reads, and what computes it. Rooms publish theirs by adding one to the
 * engine's registry and its task to the worker; tiles, statistics, exports and replays follow.
 */
export interface ImageKind<Asked, Complete> {
  readonly kind: string;
  /** Checks parameters as they are asked for. A complete form must pass too. */
  readonly schema: z.ZodType<Asked>;
  /** Fills in what the cube decides. Complete parameters stay as they are. Throws `invalid-request`. */
  readonly complete: (cube: CubeDescription, asked: Asked) => Complete;
  /** Throws `invalid-request` where the image can't be shown. `run` is for what takes a worker. */
  readonly plan: (
    cube: Cube,
    parameters: Complete,
    run: RunTask,
    blocks: FetchBlocks,
  ) => ImagePlan | Promise<ImagePlan>;
  /** Computes one window; runs in a worker. */
  readonly task: Task<ImageTaskArgs, ImageTaskResult>;
  /** Of kinds that are computed from files beside the cube. */
  readonly uses?: {
    /** Those of one image, in an order that counts: recipes name and check them. */
    readonly files: (parameters: Complete) => readonly UsedFile[];
    /**
     * Takes the files that a recipe names, before its parameters are completed. Throws `invalid-request` where they are not those of
     * the parameters.
     */
    readonly take: (parameters: unknown, files: readonly ReadableFile[], run: RunTask) => Promise<void>;
  };
}

type AnyImageKind = ImageKind<unknown, unknown>;

/** The kinds of image an engine knows. */
export class ImageKinds {
  readonly #kinds = new Map<string, AnyImageKind>();

  /** Throws `internal` where there is one of that name. */
  add<Asked, Complete>(kind: ImageKind<Asked, Complete>): void {
    if (this.#kinds.has(kind.kind)) {
      throw new CubelensError('internal', `Two kinds of image are named ${kind.kind}.`);
    }
    // The same object's schema and `complete` give the parameters that its other parts see.
    this.#kinds.set(kind.kind, kind as unknown as AnyImageKind);
  }

  /** Throws `invalid-request` where there is no such kind. */
  get(kind: string): AnyImageKind {
    const found = this.#kinds.get(kind);
    if (found !== undefined) return found;
    throw new CubelensError('invalid-request', `There is no image of kind ${kind}.`, {
      field: 'image.kind',
      remedy: `Known kinds: ${[...this.#kinds.keys()].join(', ')}. A newer version of Cubelens may know it.`,
    });
  }

  /** A requested image with complete parameters. Throws `invalid-request` with the field. */
  complete(cube: CubeDescription, asked: ImageRequest): ImageRecipe {
    const kind = this.get(asked.kind);
    const checked = kind.schema.safeParse(asked.parameters);
    if (checked.success) return { kind: asked.kind, parameters: kind.complete(cube, checked.data) };
    const issue = checked.error.issues[0];
    const field = ['image.parameters', ...(issue?.path ?? [])].map(String).join('.');
    throw new CubelensError('invalid-request', `${field}: ${issue?.message ?? 'not valid'}.`, { field });
  }
}
