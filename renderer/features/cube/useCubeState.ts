import { createContext, useContext } from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import type { CubeSettings, CubeView } from '../../store/cubeView.ts';
import { useWindow } from '../../store/windowStore.ts';
import type { ImageState } from './imageState.ts';

/** The cube of this workspace and what became of its image. */
export interface CubeScope {
  cube: OpenCubeAnswer;
  image: StoreApi<ImageState>;
}

export const CubeContext = createContext<CubeScope | null>(null);

function useScope(): CubeScope {
  const scope = useContext(CubeContext);
  if (scope === null) throw new Error('No cube is given here.');
  return scope;
}

export const useCube = (): OpenCubeAnswer => useScope().cube;

export function useImage<Part>(select: (state: ImageState) => Part): Part {
  return useStore(useScope().image, select);
}

/** A part of where the person is in the cube. */
export function useView<Part>(select: (view: CubeView) => Part): Part {
  const { cubeId } = useCube();
  return useWindow((state) => {
    const view = state.views[cubeId];
    if (view === undefined) throw new Error('The cube has no view.');
    return select(view);
  });
}

/** A part of the cube's settings. */
export function useSettings<Part>(select: (settings: CubeSettings) => Part): Part {
  const { cubeId } = useCube();
  return useWindow((state) => {
    const settings = state.document[cubeId];
    if (settings === undefined) throw new Error('The cube has no settings.');
    return select(settings);
  });
}
