import type { StoreApi } from 'zustand';
import {
  imageText,
  mostStatisticsPixels,
  type BuiltInImage,
  type ImageStatistics,
  type OpenCubeAnswer,
} from '../../../src/engine/contract/index.ts';
import { readStatistics, tileUrl } from '../../api/calls.ts';
import type { Client } from '../../api/client.ts';
import { lane } from '../../api/lane.ts';
import { isCancelled, troubleOf } from '../../api/problem.ts';
import type { DrawnColourMap } from '../../api/queries.ts';
import type { BandView } from '../../gl/bandView.ts';
import type { Colouring, ImageSource } from '../../gl/imageSource.ts';
import { pinStyle } from '../../plots/plotColours.ts';
import { displayOf, imageOf, type Display, type DisplayName, type Limits } from '../../store/cubeView.ts';
import { filterProblem } from '../../store/segments.ts';
import type { WindowState, WindowStore } from '../../store/windowStore.ts';
import { paletteOf } from './classColours.ts';
import type { ImageState } from './imageState.ts';
import { limitsOf, percentagesOf, sameLimits } from './limits.ts';

/** What is drawn: the image, and how it becomes colours. */
interface Wanted {
  image: BuiltInImage;
  key: string;
  display: Display;
  displayName: DisplayName;
  /** Why there is no such image; null: there is one. */
  noImage: string | null;
}

/** A hand that rests so long has chosen: then the statistics are made exact. */
const restMs = 250;
/**
 * Keeps the band view at what the window's state asks for. Colours need statistics, so these are asked first, coarse
 * while the hand moves, exact when it rests; the picture on the screen stays until the next one has both.
 */
export class ImageLink {
  readonly #client: Client;
  readonly #cube: OpenCubeAnswer;
  readonly #view: BandView;
  readonly #state: StoreApi<ImageState>;
  readonly #colourMaps: readonly DrawnColourMap[];
  readonly #known = new Map<string, ImageStatistics>();
  /** Whose exact statistics could not be made: the coarse ones stay until they are asked for again. */
  readonly #withoutExact = new Set<string>();
  readonly #lane;
  readonly #unsubscribe: () => void;
  #wanted: Wanted | null = null;
  #shown: Wanted | null = null;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: {
    client: Client;
    cube: OpenCubeAnswer;
    view: BandView;
    state: StoreApi<ImageState>;
    colourMaps: readonly DrawnColourMap[];
    store: WindowStore;
  }) {
    this.#client = parts.client;
    this.#cube = parts.cube;
    this.#view = parts.view;
    this.#state = parts.state;
    this.#colourMaps = parts.colourMaps;
    this.#lane = lane<Wanted, ImageStatistics>(
      (wanted, signal) => this.#statistics(wanted, 'auto', signal),
      (statistics, wanted) => {
        // The exact ones may have come first.
        if (this.#known.get(statisticsKey(wanted))?.level === 0) return;
        this.#remember(wanted, statistics);
        this.#show(wanted, statistics);
      },
      (thrown) => {
        if (!isCancelled(thrown)) this.#state.setState({ trouble: troubleOf(thrown) });
      },
    );
    this.#unsubscribe = parts.store.api.subscribe((state, before) => {
      this.#follow(state, before);
    });
    this.#follow(parts.store.state, null);
  }

  /** Asks again for what had failed. */
  retry(): void {
    this.#view.retry();
    this.#withoutExact.clear();
    if (this.#wanted !== null) this.#ask(this.#wanted, true);
  }

  dispose(): void {
    this.#unsubscribe();
    this.#lane.stop();
    clearTimeout(this.#rest);
  }

  #follow(state: WindowState, before: WindowState | null): void {
    const { cubeId } = this.#cube;
    const view = state.views[cubeId];
    const settings = state.document[cubeId];
    if (view === undefined || settings === undefined) return;
    if (view.pixel !== before?.views[cubeId]?.pixel) this.#view.setPixel(view.pixel);
    if (before !== null && state.revived !== before.revived) this.retry();
    if (settings.pins !== before?.document[cubeId]?.pins) {
      this.#view.setMarks(settings.pins.map((pin) => ({ ...pin, colour: pinStyle(pin.number).colour })));
    }
    const image = imageOf(view, settings);
    const displayName = displayOf(view.mode);
    const display = settings.displays[displayName];
    const key = `${cubeId} ${imageText(image)}`;
    if (key === this.#wanted?.key && display === this.#wanted.display) return;
    const isOther = key !== this.#wanted?.key;
    const noImage =
      image.kind === 'filtered' ? filterProblem(this.#cube, settings.filter, view.bandIndex) : null;
    this.#wanted = { image, key, display, displayName, noImage };
    this.#ask(this.#wanted, isOther);
  }

  /** Shows an image as soon as its statistics are there, or says why there is none. */
  #ask(wanted: Wanted, isOther: boolean): void {
    this.#state.setState({ shown: false, settled: false });
    if (this.#cube.classes !== null && wanted.image.kind === 'band') {
      this.#showClasses(wanted);
      return;
    }
    if (wanted.noImage !== null) {
      this.#lane.stop();
      clearTimeout(this.#rest);
      // Limits of another quantity would stand under this one's unit.
      const isOfOther = wanted.displayName !== this.#shown?.displayName;
      const none = isOfOther ? { statistics: null, limits: null } : {};
      this.#state.setState({ noImage: wanted.noImage, trouble: null, shown: true, settled: true, ...none });
      return;
    }
    const known = this.#known.get(statisticsKey(wanted));
    if (known === undefined) {
      if (isOther) this.#view.prepare(this.#source(wanted));
      this.#lane.ask(wanted);
    } else {
      this.#lane.stop();
      this.#show(wanted, known);
    }
    if (isOther || known?.level !== 0) this.#whenAtRest();
  }

  /** Exact statistics, once the hand rests. Of a very large image they stay coarse; the panel says so. */
  #whenAtRest(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      const wanted = this.#wanted;
      if (wanted === null || !this.#isExactLater(wanted)) return;
      this.#statistics(wanted, 0).then(
        (statistics) => {
          this.#remember(wanted, statistics);
          if (wanted === this.#wanted) this.#show(wanted, statistics);
        },
        () => {
          // The coarse ones stay, and the panel says that they are.
          this.#withoutExact.add(statisticsKey(wanted));
          if (wanted === this.#wanted && this.#state.getState().shown)
            this.#state.setState({ settled: true });
        },
      );
    }, restMs);
  }

  #statistics({ image, display }: Wanted, level: 'auto' | 0, signal?: AbortSignal): Promise<ImageStatistics> {
    return readStatistics(this.#client, this.#cube, image, percentagesOf(display.stretch), level, signal);
  }

  #remember(wanted: Wanted, statistics: ImageStatistics): void {
    this.#known.delete(statisticsKey(wanted));
    this.#known.set(statisticsKey(wanted), statistics);
    // A few hundred bands, a few kilobytes each.
    const [oldest] = this.#known.keys();
    if (this.#known.size > 512 && oldest !== undefined) this.#known.delete(oldest);
  }

  #show(wanted: Wanted, statistics: ImageStatistics): void {
    const { image, display, key } = wanted;
    const map = this.#colourMaps.find(({ name }) => name === display.colourMap) ?? this.#colourMaps[0];
    if (map === undefined) return;
    const isDerivative = image.kind === 'filtered' && (image.parameters.filter.derivative ?? 0) > 0;
    const limits = limitsOf(display.stretch, statistics, isDerivative && map.kind === 'diverging');
    const before = this.#state.getState();
    this.#state.setState({
      statistics,
      limits: sameLimits(before.limits, limits) ? before.limits : limits,
      trouble: null,
      noImage: null,
    });
    const isSameImage = key === this.#shown?.key;
    this.#shown = wanted;
    const colouring = colouringOf(limits, map);
    if (isSameImage) this.#view.setColouring(colouring);
    else this.#view.setImage(this.#source(wanted), colouring);
  }

  /** The image with this key is on the screen in full. */
  drawn(key: string): void {
    const wanted = this.#wanted;
    if (wanted === null || wanted !== this.#shown || key !== wanted.key) return;
    const isClassMap = this.#cube.classes !== null;
    this.#state.setState({ shown: true, settled: isClassMap || !this.#isExactLater(wanted) });
  }

  /** True where exact statistics are still to come. */
  #isExactLater(wanted: Wanted): boolean {
    const { lines, samples } = this.#cube.info;
    const key = statisticsKey(wanted);
    return (
      lines * samples <= mostStatisticsPixels &&
      this.#known.get(key)?.level !== 0 &&
      !this.#withoutExact.has(key)
    );
  }

  #showClasses(wanted: Wanted): void {
    this.#state.setState({ statistics: null, limits: null, trouble: null, noImage: null });
    this.#shown = wanted;
    this.#view.setImage(this.#source(wanted), {
      kind: 'classes',
      palette: paletteOf(this.#cube.classes ?? []),
    });
  }

  #source({ image, key }: Wanted): ImageSource {
    const { info, tiles } = this.#cube;
    return {
      key,
      lines: info.lines,
      samples: info.samples,
      tileSize: tiles.size,
      levels: tiles.levels,
      planes: image.kind === 'composite' ? 3 : 1,
      url: (level, row, column) => tileUrl(this.#cube, image, level, row, column),
    };
  }
}

const statisticsKey = ({ key, display }: Wanted): string => `${key} ${percentagesOf(display.stretch).join()}`;

function colouringOf(limits: readonly Limits[], map: DrawnColourMap): Colouring {
  const [first, second, third] = limits;
  if (first !== undefined && second !== undefined && third !== undefined) {
    return { kind: 'rgb', limits: [first, second, third] };
  }
  return { kind: 'map', colours: map.colours, low: first?.low ?? 0, high: first?.high ?? 1 };
}
