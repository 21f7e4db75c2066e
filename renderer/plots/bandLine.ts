import { bandForKey, isModified } from './bandKeys.ts';

export interface BandLineEvents {
  onBand(bandIndex: number): void;
  onDragStart(): void;
  onDragEnd(): void;
  /** The line has the keyboard: it must be in sight. */
  onFocus(): void;
  /** The band at a point of the page. */
  bandAt(event: PointerEvent): number | null;
}

/** The line of a current band with its tag. One that drags is a slider: the band's, or red's of three. */
export class BandLine {
  readonly element = document.createElement('div');
  readonly #tag = document.createElement('span');
  readonly #isSlider: boolean;
  #bandIndex = -1;
  #bands = 0;

  constructor(events: BandLineEvents | null) {
    this.#isSlider = events !== null;
    this.element.className = 'spectrum-bandline';
    this.#tag.className = 'spectrum-bandtag';
    this.element.append(this.#tag);
    if (events === null) this.element.setAttribute('aria-hidden', 'true');
    else this.#makeSlider(events);
  }

  /** Half the tag's width in pixels, about 6.2 a character. */
  get tagHalfWidth(): number {
    return (this.#tag.textContent.length * 6.2) / 2 + 5;
  }

  /**
   * `x` in pixels from the left end of the axes, null where the band is out of sight; the plot ends at `right`.
   */
  set(
    bandIndex: number,
    bands: number,
    x: number | null,
    tag: string,
    channel: string | null,
    right: number,
  ): void {
    this.#bandIndex = bandIndex;
    this.#bands = bands;
    this.element.dataset['channel'] = channel ?? '';
    if (this.#isSlider) this.element.setAttribute('aria-label', channel === null ? 'Band' : 'Red band');
    // Out of sight it can still be reached by keyboard.
    this.element.classList.toggle('spectrum-bandline-out', x === null);
    if (x !== null) this.element.style.transform = `translateX(${x}px)`;
    if (this.#tag.textContent !== tag) this.#tag.textContent = tag;
    // The tag keeps off the ticks at the left and within the plot at the right.
    const half = this.tagHalfWidth;
    const shift = Math.max(0, half - 2 - (x ?? 0)) - Math.max(0, (x ?? 0) + half - right);
    this.#tag.style.marginLeft = `${shift}px`;
  }

  /** What a screen reader says. */
  say(words: string): void {
    const attributes: Record<string, string> = {
      'aria-valuemax': String(this.#bands),
      'aria-valuenow': String(this.#bandIndex + 1),
      'aria-valuetext': words,
    };
    for (const [name, value] of Object.entries(attributes)) this.element.setAttribute(name, value);
  }

  #makeSlider(events: BandLineEvents): void {
    const { element } = this;
    element.classList.add('spectrum-bandline-free');
    element.tabIndex = 0;
    element.setAttribute('role', 'slider');
    element.setAttribute('aria-valuemin', '1');
    this.#tag.setAttribute('aria-hidden', 'true');
    element.addEventListener('focus', () => {
      events.onFocus();
    });
    let dragging = false;
    const end = () => {
      if (!dragging) return;
      dragging = false;
      events.onDragEnd();
    };
    element.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      dragging = true;
      events.onDragStart();
    });
    element.addEventListener('pointermove', (event) => {
      if (!dragging) return;
      const band = events.bandAt(event);
      if (band !== null && band !== this.#bandIndex) events.onBand(band);
    });
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
    element.addEventListener('lostpointercapture', end);
    element.addEventListener('keydown', (event) => {
      if (isModified(event)) return;
      const band = bandForKey(event.key, this.#bandIndex, this.#bands);
      if (band === null) return;
      event.preventDefault();
      event.stopPropagation();
      if (band !== this.#bandIndex) events.onBand(band);
    });
  }
}
