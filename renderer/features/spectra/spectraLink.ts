import type { StoreApi } from 'zustand';
import type { FilterSettings, OpenCubeAnswer, SpectrumResult } from '../../../src/engine/contract/index.ts';
import { readSpectra } from '../../api/calls.ts';
import type { Client } from '../../api/client.ts';
import { lane } from '../../api/lane.ts';
import { isCancelled, troubleOf } from '../../api/problem.ts';
import { isFilterable, type Pixel } from '../../store/cubeView.ts';
import type { Pin } from '../../store/pins.ts';
import type { WindowState, WindowStore } from '../../store/windowStore.ts';
import type { SpectraState } from './spectraState.ts';

interface Asked {
  pixel: Pixel;
  filter: FilterSettings | null;
}

interface AskedPins {
  pins: readonly Pin[];
  filter: FilterSettings | null;
}

/** Keeps the spectra at what the window's state asks for: the picked pixel, the pins, the filter. */
export class SpectraLink {
  readonly #cube: OpenCubeAnswer;
  readonly #state: StoreApi<SpectraState>;
  readonly #lane;
  /** Pins are read again when they or the filter change, not with every pixel. */
  readonly #pinLane;
  readonly #unsubscribe: () => void;
  #asked: Asked | null = null;
  #askedPins: AskedPins | null = null;
  /** What is shown is what was asked for. */
  readonly #isThere = { pixel: true, pins: true };

  constructor(client: Client, cube: OpenCubeAnswer, store: WindowStore, state: StoreApi<SpectraState>) {
    this.#cube = cube;
    this.#state = state;
    this.#lane = lane<Asked, SpectrumResult>(
      ({ pixel, filter }, signal) => readSpectra(client, cube.cubeId, [pixel], filter, signal),
      (result, asked) => {
        this.#isThere.pixel = asked === this.#asked;
        this.#show({ result, pixel: asked.pixel, trouble: null });
      },
      (thrown) => {
        if (isCancelled(thrown)) return;
        this.#isThere.pixel = true;
        this.#show({ trouble: troubleOf(thrown) });
      },
    );
    this.#pinLane = lane<AskedPins, SpectrumResult>(
      ({ pins, filter }, signal) => readSpectra(client, cube.cubeId, pins, filter, signal),
      (result, asked) => {
        this.#isThere.pins = asked === this.#askedPins;
        if (asked === this.#askedPins) this.#show({ pinned: { pins: asked.pins, result }, pinTrouble: null });
      },
      (thrown) => {
        if (isCancelled(thrown)) return;
        this.#isThere.pins = true;
        // Those of another filter would stand beside the new one.
        this.#show({ pinned: null, pinTrouble: troubleOf(thrown) });
      },
    );
    this.#unsubscribe = store.api.subscribe((now, before) => {
      this.#follow(now, now.revived !== before.revived);
    });
    this.#follow(store.state, false);
  }

  /** Asks again for what had failed. */
  retry(): void {
    if (this.#asked !== null) this.#lane.ask(this.#asked);
    if (this.#askedPins !== null && this.#askedPins.pins.length > 0) this.#pinLane.ask(this.#askedPins);
  }

  dispose(): void {
    this.#unsubscribe();
    this.#lane.stop();
    this.#pinLane.stop();
  }

  #show(change: Partial<SpectraState>): void {
    this.#state.setState({ ...change, settled: this.#isThere.pixel && this.#isThere.pins });
  }

  #follow(state: WindowState, again: boolean): void {
    const { cubeId, info, classes } = this.#cube;
    const pixel = state.views[cubeId]?.pixel ?? null;
    const settings = state.document[cubeId];
    if (settings === undefined) return;
    const filter = classes === null && isFilterable(info) ? settings.filter : null;
    if (pixel !== null && (again || pixel !== this.#asked?.pixel || filter !== this.#asked.filter)) {
      this.#asked = { pixel, filter };
      this.#isThere.pixel = false;
      this.#show({});
      this.#lane.ask(this.#asked);
    }
    this.#followPins({ pins: settings.pins, filter }, again);
  }

  #followPins(wanted: AskedPins, again: boolean): void {
    const { pins, filter } = this.#askedPins ?? {};
    if (!again && wanted.pins === pins && wanted.filter === filter) return;
    this.#askedPins = wanted;
    if (wanted.pins.length === 0) {
      this.#pinLane.stop();
      this.#isThere.pins = true;
      this.#show({ pinned: null, pinTrouble: null });
      return;
    }
    this.#isThere.pins = false;
    this.#show({});
    this.#pinLane.ask(wanted);
  }
}
