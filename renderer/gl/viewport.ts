import type { ScreenSize } from './screen.ts';
import {
  clampView,
  fitView,
  pixelAt,
  projectionOf,
  sameView,
  type Pixel,
  type Point,
  type Projection,
  type Stage,
  type ViewState,
} from './viewGeometry.ts';

/** What part of an image is seen on a screen, kept in line with the image, the screen's size and the pixels' shape. */
export class Viewport {
  readonly #changed: (isMoved: boolean) => void;
  #grid: { lines: number; samples: number } | null = null;
  #aspect = 1;
  #size: ScreenSize = { width: 0, height: 0, ratio: 1 };
  #view: ViewState = { scale: 1, centreLine: 0, centreSample: 0 };
  /** The whole image is shown, and shall be when the size changes. */
  #isFitted = true;

  /** @param changed called when the screen shows something else; `isMoved` where the view itself is another. */
  constructor(changed: (isMoved: boolean) => void) {
    this.#changed = changed;
  }

  get size(): ScreenSize {
    return this.#size;
  }

  /** Whole device pixels of the screen. */
  get device(): { width: number; height: number } {
    const { width, height, ratio } = this.#size;
    return { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  }

  get view(): ViewState {
    return { ...this.#view };
  }

  /** The image on its screen; null where there is no image or no screen. */
  get stage(): Stage | null {
    const { width, height } = this.#size;
    if (this.#grid === null || width <= 0 || height <= 0) return null;
    const { lines, samples } = this.#grid;
    return { lines, samples, aspect: this.#aspect, ...this.#size };
  }

  get projection(): Projection | null {
    const { stage } = this;
    return stage === null ? null : projectionOf(this.#view, stage);
  }

  /** The pixel at a point of the screen; null beside the image. */
  pixelAt(point: Point): Pixel | null {
    const { stage } = this;
    return stage === null ? null : pixelAt(this.#view, point, stage);
  }

  /** Another image: it is shown whole. */
  setGrid(grid: { lines: number; samples: number } | null): void {
    this.#grid = grid;
    this.fit();
  }

  /** Throws `RangeError` unless above 0. */
  setAspect(samplePerLine: number): void {
    if (!(samplePerLine > 0 && Number.isFinite(samplePerLine))) {
      throw new RangeError(`The height of a line must be above 0, not ${samplePerLine}.`);
    }
    if (samplePerLine === this.#aspect) return;
    this.#aspect = samplePerLine;
    this.#refresh();
  }

  setSize(size: ScreenSize): void {
    this.#size = size;
    this.#refresh();
  }

  /** Shows the whole image, also after a change of size. */
  fit(): void {
    this.#isFitted = true;
    this.#refresh();
  }

  /** Takes another view by a person's or the caller's wish. */
  change(next: (view: ViewState, stage: Stage) => ViewState): void {
    const { stage } = this;
    if (stage === null) return;
    const view = next(this.#view, stage);
    if (sameView(view, this.#view)) return;
    this.#isFitted = false;
    this.#take(view);
  }

  /** Brings the view into line with image, size and aspect. */
  #refresh(): void {
    const { stage } = this;
    if (stage === null) this.#changed(false);
    else this.#take(this.#isFitted ? fitView(stage) : clampView(this.#view, stage));
  }

  #take(view: ViewState): void {
    const isMoved = !sameView(view, this.#view);
    this.#view = view;
    this.#changed(isMoved);
  }
}
