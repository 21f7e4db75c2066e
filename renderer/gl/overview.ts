import './overview.css';
import type { Colouring, ImageSource } from './imageSource.ts';
import { layOutOverview, placeInOverview, type OverviewLayout } from './overviewGeometry.ts';
import { Picture } from './picture.ts';
import { TileCanvas, type GlTile } from './tileCanvas.ts';
import { drawnPart } from './tileChoice.ts';
import type { TileRequest } from './tileLoader.ts';
import type { ViewTokens } from './tokens.ts';
import type { Pixel, Projection, Stage, ViewState } from './viewGeometry.ts';

/** What an overview needs from outside. */
export interface OverviewParts {
  viewId: string;
  loadTile: (
    canvas: TileCanvas,
    source: ImageSource | null,
    request: TileRequest,
    init: { headers: Record<string, string>; signal: AbortSignal },
  ) => Promise<GlTile>;
  /** Colours of what is no picture, as they hold now. */
  tokens: () => ViewTokens;
  /** A place was pointed at: it shall be in the middle. */
  onPlace: (place: Pixel) => void;
}

/** What it draws on; made when it is first seen, for a page has only a few drawing contexts. */
interface Drawing {
  canvas: TileCanvas;
  picture: Picture<GlTile>;
}

/** The picture is fetched when view and image have rested so long: what is looked at goes first. */
const restMs = 400;

/** The whole image in small, in the corner of a view that shows a part of it, with that part framed. A pointer on it moves the view. */
export class Overview {
  readonly element = document.createElement('div');
  readonly #frame = document.createElement('div');
  readonly #parts: OverviewParts;
  #drawing: Drawing | null = null;
  #source: ImageSource | null = null;
  #colouring: Colouring | null = null;
  #stage: Stage | null = null;
  #layout: OverviewLayout | null = null;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: OverviewParts) {
    this.#parts = parts;
    const { element } = this;
    element.className = 'band-view-overview';
    element.hidden = true;
    // Keys move the view as well, and what is seen stands in the read-out.
    element.setAttribute('aria-hidden', 'true');
    this.#frame.className = 'band-view-overview-frame';
    element.append(this.#frame);
    this.#listen();
  }

  /** The image asked for last, and its colours: they follow a moment later. */
  setImage(source: ImageSource | null, colouring: Colouring | null): void {
    this.#source = source;
    if (colouring !== null) this.#colouring = colouring;
    this.#follow();
  }

  setColouring(colouring: Colouring): void {
    this.#colouring = colouring;
    if (this.#drawing?.picture.source?.key === this.#source?.key)
      this.#drawing?.picture.setColouring(colouring);
    else this.#follow();
  }

  /** Frames what is seen; hidden where all is. */
  setView(view: ViewState, stage: Stage | null): void {
    this.#stage = stage;
    this.#layout = stage === null ? null : layOutOverview(view, stage);
    // One of another image is shown again once its picture has followed.
    const isStale = this.element.hidden && this.#drawing?.picture.source?.key !== this.#source?.key;
    this.element.hidden = this.#layout === null || this.#drawing === null || isStale;
    if (this.#layout !== null) {
      const { x, y, width, height } = this.#layout.frame;
      const { style } = this.#frame;
      // Beside the padding; at least large enough to be seen.
      style.left = `${3 + x}px`;
      style.top = `${3 + y}px`;
      style.width = `${Math.max(4, width)}px`;
      style.height = `${Math.max(4, height)}px`;
    }
    this.#follow();
  }

  /** Tries again what could not be had. */
  retry(): void {
    this.#drawing?.picture.retry();
  }

  /** The theme is another. */
  readTokens(): void {
    this.#drawing?.canvas.setTokens(this.#parts.tokens());
    this.#draw();
  }

  dispose(): void {
    clearTimeout(this.#rest);
    this.#drop();
    this.element.remove();
  }

  /** Fetches and shows the picture once all has rested. */
  #follow(): void {
    clearTimeout(this.#rest);
    if (this.#layout === null) return;
    this.#rest = setTimeout(() => {
      this.#show();
    }, restMs);
  }

  #show(): void {
    const [source, stage, layout] = [this.#source, this.#stage, this.#layout];
    if (source === null || stage === null || layout === null) return;
    const drawing = (this.#drawing ??= this.#create());
    if (drawing === null) return;
    drawing.canvas.resize(
      Math.round(layout.width * stage.ratio),
      Math.round(layout.height * stage.ratio),
      stage.ratio,
    );
    const { style } = drawing.canvas.element;
    style.width = `${layout.width}px`;
    style.height = `${layout.height}px`;
    if (drawing.picture.source?.key !== source.key)
      drawing.picture.setImage(source, this.#colouring ?? undefined);
    else if (this.#colouring !== null) drawing.picture.setColouring(this.#colouring);
    drawing.picture.setView(projectionOf(layout, stage));
    this.element.hidden = false;
    this.#draw();
  }

  /** Null where the page can have no further drawing context: then there is no overview. */
  #create(): Drawing | null {
    const element = document.createElement('canvas');
    let canvas: TileCanvas;
    try {
      canvas = new TileCanvas(element);
    } catch {
      return null;
    }
    element.addEventListener('webglcontextlost', () => {
      this.#drop();
    });
    this.element.prepend(element);
    canvas.setTokens(this.#parts.tokens());
    const picture: Picture<GlTile> = new Picture<GlTile>({
      viewId: this.#parts.viewId,
      fetchTile: (request, init) =>
        this.#parts.loadTile(canvas, picture.source, request, {
          ...init,
          headers: { ...init.headers, 'cubelens-priority': 'prefetch' },
        }),
      bytesOf: ({ bytes }) => bytes,
      dispose: ({ texture }) => {
        texture.dispose();
      },
      onChange: () => {
        requestAnimationFrame(() => {
          this.#draw();
        });
      },
      // The view beside it says what is still to come and what is wrong.
      onLoading: () => undefined,
      onProblem: () => undefined,
      budgetBytes,
    });
    return { canvas, picture };
  }

  #drop(): void {
    this.#drawing?.picture.dispose();
    this.#drawing?.canvas.dispose();
    this.#drawing = null;
    this.element.hidden = true;
  }

  #draw(): void {
    const [stage, layout] = [this.#stage, this.#layout];
    if (this.#drawing === null || stage === null || layout === null) return;
    const { lines, samples } = stage;
    const whole = { lines, samples, tileSize: Math.max(lines, samples), levels: 1 };
    const image = drawnPart(whole, projectionOf(layout, stage), { level: 0, row: 0, column: 0 });
    this.#drawing.canvas.draw({ image, layers: this.#drawing.picture.drawn() });
  }

  #listen(): void {
    const { element } = this;
    const go = (event: PointerEvent): void => {
      const [stage, layout] = [this.#stage, this.#layout];
      if (stage === null || layout === null) return;
      const { left, top } = element.getBoundingClientRect();
      const point = { x: event.clientX - left - 3, y: event.clientY - top - 3 };
      this.#parts.onPlace(placeInOverview(point, layout, stage));
    };
    // Nothing here is a gesture of the view below.
    for (const kind of ['pointermove', 'pointerup', 'pointercancel', 'wheel', 'dblclick'] as const) {
      element.addEventListener(kind, (event) => {
        event.stopPropagation();
      });
    }
    element.addEventListener('pointerdown', (event) => {
      event.stopPropagation();
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      go(event);
    });
    element.addEventListener('pointermove', (event) => {
      if (element.hasPointerCapture(event.pointerId)) go(event);
    });
  }
}

/** A few coarse tiles of the images looked at last. */
const budgetBytes = 16 * 1024 * 1024;

function projectionOf(layout: OverviewLayout, { lines, samples, ratio }: Stage): Projection {
  const [width, height] = [Math.round(layout.width * ratio), Math.round(layout.height * ratio)];
  return { line0: 0, sample0: 0, perLine: height / lines, perSample: width / samples, width, height };
}
