import { formatTicks } from './numbers.ts';
import { derivativeFactor, showParts, valueFactor, type TextPart } from './plotNumbers.ts';
import { placeLabels } from './spectrumAreas.ts';
import type { Scene } from './spectrumScene.ts';
import { derivativeTitle, valueTitle, xTitle } from './spectrumWords.ts';
import { pixelX, pixelY } from './spectrumView.ts';

interface TickText {
  element: HTMLElement;
  x: number;
}

/**
 * All texts of the plot but tags, as elements over the canvas: they take the page's fonts, fall back by glyph, and raise
 * powers. Positions are pixels from the host's corner.
 */
export class SpectrumTexts {
  readonly #root: HTMLElement;
  #xTexts: TickText[] = [];
  #labels: { element: HTMLElement; x: number; halfWidth: number }[] = [];

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  draw({ state, layout, view, box, strips, ticks }: Scene): void {
    const { power, factor } = derivativeFactor(state);
    const divisor = power === 0 ? 1 : factor;
    const values = valueFactor(view.value);
    const right = box.left - 6;
    const bottom = box.top + box.height;
    const xs = formatTicks(ticks.x);
    const children: HTMLElement[] = [];
    this.#xTexts = ticks.x.map((tick, index) => {
      const x = box.left + pixelX(view.x, box, tick);
      return { element: text('tick x', xs[index] ?? '', x, bottom + 6), x };
    });
    children.push(...this.#xTexts.map(({ element }) => element));
    const column = (places: readonly number[], by: number, y: (tick: number) => number) => {
      const texts = formatTicks(places, by);
      places.forEach((tick, index) =>
        children.push(text('tick y', texts[index] ?? '', right, box.top + y(tick))),
      );
    };
    column(ticks.value, values.factor, (tick) => pixelY(view.value, strips.value, tick));
    const { derivative } = view;
    if (derivative !== null)
      column(ticks.derivative, divisor, (tick) => pixelY(derivative, strips.derivative, tick));

    const middle = (strip: readonly [number, number]) => box.top + (strip[0] + strip[1]) / 2;
    children.push(text('title x', xTitle(layout), box.left + box.width / 2, bottom + 18));
    children.push(text('title y', valueTitle(state, values.power), 10, middle(strips.value)));
    if (derivative !== null)
      children.push(text('title y', derivativeTitle(state), 10, middle(strips.derivative)));

    const labels = placeLabels(
      layout.areas,
      (place) => pixelX(view.x, box, place),
      box.width,
      box.width > 800,
    );
    this.#labels = labels.map(({ text: words, x, halfWidth }) => ({
      element: text('area-label x', words, box.left + x, 2),
      x: box.left + x,
      halfWidth,
    }));
    children.push(...this.#labels.map(({ element }) => element));
    this.#root.replaceChildren(...children);
  }

  /** Makes room for the tags: the pointer's on the axis, and the current bands' above. Null and empty: none. */
  makeRoom(pointerX: number | null, tags: readonly { x: number; halfWidth: number }[]): void {
    for (const { element, x } of this.#xTexts)
      element.hidden = pointerX !== null && Math.abs(pointerX - x) < 36;
    for (const { element, x, halfWidth } of this.#labels)
      element.hidden = tags.some((tag) => Math.abs(tag.x - x) < tag.halfWidth + halfWidth - 4);
  }
}

function text(kind: string, words: string | readonly TextPart[], x: number, y: number): HTMLElement {
  const element = document.createElement('span');
  element.className = kind
    .split(' ')
    .map((name) => `spectrum-${name}`)
    .join(' ');
  if (typeof words === 'string') element.textContent = words;
  else showParts(element, words);
  element.style.left = `${Math.round(x * 10) / 10}px`;
  element.style.top = `${Math.round(y * 10) / 10}px`;
  return element;
}
