import type { OpenCubeAnswer, PixelReading } from '../../../src/engine/contract/index.ts';
import { readPixel } from '../../api/calls.ts';
import type { Client } from '../../api/client.ts';
import { lane } from '../../api/lane.ts';
import { formatNumber, formatUnit, superscript } from '../../plots/numbers.ts';
import { isFilterable, type Pixel } from '../../store/cubeView.ts';
import { filterProblem } from '../../store/segments.ts';
import type { WindowStore } from '../../store/windowStore.ts';
import { grouped } from '../../ui/groups.ts';
import { mapWords } from './ground.ts';

interface Asked {
  pixel: Pixel;
  bandIndex: number;
  derivative: number;
}

interface Numbers {
  reading: PixelReading;
  smoothed: number | null;
  derivative: number | null;
}

/**
 * The numbers under the pointer, else those of the picked pixel. At most one question a frame, and text is set only
 * where it changed: a moving hand renders nothing of React.
 */
export class Readout {
  readonly #element: HTMLElement;
  readonly #client: Client;
  readonly #cube: OpenCubeAnswer;
  readonly #store: WindowStore;
  readonly #lane;
  readonly #unsubscribe: () => void;
  #hovered: Pixel | null = null;
  #frame = 0;

  constructor(element: HTMLElement, client: Client, cube: OpenCubeAnswer, store: WindowStore) {
    this.#element = element;
    this.#client = client;
    this.#cube = cube;
    this.#store = store;
    this.#lane = lane<Asked, Numbers>(
      (asked, signal) => this.#read(asked, signal),
      (numbers, asked) => {
        this.#show(asked, numbers);
      },
      (_, { pixel }) => {
        // Why there are no numbers is said by the picture.
        this.#write([place('Line', pixel.line), place('Sample', pixel.sample)]);
      },
    );
    this.#unsubscribe = store.api.subscribe((state, before) => {
      const { cubeId } = cube;
      // What could not be had while the engine was away is asked for again.
      const isOther =
        state.revived !== before.revived ||
        state.views[cubeId] !== before.views[cubeId] ||
        state.document[cubeId] !== before.document[cubeId];
      if (isOther) this.#schedule();
    });
    this.#schedule();
  }

  /** The pixel under the pointer; null: none. */
  hover(pixel: Pixel | null): void {
    this.#hovered = pixel;
    this.#schedule();
  }

  dispose(): void {
    this.#unsubscribe();
    cancelAnimationFrame(this.#frame);
    this.#lane.stop();
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#ask();
    });
  }

  #ask(): void {
    const view = this.#store.state.views[this.#cube.cubeId];
    const settings = this.#store.state.document[this.#cube.cubeId];
    const pixel = this.#hovered ?? view?.pixel ?? null;
    if (view === undefined || settings === undefined || pixel === null) {
      this.#write([]);
      return;
    }
    this.#lane.ask({ pixel, bandIndex: view.bandIndex, derivative: settings.filter.derivative });
  }

  async #read({ pixel, bandIndex }: Asked, signal: AbortSignal): Promise<Numbers> {
    const { cubeId, info } = this.#cube;
    const filter = this.#store.state.document[cubeId]?.filter;
    const isFiltered =
      filter !== undefined &&
      this.#cube.classes === null &&
      isFilterable(info) &&
      filterProblem(this.#cube, filter, bandIndex) === null;
    const filtered = (derivative: number) =>
      isFiltered
        ? readPixel(
            this.#client,
            cubeId,
            pixel,
            bandIndex,
            { kind: 'filtered', parameters: { bandIndex, filter: { ...filter, derivative } } },
            signal,
          ).then(
            ({ image }) => image?.[0] ?? null,
            // A band outside every segment has no filtered number; the plain ones are told all the same.
            () => null,
          )
        : Promise.resolve(null);
    const [reading, smoothed, derivative] = await Promise.all([
      readPixel(this.#client, cubeId, pixel, bandIndex, null, signal),
      filtered(0),
      filter !== undefined && filter.derivative > 0 ? filtered(filter.derivative) : Promise.resolve(null),
    ]);
    return { reading, smoothed, derivative };
  }

  #show({ pixel, derivative: order }: Asked, { reading, smoothed, derivative }: Numbers): void {
    const { info, classes } = this.#cube;
    const items = [place('Line', pixel.line), place('Sample', pixel.sample)];
    const words = mapWords(info);
    if (words !== null && reading.map !== null) {
      const [x, y] = reading.map.map((value) => grouped(value.toFixed(words.decimals)));
      items.push({ key: 'map', parts: [words.x, b(x), words.y, b(y), words.unit] });
    }
    const stored = storedText(reading.stored);
    items.push({ key: 'Stored', parts: ['Stored', b(stored)] });
    const name = classes === null ? null : (classes[Number(reading.stored)]?.name ?? 'no such class');
    if (name !== null) items.push({ key: 'Class', parts: ['Class', b(name)] });
    else items.push({ key: 'Value', parts: ['Value', b(formatNumber(reading.value))] });
    if (smoothed !== null) items.push({ key: 'Smoothed', parts: ['Smoothed', b(formatNumber(smoothed))] });
    if (derivative !== null) {
      const unit = this.#store.state.document[this.#cube.cubeId]?.filter.axis === 'band' ? 'band' : 'nm';
      const per = formatUnit(`/${unit}${order === 1 ? '' : `^${order}`}`);
      items.push({
        key: 'd',
        parts: [`d${order === 1 ? '' : superscript(order)}`, b(formatNumber(derivative)), per],
      });
    }
    this.#write(items);
  }

  #write(items: readonly Item[]): void {
    const kept = new Map(
      [...this.#element.children].map((child) => [(child as HTMLElement).dataset['key'], child]),
    );
    const children = items.map(({ key, parts }) => {
      const span = (kept.get(key) as HTMLElement | undefined) ?? document.createElement('span');
      span.dataset['key'] = key;
      const nodes = parts.flatMap((part, at) => {
        const space = at === 0 ? '' : ' ';
        if (typeof part === 'string') return [document.createTextNode(space + part)];
        const bold = document.createElement('b');
        bold.textContent = part.bold;
        return [document.createTextNode(space), bold];
      });
      if (span.textContent !== nodes.map(({ textContent }) => textContent).join(''))
        span.replaceChildren(...nodes);
      return span;
    });
    const isSame =
      children.length === this.#element.children.length &&
      children.every((child, at) => child === this.#element.children[at]);
    if (!isSame) this.#element.replaceChildren(...children);
  }
}

interface Item {
  key: string;
  parts: readonly (string | { bold: string })[];
}

const b = (bold: string | undefined): { bold: string } => ({ bold: bold ?? '' });

const place = (name: string, value: number): Item => ({ key: name, parts: [name, b(String(value))] });

function storedText(stored: PixelReading['stored']): string {
  if (stored === null) return 'NaN';
  if (Array.isArray(stored)) return stored.map((part) => formatNumber(part)).join(' + ') + ' i';
  return String(stored).replace('-', '\u2212');
}
