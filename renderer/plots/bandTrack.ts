import './bandTrack.css';
import { bandForKey, isModified } from './bandKeys.ts';
import {
  badRunsOf,
  nearestKnob,
  trackBand,
  trackLabels,
  trackX,
  type TrackState,
} from './bandTrackLayout.ts';
import { bandCaption } from './spectrumWords.ts';

export interface BandTrackEvents {
  onBand(knobIndex: number, bandIndex: number): void;
  onDragStart(): void;
  onDragEnd(): void;
}

const SVG = 'http://www.w3.org/2000/svg';
const MIDDLE = 19;
const CHANNELS = ['Red', 'Green', 'Blue'];

/** The band bar's slider: one block a segment, bad bands hatched, a knob for the band or for each colour channel. */
export class BandTrack {
  readonly #host: HTMLElement;
  readonly #events: BandTrackEvents;
  readonly #svg = document.createElementNS(SVG, 'svg');
  readonly #done = document.createElement('div');
  readonly #end = new AbortController();
  readonly #observer: ResizeObserver;
  #knobs: HTMLElement[] = [];
  #state: TrackState | null = null;
  #ground: unknown[] = [];
  #dragged: { knob: number; band: number } | null = null;
  #frame = 0;

  constructor(element: HTMLElement, events: BandTrackEvents) {
    this.#host = element;
    this.#events = events;
    element.classList.add('band-track');
    this.#svg.setAttribute('aria-hidden', 'true');
    this.#done.className = 'band-track-done';
    element.append(this.#svg, this.#done);
    this.#watchPointer();
    this.#observer = new ResizeObserver(() => {
      this.#ask();
    });
    this.#observer.observe(element);
  }

  set(state: TrackState): void {
    this.#state = state;
    this.#ask();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#end.abort();
    this.#observer.disconnect();
    this.#host.replaceChildren();
    this.#host.classList.remove('band-track');
  }

  #ask(): void {
    if (this.#frame !== 0 || this.#end.signal.aborted) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#state !== null) this.#draw(this.#state);
    });
  }

  #draw(state: TrackState): void {
    const width = this.#host.clientWidth;
    const { bandIsGood, bandIndexes, segments, wavelengthsNm } = state;
    const ground = [width, bandIsGood, segments, wavelengthsNm];
    if (ground.some((part, index) => part !== this.#ground[index])) {
      this.#ground = ground;
      this.#drawGround(state, width);
    }
    while (this.#knobs.length < bandIndexes.length) this.#addKnob();
    for (const knob of this.#knobs.splice(bandIndexes.length)) knob.remove();
    const isColour = bandIndexes.length === 3;
    const x = (bandIndex: number) => trackX(bandIndex, bandIsGood.length, width);
    bandIndexes.forEach((bandIndex, index) => {
      const knob = this.#knobs[index];
      if (knob === undefined) return;
      const caption = bandCaption(state, bandIndex);
      knob.classList.toggle('band-track-channel', isColour);
      knob.textContent = isColour ? (CHANNELS[index]?.charAt(0) ?? '') : '';
      knob.style.transform = `translateX(${x(bandIndex)}px)`;
      const attributes = {
        'aria-label': isColour ? `${CHANNELS[index] ?? ''} band` : 'Band',
        'aria-valuemax': String(bandIsGood.length),
        'aria-valuenow': String(bandIndex + 1),
        'aria-valuetext': [
          `band ${bandIndex + 1}`,
          ...(caption === '' ? [] : [caption]),
          ...(bandIsGood[bandIndex] === false ? ['bad band'] : []),
        ].join(', '),
      };
      for (const [name, value] of Object.entries(attributes)) knob.setAttribute(name, value);
    });
    this.#done.hidden = isColour || bandIndexes.length === 0;
    this.#done.style.width = `${Math.max(0, x(bandIndexes[0] ?? 0) - x(0))}px`;
  }

  #drawGround(state: TrackState, width: number): void {
    const bands = state.bandIsGood.length;
    const x = (bandIndex: number) => trackX(bandIndex, bands, width);
    const parts: SVGElement[] = [];
    for (const { first, last } of badRunsOf(state.bandIsGood)) {
      const [left, right] = [x(first - 0.5), x(last + 0.5)];
      const place = { x: left, y: MIDDLE - 5, width: Math.max(2, right - left), height: 10 };
      parts.push(shape('rect', { ...place, class: 'band-track-bad' }), hatching(left, place.width));
    }
    for (const { firstBandIndex, lastBandIndex } of state.segments) {
      const [left, right] = [x(firstBandIndex - 0.3), x(lastBandIndex + 0.3)];
      // Bands may stand closer than a pixel: the gap stays to be seen.
      const end = lastBandIndex === bands - 1 ? right : Math.min(right, x(lastBandIndex + 1) - 1.5);
      parts.push(
        shape('rect', {
          x: left,
          y: MIDDLE - 2,
          width: Math.max(1, end - left),
          height: 4,
          rx: 2,
          class: 'band-track-segment',
        }),
      );
    }
    for (const label of trackLabels(state, width)) {
      const nudge = label.anchor === 'start' ? -6 : label.anchor === 'end' ? 6 : 0;
      const line = { x1: label.x, x2: label.x, y1: MIDDLE + 6, y2: MIDDLE + 9, class: 'band-track-tick' };
      const text = shape('text', {
        x: label.x + nudge,
        y: MIDDLE + 21,
        'text-anchor': label.anchor,
        class: 'band-track-label',
      });
      text.textContent = label.text;
      parts.push(shape('line', line), text);
    }
    this.#svg.replaceChildren(...parts);
    this.#done.style.left = `${x(0)}px`;
  }

  #addKnob(): void {
    const knob = document.createElement('div');
    const index = this.#knobs.length;
    knob.className = 'band-track-knob';
    knob.tabIndex = 0;
    knob.setAttribute('role', 'slider');
    knob.setAttribute('aria-valuemin', '1');
    knob.addEventListener('keydown', (event) => {
      const band = this.#state?.bandIndexes[index];
      if (band === undefined || this.#state === null || isModified(event)) return;
      const next = bandForKey(event.key, band, this.#state.bandIsGood.length);
      if (next === null) return;
      event.preventDefault();
      event.stopPropagation();
      if (next !== band) this.#events.onBand(index, next);
    });
    this.#knobs.push(knob);
    this.#host.append(knob);
  }

  #watchPointer(): void {
    const { signal } = this.#end;
    const host = this.#host;
    const bandAt = (event: PointerEvent, state: TrackState) =>
      trackBand(event.clientX - host.getBoundingClientRect().left, state.bandIsGood.length, host.clientWidth);
    const move = (event: PointerEvent) => {
      if (this.#dragged === null || this.#state === null) return;
      const band = bandAt(event, this.#state);
      if (band === this.#dragged.band) return;
      this.#dragged.band = band;
      this.#events.onBand(this.#dragged.knob, band);
    };
    const end = () => {
      if (this.#dragged === null) return;
      this.#dragged = null;
      this.#events.onDragEnd();
    };
    host.addEventListener(
      'pointerdown',
      (event) => {
        const state = this.#state;
        if (event.button !== 0 || state === null || state.bandIndexes.length === 0) return;
        const grasped = this.#knobs.indexOf(event.target as HTMLElement);
        const knobs = state.bandIndexes.map((each) =>
          trackX(each, state.bandIsGood.length, host.clientWidth),
        );
        const at = event.clientX - host.getBoundingClientRect().left;
        const knob = grasped >= 0 ? grasped : nearestKnob(at, knobs);
        event.preventDefault();
        host.setPointerCapture(event.pointerId);
        this.#knobs[knob]?.focus({ preventScroll: true });
        this.#dragged = { knob, band: state.bandIndexes[knob] ?? 0 };
        this.#events.onDragStart();
        // A knob is grasped where it was hit and does not jump; elsewhere it comes at once.
        if (grasped < 0) move(event);
      },
      { signal },
    );
    host.addEventListener('pointermove', move, { signal });
    for (const name of ['pointerup', 'pointercancel', 'lostpointercapture'] as const)
      host.addEventListener(name, end, { signal });
  }
}

/** Diagonal lines 5 px apart over a stretch of the track. */
function hatching(left: number, width: number): SVGElement {
  const [top, bottom] = [MIDDLE - 5, MIDDLE + 5];
  let d = '';
  for (let start = left - 10 + 4; start < left + width; start += 7) {
    const from = Math.max(start, left);
    const to = Math.min(start + 10, left + width);
    if (to > from) d += `M${from} ${bottom - (from - start)}L${to} ${Math.max(top, bottom - (to - start))}`;
  }
  return shape('path', { d, class: 'band-track-hatch' });
}

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
