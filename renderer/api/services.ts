import { createContext, useContext } from 'react';
import type { BandView } from '../gl/bandView.ts';
import type { Limits } from '../store/cubeView.ts';
import type { Client } from './client.ts';
import type { CubeSession } from './cubeSession.ts';
import type { Host } from './host.ts';

/** What this window works with. `main.tsx` makes it once. */
export interface Services {
  client: Client;
  host: Host;
  session: CubeSession;
  /** What stands on the stage now and puts itself there: commands reach it here. */
  stage: {
    view: BandView | null;
    plot: { resetZoom: () => void } | null;
    /** What the first and the last colour of the picture stand for. */
    limits: (() => readonly Limits[] | null) | null;
  };
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('No services are given here.');
  return services;
}
