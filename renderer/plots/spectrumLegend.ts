import './spectrumLegend.css';
import { curveKey } from './curveKey.ts';
import { derivativeFactor, derivativeSymbol, derivativeUnit, showParts } from './plotNumbers.ts';
import type { SpectrumState } from './spectrumState.ts';
import { bandCaption, curveTexts, derivativeName, type CurveTexts } from './spectrumWords.ts';

interface Row {
  curve: number;
  number: keyof CurveTexts;
  cell: HTMLElement;
}

/** What the curves mean, and their numbers at the band under the pointer, else at the current band. */
export class SpectrumLegend {
  readonly #root: HTMLElement;
  readonly #where = document.createElement('span');
  readonly #band = document.createElement('b');
  readonly #pixel = document.createElement('span');
  readonly #number = document.createElement('span');
  readonly #list = document.createElement('div');
  readonly #observer: ResizeObserver;
  #rows: Row[] = [];
  #state: SpectrumState | null = null;
  #hovered: number | null = null;
  #structure = '';
  #frame = 0;

  constructor(element: HTMLElement) {
    this.#root = element;
    // Many pins scroll; then the keyboard must get there.
    this.#observer = new ResizeObserver(() => {
      if (element.scrollHeight > element.clientHeight) element.tabIndex = 0;
      else element.removeAttribute('tabindex');
    });
    this.#observer.observe(element);
    this.#observer.observe(this.#list);
    element.setAttribute('role', 'group');
    element.setAttribute('aria-label', 'Legend');
    element.classList.add('spectrum-legend');
    this.#pixel.className = 'spectrum-legend-name';
    element.append(
      head('spectrum-legend-head', this.#where, this.#band),
      head('spectrum-legend-head spectrum-legend-meta', this.#pixel, this.#number),
      this.#list,
    );
  }

  set(state: SpectrumState): void {
    this.#state = state;
    this.#ask();
  }

  hover(bandIndex: number | null): void {
    this.#hovered = bandIndex;
    this.#ask();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    this.#root.replaceChildren();
    for (const name of ['role', 'aria-label', 'tabindex']) this.#root.removeAttribute(name);
    this.#root.classList.remove('spectrum-legend');
  }

  #ask(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#state !== null) this.#show(this.#state);
    });
  }

  #show(state: SpectrumState): void {
    const { power, factor } = derivativeFactor(state);
    const structure = JSON.stringify([
      power,
      state.derivativeOrder,
      state.units.derivative,
      state.curves.map(({ kind, pinNumber, label, smoothed, derivative }) => [
        kind,
        pinNumber,
        kind === 'pin' ? label : '',
        smoothed === null,
        derivative === null,
      ]),
    ]);
    if (structure !== this.#structure) {
      this.#structure = structure;
      this.#build(state, power);
    }
    const bandIndex = this.#hovered ?? state.bandIndexes[0];
    if (bandIndex === undefined) return;
    const active = state.curves.find(({ kind }) => kind === 'active');
    const isHovered = this.#hovered !== null;
    const caption = bandCaption(state, bandIndex);
    put(this.#where, isHovered ? 'Under the pointer' : `At band ${bandIndex + 1}`);
    put(this.#band, caption);
    put(this.#pixel, active?.label ?? '');
    const isBad = state.bandIsGood[bandIndex] === false;
    // As the plot labels bad bands; there is little room.
    const word = isBad ? 'bad' : 'band';
    put(this.#number, isHovered ? `${word} ${bandIndex + 1}` : isBad ? 'bad' : '');
    const texts = state.curves.map((curve) => curveTexts(curve, bandIndex, power === 0 ? 1 : factor));
    for (const { curve, number, cell } of this.#rows) put(cell, texts[curve]?.[number] ?? '–');
  }

  #build(state: SpectrumState, power: number): void {
    this.#rows = [];
    const children: HTMLElement[] = [];
    const list = (entries: readonly HTMLElement[]) => {
      const element = document.createElement('ul');
      element.append(...entries);
      children.push(element);
    };
    const row = (key: SVGSVGElement, name: string, curve: number, number: keyof CurveTexts) => {
      const element = document.createElement('li');
      const [label, cell] = [document.createElement('span'), document.createElement('span')];
      label.className = 'spectrum-legend-name';
      label.textContent = name;
      cell.className = 'spectrum-legend-value';
      element.append(key, label, cell);
      this.#rows.push({ curve, number, cell });
      return element;
    };
    state.curves.forEach(({ kind, smoothed, derivative }, index) => {
      if (kind !== 'active') return;
      list([
        row(curveKey('raw'), 'Raw', index, 'raw'),
        ...(smoothed === null ? [] : [row(curveKey('smoothed'), 'Smoothed', index, 'smoothed')]),
        ...(derivative === null
          ? []
          : [row(curveKey('derivative'), derivativeName(state.derivativeOrder), index, 'derivative')]),
      ]);
    });
    const pins = state.curves
      .map((curve, index) => ({ curve, index }))
      .filter(({ curve }) => curve.kind === 'pin');
    if (pins.length > 0) {
      const active = state.curves.find(({ kind }) => kind === 'active');
      const isSmoothed = active === undefined || active.smoothed !== null;
      children.push(head('spectrum-legend-head', span('Pins'), span(isSmoothed ? 'smoothed' : 'raw')));
      list(
        pins.map(({ curve, index }) => {
          const number = curve.pinNumber ?? 1;
          return row(curveKey(number), `${number} · ${curve.label}`, index, 'smoothed');
        }),
      );
    }
    if (state.curves.some(({ derivative }) => derivative !== null)) {
      const unit = span('');
      showParts(unit, [
        ...derivativeSymbol(state.derivativeOrder),
        { text: ' in ' },
        ...derivativeUnit(state.units.derivative, power),
      ]);
      children.push(head('spectrum-legend-head', unit));
    }
    this.#list.replaceChildren(...children);
  }
}

function head(className: string, ...parts: HTMLElement[]): HTMLElement {
  const element = document.createElement('p');
  element.className = className;
  element.append(...parts);
  return element;
}

function span(text: string): HTMLElement {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}

/** Writes only what changed: the pointer moves more often than numbers do. */
function put(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
