import { queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import type { ColourMap, JobSnapshot, OpenCubeAnswer } from '../../src/engine/contract/index.ts';
import { useWindow } from '../store/windowStore.ts';
import type { Client } from './client.ts';
import { cubesKey } from './cubeSession.ts';

/** A colour map as it is drawn: 256 colours of red, green and blue. */
export interface DrawnColourMap extends Omit<ColourMap, 'rgb'> {
  colours: Uint8Array<ArrayBuffer>;
}

/** The colour maps; they never change while the engine runs. */
export const colourMapsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['colour-maps'],
    queryFn: async ({ signal }): Promise<DrawnColourMap[]> => {
      const response = await client.api['colour-maps'].$get({}, { init: { signal } });
      const { colourMaps } = await response.json();
      return colourMaps.map(({ rgb, ...map }) => ({ ...map, colours: Uint8Array.from(rgb) }));
    },
  });

/** The open cubes, in the order they were opened. The session puts them there. */
export function useCubes(): readonly OpenCubeAnswer[] {
  return useQuery<OpenCubeAnswer[]>({ queryKey: cubesKey, queryFn: skipToken }).data ?? [];
}

/** The cube that the window shows. */
export function useActiveCube(): OpenCubeAnswer | null {
  const activeCubeId = useWindow((state) => state.activeCubeId);
  return useCubes().find(({ cubeId }) => cubeId === activeCubeId) ?? null;
}

export const jobsKey = ['jobs'] as const;

/** The jobs that a person follows, the oldest first. The loop of jobs puts them there. */
export function useJobs(): readonly JobSnapshot[] {
  const { data = [] } = useQuery<JobSnapshot[]>({ queryKey: jobsKey, queryFn: skipToken });
  return data.filter(({ kind }) => kind === 'export' || kind === 'replay');
}
