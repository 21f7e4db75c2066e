import { placeOf } from './spectrumLayout.ts';
import type { Scene } from './spectrumScene.ts';
import { pixelX, pixelY } from './spectrumView.ts';
import { axisTag } from './spectrumWords.ts';

/** The band under the pointer: a line, dots on the active pixel's curves, and a tag on the axis. */
export class HoverMarks {
  readonly #line = make('spectrum-hoverline');
  readonly #smoothed = make('spectrum-hoverdot spectrum-hoverdot-smoothed');
  readonly #derivative = make('spectrum-hoverdot spectrum-hoverdot-derivative');
  readonly #tag = make('spectrum-hovertag');

  constructor(area: HTMLElement) {
    area.append(this.#line, this.#smoothed, this.#derivative, this.#tag);
  }

  /** Shows a band, or nothing. Gives where the line stands, in pixels from the axes' left end; null where hidden. */
  set(bandIndex: number | null, { state, layout, view, box, strips }: Scene): number | null {
    const x = bandIndex === null ? NaN : pixelX(view.x, box, placeOf(layout.places, bandIndex));
    const isSeen = bandIndex !== null && x >= -0.5 && x <= box.width + 0.5;
    this.#line.hidden = this.#tag.hidden = !isSeen;
    if (!isSeen) {
      this.#smoothed.hidden = this.#derivative.hidden = true;
      return null;
    }
    const active = state.curves.find(({ kind }) => kind === 'active');
    const dot = (element: HTMLElement, value: number | null | undefined, y: (value: number) => number) => {
      const at = value === null || value === undefined ? NaN : y(value);
      element.hidden = !(at >= -1 && at <= box.height + 1);
      element.style.transform = `translate(${x}px, ${at}px)`;
    };
    dot(this.#smoothed, active?.smoothed?.[bandIndex], (value) => pixelY(view.value, strips.value, value));
    dot(this.#derivative, active?.derivative?.[bandIndex], (value) =>
      view.derivative === null ? NaN : pixelY(view.derivative, strips.derivative, value),
    );
    this.#line.style.transform = `translateX(${x}px)`;
    this.#tag.style.left = `${x}px`;
    this.#tag.textContent = axisTag(state, bandIndex);
    return x;
  }
}

function make(className: string): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  element.hidden = true;
  element.setAttribute('aria-hidden', 'true');
  return element;
}
