import { createContext, useContext } from 'react';
import type { OpenCubeAnswer } from '../../src/engine/contract/index.ts';
import type { CubeSettings, CubeView } from './cubeView.ts';
import { useWindow } from './windowStore.ts';

/** The cube of a workspace. */
export const CubeContext = createContext<OpenCubeAnswer | null>(null);

export function useCube(): OpenCubeAnswer {
  const cube = useContext(CubeContext);
  if (cube === null) throw new Error('No cube is given here.');
  return cube;
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
