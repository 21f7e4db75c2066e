import './spectrumPlot.css';
import { watchTheme } from '../gl/tokens.ts';
import { BandLine } from './bandLine.ts';
import { HoverMarks } from './hoverMarks.ts';
import { SpectrumCanvas } from './spectrumCanvas.ts';
import { watchGestures } from './spectrumGestures.ts';
import { layOutBands, placeOf, type SpectrumLayout } from './spectrumLayout.ts';
import { makeScene, sameBands, sameCurves, type Scene } from './spectrumScene.ts';
import type { SpectrumState } from './spectrumState.ts';
import { SpectrumTexts } from './spectrumTexts.ts';
import { bandAt, panned, pixelX, placeAt, showing, zoomedBy, zoomedTo, type Range } from './spectrumView.ts';
import { bandTag, bandWords, plotWords } from './spectrumWords.ts';

export interface SpectrumEvents {
  /** Another band was chosen: by a click, the band line or its keys. */
  onBand(bandIndex: number): void;
  onBandDragStart(): void;
  onBandDragEnd(): void;
  /** The band under the pointer; null without one. */
  onHover(bandIndex: number | null): void;
}

/** Smaller hosts get no plot: nothing could be read. */
const LEAST_SIZE = 100;
/** Milliseconds; systems take up to so long for two clicks. */
const DOUBLE_CLICK = 500;

/**
 * Spectra over wavelengths or band numbers: values above, their derivative below. Fills its element and follows its size.
 * uPlot draws the curves; areas, axes and lines are drawn from the same view. At most one drawing a frame.
 */
export class SpectrumPlot {
  readonly #host: HTMLElement;
  readonly #events: SpectrumEvents;
  readonly #picture = document.createElement('div');
  readonly #area = document.createElement('div');
  readonly #canvas: SpectrumCanvas;
  readonly #texts: SpectrumTexts;
  readonly #hover: HoverMarks;
  readonly #end = new AbortController();
  readonly #observer: ResizeObserver;
  readonly #stopWatching: () => void;
  #lines: BandLine[] = [];
  #state: SpectrumState | null = null;
  #layout: SpectrumLayout | null = null;
  #scene: Scene | null = null;
  #zoom: Range | null = null;
  #size = { width: 0, height: 0 };
  #pointer: { x: number; y: number } | null = null;
  #hovered: number | null = null;
  /** When a band was clicked, and which one was current before. */
  #click: { time: number; before: number | undefined } = { time: -Infinity, before: undefined };
  #frame = 0;
  #isDataNew = false;
  #isViewNew = false;
  #isLookNew = false;

  constructor(element: HTMLElement, events: SpectrumEvents) {
    this.#host = element;
    this.#events = events;
    element.classList.add('spectrum-plot');
    this.#picture.className = 'spectrum-picture';
    // The band line is no child of the picture: what is inside an image cannot be reached.
    this.#picture.setAttribute('role', 'img');
    const texts = document.createElement('div');
    texts.className = 'spectrum-texts';
    this.#picture.append(texts);
    this.#area.className = 'spectrum-area';
    element.append(this.#picture, this.#area);
    this.#canvas = new SpectrumCanvas(this.#picture);
    this.#texts = new SpectrumTexts(texts);
    this.#hover = new HoverMarks(this.#area);
    watchGestures(
      this.#area,
      {
        onPoint: (point) => {
          this.#choose(this.#bandAt(point));
        },
        onHover: (point) => {
          this.#pointer = point;
          this.#ask();
        },
        onStretch: (from, to) => {
          this.#rezoom(({ layout, view, box }) => zoomedTo(layout, view, box, from, to));
        },
        onZoom: (factor, x) => {
          this.#rezoom(({ layout, view, box }) => zoomedBy(layout, view, factor, placeAt(view.x, box, x)));
        },
        onPan: (share) => {
          this.#rezoom(({ layout }) => panned(layout, this.#zoom, share));
        },
        onReset: () => {
          this.#takeBackClick();
          this.resetZoom();
        },
      },
      this.#end.signal,
    );
    this.#observer = new ResizeObserver(() => {
      this.#resize();
    });
    this.#observer.observe(element);
    this.#stopWatching = watchTheme(() => {
      this.#isLookNew = true;
      this.#ask();
    });
    this.#resize();
  }

  /** Shows a state. Curves are drawn anew only where arrays are others than before. */
  set(state: SpectrumState): void {
    const before = this.#state;
    this.#state = state;
    if (before === null || !sameBands(before, state)) {
      this.#layout = layOutBands(state);
      this.#zoom = null;
      this.#isDataNew = true;
    } else if (!sameCurves(before, state)) this.#isDataNew = true;
    const band = state.bandIndexes[0];
    if (band !== undefined && band !== before?.bandIndexes[0] && this.#layout !== null) {
      const zoom = showing(this.#layout, this.#zoom, placeOf(this.#layout.places, band));
      if (zoom !== this.#zoom) this.#isViewNew = true;
      this.#zoom = zoom;
    }
    this.#ask();
  }

  /** Shows all bands. */
  resetZoom(): void {
    this.#rezoom(() => null);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#end.abort();
    this.#observer.disconnect();
    this.#stopWatching();
    this.#canvas.dispose();
    this.#picture.remove();
    this.#area.remove();
    this.#host.classList.remove('spectrum-plot');
  }

  #choose(bandIndex: number | null): void {
    if (bandIndex === null) return;
    const now = performance.now();
    const before = this.#state?.bandIndexes[0];
    if (now - this.#click.time > DOUBLE_CLICK) this.#click = { time: now, before };
    if (bandIndex !== before) this.#events.onBand(bandIndex);
  }

  /** A double click is for the zoom alone: its first click chose a band. */
  #takeBackClick(): void {
    const { before } = this.#click;
    if (before !== undefined && before !== this.#state?.bandIndexes[0]) this.#events.onBand(before);
    this.#click = { time: -Infinity, before: undefined };
  }

  #rezoom(zoomOf: (scene: Scene) => Range | null): void {
    if (this.#scene === null) return;
    const zoom = zoomOf(this.#scene);
    if (zoom === this.#zoom) return;
    this.#zoom = zoom;
    // Further events of this frame start from here.
    this.#scene = { ...this.#scene, view: { ...this.#scene.view, ...(zoom === null ? {} : { x: zoom }) } };
    this.#isViewNew = true;
    this.#ask();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    this.#isViewNew = true;
    this.#ask();
  }

  #ask(): void {
    if (this.#frame !== 0 || this.#end.signal.aborted) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const { width, height } = this.#size;
    const isUsable = width >= LEAST_SIZE && height >= LEAST_SIZE;
    this.#picture.hidden = this.#area.hidden = !isUsable;
    if (!isUsable || this.#state === null || this.#layout === null) return;
    const isSceneNew = this.#isDataNew || this.#isViewNew || this.#scene === null;
    const scene = isSceneNew
      ? makeScene(this.#state, this.#layout, this.#size, this.#zoom)
      : { ...(this.#scene as Scene), state: this.#state };
    this.#scene = scene;
    if (isSceneNew) this.#drawScene(scene);
    if (this.#isLookNew) this.#canvas.recolour();
    this.#isDataNew = this.#isViewNew = this.#isLookNew = false;
    this.#drawMarks(scene);
  }

  #drawScene(scene: Scene): void {
    const { state, layout, box } = scene;
    this.#canvas.draw(scene, this.#isDataNew);
    this.#texts.draw(scene);
    this.#picture.setAttribute('aria-label', plotWords(state, layout));
    const { style } = this.#area;
    style.left = `${box.left}px`;
    style.top = `${box.top}px`;
    style.width = `${box.width}px`;
    style.height = `${box.height}px`;
  }

  /** Band lines and the pointer's marks: elements that move without a drawing. */
  #drawMarks(scene: Scene): void {
    const { state, layout, view, box, size } = scene;
    while (this.#lines.length < state.bandIndexes.length) {
      const line = new BandLine(this.#lines.length === 0 ? this.#lineEvents() : null);
      this.#lines.push(line);
      this.#area.append(line.element);
    }
    for (const line of this.#lines.splice(Math.max(1, state.bandIndexes.length))) line.element.remove();
    const isColour = state.bandIndexes.length === 3;
    const tags = state.bandIndexes.flatMap((bandIndex, index) => {
      const x = pixelX(view.x, box, placeOf(layout.places, bandIndex));
      const isSeen = x >= -0.5 && x <= box.width + 0.5;
      const channel = isColour ? ('RGB'[index] ?? null) : null;
      const line = this.#lines[index];
      line?.set(
        bandIndex,
        state.bandIsGood.length,
        isSeen ? x : null,
        channel ?? bandTag(state, bandIndex),
        channel,
        size.width - box.left,
      );
      return isSeen && line !== undefined ? [{ x: box.left + x, halfWidth: line.tagHalfWidth }] : [];
    });
    const [first] = state.bandIndexes;
    if (first !== undefined) this.#lines[0]?.say(bandWords(state, first));

    const hovered = this.#pointer === null ? null : this.#bandAt(this.#pointer);
    const at = this.#hover.set(hovered, scene);
    this.#texts.makeRoom(at === null ? null : box.left + at, tags);
    if (hovered !== this.#hovered) {
      this.#hovered = hovered;
      this.#events.onHover(hovered);
    }
  }

  #lineEvents() {
    return {
      onBand: this.#events.onBand.bind(this.#events),
      onDragStart: this.#events.onBandDragStart.bind(this.#events),
      onDragEnd: this.#events.onBandDragEnd.bind(this.#events),
      onFocus: () => {
        this.#rezoom(({ layout, state }) =>
          showing(layout, this.#zoom, placeOf(layout.places, state.bandIndexes[0] ?? -1)),
        );
      },
      bandAt: (event: PointerEvent) => {
        const { left, top, width } = this.#area.getBoundingClientRect();
        return this.#bandAt({
          x: Math.min(width, Math.max(0, event.clientX - left)),
          y: event.clientY - top,
        });
      },
    };
  }

  #bandAt(point: { x: number; y: number }): number | null {
    if (this.#scene === null) return null;
    const { layout, state, view, box } = this.#scene;
    return bandAt(layout, state, view, box, point);
  }
}
