import { createStore, type StoreApi } from 'zustand';
import type { SpectrumResult } from '../../../src/engine/contract/index.ts';
import type { Trouble } from '../../api/problem.ts';
import type { Pixel } from '../../store/cubeView.ts';
import type { Pin } from '../../store/pins.ts';

/** The spectrum that is shown: the newest that was answered. */
export interface SpectraState {
  result: SpectrumResult | null;
  pixel: Pixel | null;
  /** Spectra of the pins that were answered last, in their order. */
  pinned: { pins: readonly Pin[]; result: SpectrumResult } | null;
  /** Why there is no newer one. */
  trouble: Trouble | null;
  /** Why the pins have no spectra. */
  pinTrouble: Trouble | null;
  /** What is asked for is what is shown. */
  settled: boolean;
}

export const createSpectraState = (): StoreApi<SpectraState> =>
  createStore<SpectraState>(() => ({
    result: null,
    pixel: null,
    pinned: null,
    pinTrouble: null,
    trouble: null,
    settled: true,
  }));
