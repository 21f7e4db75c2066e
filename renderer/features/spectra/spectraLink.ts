import type { StoreApi } from 'zustand';
import type { FilterSettings, OpenCubeAnswer, SpectrumResult } from '../../../src/engine/contract/index.ts';
import { readSpectra } from '../../api/calls.ts';
import type { Client } from '../../api/client.ts';
import { lane } from '../../api/lane.ts';
import { isCancelled, troubleOf } from '../../api/problem.ts';
import { isFilterable, type Pixel } from '../../store/cubeView.ts';
import type { WindowState, WindowStore } from '../../store/windowStore.ts';
import type { SpectraState } from './spectraState.ts';

interface Asked {
  pixel: Pixel;
  filter: FilterSettings | null;
}

/** Keeps the spectrum at what the window's state asks for: the picked pixel, the filter. */
export class SpectraLink {
  readonly #cube: OpenCubeAnswer;
  readonly #state: StoreApi<SpectraState>;
  readonly #lane;
  readonly #unsubscribe: () => void;
  #asked: Asked | null = null;

  constructor(client: Client, cube: OpenCubeAnswer, store: WindowStore, state: StoreApi<SpectraState>) {
    this.#cube = cube;
    this.#state = state;
    this.#lane = lane<Asked, SpectrumResult>(
      ({ pixel, filter }, signal) => readSpectra(client, cube.cubeId, [pixel], filter, signal),
      (result, asked) => {
        state.setState({ result, pixel: asked.pixel, trouble: null, settled: asked === this.#asked });
      },
      (thrown) => {
        if (!isCancelled(thrown)) state.setState({ trouble: troubleOf(thrown), settled: true });
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
  }

  dispose(): void {
    this.#unsubscribe();
    this.#lane.stop();
  }

  #follow(state: WindowState, again: boolean): void {
    const { cubeId, info, classes } = this.#cube;
    const pixel = state.views[cubeId]?.pixel ?? null;
    const settings = state.document[cubeId];
    if (pixel === null || settings === undefined) return;
    const filter = classes === null && isFilterable(info) ? settings.filter : null;
    if (!again && pixel === this.#asked?.pixel && filter === this.#asked.filter) return;
    this.#asked = { pixel, filter };
    this.#state.setState({ settled: false });
    this.#lane.ask(this.#asked);
  }
}
