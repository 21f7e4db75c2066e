import './bandView.css';
import type { Client } from '../api/client.ts';
import { binEdges } from './binEdges.ts';
import { listen } from './gestures.ts';
import { sameGrid } from './imageSource.ts';
import type { Colouring, ImageSource, LoadingState, ViewProblem } from './imageSource.ts';
import type { KeyAction } from './inputs.ts';
import { loadTile } from './loadTile.ts';
import { Overlay, pinRadius, type Mark, type OverlayState } from './overlay.ts';
import { Overview } from './overview.ts';
import { Picture } from './picture.ts';
import { TileCanvas, type GlTile } from './tileCanvas.ts';
import { drawnPart } from './tileChoice.ts';
import { dress, watchContext, watchSize, type ScreenSize } from './screen.ts';
import { readTokens, watchTheme } from './tokens.ts';
import {
  clampView,
  panBy,
  pinch,
  pointOf,
  projectionOf,
  showing,
  zoomAbout,
  type Pixel,
  type Point,
  type Projection,
  type Stage,
  type ViewState,
} from './viewGeometry.ts';
import { Viewport } from './viewport.ts';

/** What the band view tells. Pixels count from 0. */
export interface BandViewEvents {
  /** A pixel was picked by click, tap or key; its crosshair is shown already. */
  onPick(pixel: Pixel): void;
  /** The pixel under the pointer; null outside the image. */
  onHover(pixel: Pixel | null): void;
  onView(view: ViewState): void;
  onLoading(state: LoadingState): void;
  /** What is wrong now; null when it is over. */
  onProblem(problem: ViewProblem | null): void;
  /** All that the present view needs of the image with this key is on the screen, in full resolution and its colours. */
  onDrawn?(key: string): void;
}

const lossProblem: ViewProblem = {
  message: 'The graphics card has stopped drawing the image.',
  remedy: 'It usually comes back by itself. If it does not, reload the window.',
};

/**
 * The image of a cube: fetches its tiles, colours them on the graphics card, and lets a person move in it. Driven from
 * outside, it knows nothing of what it shows. The element needs a size of its own and an `aria-label`.
 */
export class BandView {
  readonly #element: HTMLElement;
  readonly #client: Client;
  readonly #events: BandViewEvents;
  readonly #canvas: TileCanvas;
  readonly #overlay = new Overlay();
  readonly #picture: Picture<GlTile>;
  readonly #overview: Overview;
  readonly #ends: (() => void)[] = [];
  readonly #port = new Viewport((isMoved) => {
    this.#viewChanged(isMoved);
  });
  #over: OverlayState = { pixel: null, marks: [], scale: { metresPerSample: null } };
  #pointer: Point | null = null;
  #hovered: Pixel | null = null;
  #frame = 0;
  #announced = new Set<string>();
  #isLost = false;
  #problems: { context: ViewProblem | null; picture: ViewProblem | null } = { context: null, picture: null };
  #isDisposed = false;

  /** Throws `NoWebGl` where images cannot be drawn. */
  constructor(element: HTMLElement, client: Client, events: BandViewEvents) {
    this.#client = client;
    this.#element = element;
    this.#events = events;
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    this.#canvas = new TileCanvas(canvas);
    this.#picture = this.#createPicture();
    this.#overview = this.#createOverview();
    element.append(canvas, this.#overlay.element, this.#overview.element);
    this.#ends.push(
      dress(element),
      listen(element, {
        zoom: (factor, about) => {
          this.#port.change((view, stage) => zoomAbout(view, factor, about, stage));
        },
        drag: (dx, dy) => {
          this.#port.change((view, stage) => panBy(view, dx, dy, stage));
        },
        pinch: (from, to) => {
          this.#port.change((view, stage) => pinch(view, from, to, stage));
        },
        pick: (point) => {
          this.#pick(this.#markAt(point) ?? this.#port.pixelAt(point));
        },
        hover: (point) => {
          this.#hover(point);
        },
        key: (action) => {
          this.#act(action);
        },
      }),
      watchTheme(() => {
        this.#readTokens();
      }),
      watchSize(element, (size) => {
        this.#resize(size);
      }),
      this.#watchContext(canvas),
    );
    this.#readTokens();
  }

  /**
   * Shows an image. With the same lines and samples the view stays, and the old picture until new tiles cover it; else
   * the image is fitted. Asked for faster than images come, each begun is completed and the latest follows. Without a
   * colouring it takes the one of the image before. The same key again tries anew what failed.
   */
  setImage(source: ImageSource | null, colouring?: Colouring): void {
    const before = this.#picture.source;
    if (colouring !== undefined) checkColouring(colouring);
    const keepsView = source !== null && before !== null && sameGrid(source, before);
    this.#picture.setImage(source, colouring);
    this.#overview.setImage(source, colouring ?? null);
    this.#announced.clear();
    if (keepsView) return;
    if (source === null) this.#overlay.element.replaceChildren();
    this.#port.setGrid(source);
  }

  /** Fetches what will be seen of an image of the same size that is about to be set; nothing on the screen changes. */
  prepare(source: ImageSource): void {
    this.#picture.prepare(source);
  }

  /**
   * Colours the image that was set last; nothing is fetched. Throws `RangeError` where a limit is not finite. Set an
   * image before its colouring, or both at once: the image before keeps the one it had.
   */
  setColouring(colouring: Colouring): void {
    checkColouring(colouring);
    this.#picture.setColouring(colouring);
    this.#overview.setColouring(colouring);
    this.#announced.clear();
  }

  /** Pixels that are not square: how many samples' widths a line is high. Throws `RangeError` unless above 0. */
  setAspect(samplePerLine: number): void {
    this.#port.setAspect(samplePerLine);
  }

  /** The crosshair's pixel. */
  setPixel(pixel: Pixel | null): void {
    this.#over = { ...this.#over, pixel };
    this.#schedule();
  }

  /** Pinned pixels. */
  setMarks(marks: readonly Mark[]): void {
    this.#over = { ...this.#over, marks };
    this.#schedule();
  }

  /** The ground size of a sample, for the scale bar; null where it is not known. With a unit's label it is in that unit. */
  setScaleBar(scale: OverlayState['scale']): void {
    this.#over = { ...this.#over, scale };
    this.#schedule();
  }

  /** Shows the whole image, also after a change of size. */
  fit(): void {
    this.#port.fit();
  }

  /** One sample to one device pixel: nothing is left out and nothing doubled. */
  actualSize(): void {
    this.#port.change((view, stage) => clampView({ ...view, scale: 1 / stage.ratio }, stage));
  }

  /** Zooms about the middle; above 1 nearer. */
  zoomBy(factor: number): void {
    this.#port.change((view, stage) =>
      zoomAbout(view, factor, { x: stage.width / 2, y: stage.height / 2 }, stage),
    );
  }

  /** Moves the view by fractions of the screen: positive to the right and down in the image. */
  pan(dxFraction: number, dyFraction: number): void {
    this.#port.change((view, stage) =>
      panBy(view, -dxFraction * stage.width, -dyFraction * stage.height, stage),
    );
  }

  /** Moves the view, where needed, until a pixel is seen. */
  showPixel(pixel: Pixel): void {
    this.#port.change((view, stage) => showing(view, pixel, stage));
  }

  get view(): ViewState {
    return this.#port.view;
  }

  setView(view: ViewState): void {
    this.#port.change((_, stage) => clampView(view, stage));
  }

  /** Tries again what could not be had. */
  retry(): void {
    this.#picture.retry();
    this.#overview.retry();
  }

  /** Ends everything and empties the element. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    cancelAnimationFrame(this.#frame);
    for (const end of this.#ends) end();
    this.#picture.dispose();
    this.#overview.dispose();
    this.#canvas.dispose();
    this.#overlay.element.remove();
  }

  #createPicture(): Picture<GlTile> {
    return new Picture<GlTile>({
      viewId: newViewId(),
      fetchTile: (request, init) => loadTile(this.#client, this.#canvas, this.#picture.source, request, init),
      bytesOf: (tile) => tile.bytes,
      dispose: (tile) => {
        tile.texture.dispose();
      },
      onChange: () => {
        this.#schedule();
      },
      onLoading: (state) => {
        this.#events.onLoading(state);
      },
      onProblem: (picture) => {
        this.#setProblem({ ...this.#problems, picture });
      },
    });
  }

  #createOverview(): Overview {
    return new Overview({
      viewId: newViewId(),
      loadTile: (canvas, source, request, init) => loadTile(this.#client, canvas, source, request, init),
      tokens: () => readTokens(this.#element),
      onPlace: ({ line, sample }) => {
        this.#port.change((view, stage) =>
          clampView({ ...view, centreLine: line, centreSample: sample }, stage),
        );
      },
    });
  }

  #resize(size: ScreenSize): void {
    const { width, height, ratio } = size;
    if (width > 0 && height > 0)
      this.#canvas.resize(Math.round(width * ratio), Math.round(height * ratio), ratio);
    this.#port.setSize(size);
    // A canvas of a new size is empty: it is filled before the browser shows it.
    this.#draw();
  }

  #watchContext(canvas: HTMLCanvasElement): () => void {
    return watchContext(canvas, {
      lost: () => {
        this.#isLost = true;
        // What the old context held cannot be freed once there is a new one.
        this.#picture.forgetTiles();
        this.#canvas.forget();
      },
      stayedLost: () => {
        this.#setProblem({ ...this.#problems, context: lossProblem });
      },
      restored: () => {
        this.#isLost = false;
        this.#announced.clear();
        this.#setProblem({ ...this.#problems, context: null });
        this.#readTokens();
        this.#picture.retry();
      },
    });
  }

  #readTokens(): void {
    this.#canvas.setTokens(readTokens(this.#element));
    this.#overview.readTokens();
    this.#schedule();
  }

  #setProblem(next: { context: ViewProblem | null; picture: ViewProblem | null }): void {
    const before = this.#problems.context ?? this.#problems.picture;
    this.#problems = next;
    const now = next.context ?? next.picture;
    if (now !== before) this.#events.onProblem(now);
  }

  #viewChanged(isMoved: boolean): void {
    this.#announced.clear();
    this.#picture.setView(this.#port.projection);
    this.#overview.setView(this.#port.view, this.#port.stage);
    this.#schedule();
    if (isMoved) this.#events.onView(this.#port.view);
    this.#tellHover();
  }

  #pick(pixel: Pixel | null): void {
    if (pixel === null) return;
    this.setPixel(pixel);
    this.#events.onPick(pixel);
  }

  /** The pinned pixel whose disc lies under a point; null beside all. */
  #markAt({ x, y }: Point): Pixel | null {
    const [stage, to] = [this.#port.stage, this.#port.projection];
    if (stage === null || to === null) return null;
    const mark = this.#over.marks.findLast(({ line, sample }) => {
      const middle = pointOf({ line: line + 0.5, sample: sample + 0.5 }, to, stage.ratio);
      return Math.hypot(middle.x - x, middle.y - y) <= pinRadius;
    });
    return mark === undefined ? null : { line: mark.line, sample: mark.sample };
  }

  #hover(point: Point | null): void {
    this.#pointer = point;
    this.#tellHover();
  }

  #tellHover(): void {
    const pixel = this.#pointer === null ? null : this.#port.pixelAt(this.#pointer);
    const { line, sample } = this.#hovered ?? {};
    if (pixel?.line === line && pixel?.sample === sample) return;
    this.#hovered = pixel;
    this.#events.onHover(pixel);
  }

  #act(action: KeyAction): void {
    switch (action.kind) {
      case 'move':
        this.#movePixel(action.lines, action.samples);
        break;
      case 'pan':
        this.pan(action.x, action.y);
        break;
      case 'zoom':
        this.zoomBy(action.factor);
        break;
      case 'fit':
        this.fit();
        break;
      case 'actual':
        this.actualSize();
        break;
    }
  }

  /** Steps the picked pixel; where none is picked, the one in the middle is. */
  #movePixel(lines: number, samples: number): void {
    const { stage } = this.#port;
    if (stage === null) return;
    const inside = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value));
    const { pixel } = this.#over;
    const { centreLine, centreSample } = this.#port.view;
    const next =
      pixel === null
        ? { line: Math.floor(centreLine), sample: Math.floor(centreSample) }
        : { line: pixel.line + lines, sample: pixel.sample + samples };
    const picked = { line: inside(next.line, stage.lines), sample: inside(next.sample, stage.samples) };
    if (picked.line === pixel?.line && picked.sample === pixel.sample) return;
    this.#pick(picked);
    this.showPixel(picked);
  }

  /** Draws with the browser's next frame. */
  #schedule(): void {
    if (this.#frame !== 0 || this.#isDisposed) return;
    this.#frame = requestAnimationFrame(() => {
      this.#draw();
    });
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { width, height } = this.#port.device;
    if (this.#isLost || this.#isDisposed || width === 0 || height === 0) return;
    const { stage } = this.#port;
    if (stage === null) {
      this.#canvas.draw({ image: null, layers: [] });
      return;
    }
    const to = projectionOf(this.#port.view, stage);
    const layers = this.#picture.drawn();
    // A layer that covers all of the image needs no ground below it.
    const isCovered = layers.some(({ isComplete }) => isComplete);
    this.#canvas.draw({ image: isCovered ? null : wholeImage(stage, to), layers });
    this.#overlay.draw(this.#over, to, stage);
    this.#announce(layers);
  }

  #announce(layers: readonly { key: string; isComplete: boolean }[]): void {
    const complete = layers.filter(({ isComplete }) => isComplete).map(({ key }) => key);
    const fresh = complete.filter((key) => !this.#announced.has(key));
    this.#announced = new Set(complete);
    for (const key of fresh) this.#events.onDrawn?.(key);
  }
}

/** Tells requests of one picture from those of others. */
const newViewId = (): string => crypto.getRandomValues(new Uint32Array(2)).join('-');

/** The image's part of the screen, as if it were one tile. */
function wholeImage({ lines, samples }: Stage, to: Projection) {
  const image = { lines, samples, tileSize: Math.max(lines, samples), levels: 1 };
  return drawnPart(image, to, { level: 0, row: 0, column: 0 });
}

/** Refuses a colouring where it is given rather than where it is drawn. Throws `RangeError`. */
function checkColouring(colouring: Colouring): void {
  if (colouring.kind === 'rgb') for (const limits of colouring.limits) binEdges(limits);
  else if (colouring.kind === 'map') {
    binEdges(colouring);
    if (colouring.colours.length < 768) throw new RangeError('A colour map has 256 colours of 3 bytes.');
  }
}
