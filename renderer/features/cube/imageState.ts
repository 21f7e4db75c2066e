import { createContext, useContext } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import type { ImageStatistics } from '../../../src/engine/contract/index.ts';
import type { Trouble } from '../../api/problem.ts';
import type { LoadingState, ViewProblem } from '../../gl/imageSource.ts';
import type { Limits } from '../../store/cubeView.ts';

/** What became of the image that the view asks for: shown beside it, never asked back. */
export interface ImageState {
  /** Of the image shown, or of the one before until they are there. */
  statistics: ImageStatistics | null;
  /** What the first and the last colour stand for now, a pair a plane. */
  limits: readonly Limits[] | null;
  loading: LoadingState;
  /** Why there is no image, or not all of it. */
  problem: ViewProblem | null;
  /** The engine refused the image itself: no colours either. */
  trouble: Trouble | null;
  /** Why the band has no such image: what is shown is the one before. */
  noImage: string | null;
  /** Screen pixels a sample. */
  scale: number;
  /** The image that is asked for is on the screen in full. */
  shown: boolean;
  /** So are its exact colours. */
  settled: boolean;
}

export const createImageState = (): StoreApi<ImageState> =>
  createStore<ImageState>(() => ({
    statistics: null,
    limits: null,
    loading: { pending: 0, failed: 0 },
    problem: null,
    trouble: null,
    noImage: null,
    scale: 1,
    shown: false,
    settled: false,
  }));

/** The image of a workspace. */
export const ImageContext = createContext<StoreApi<ImageState> | null>(null);

export function useImageStore(): StoreApi<ImageState> {
  const image = useContext(ImageContext);
  if (image === null) throw new Error('No image is given here.');
  return image;
}

/** A part of what became of the image. */
export function useImage<Part>(select: (state: ImageState) => Part): Part {
  return useStore(useImageStore(), select);
}
