import { createContext } from 'react';

/** Hears of every error that a boundary caught. */
export type FaultSink = (area: string, error: unknown) => void;

export const FaultContext = createContext<FaultSink>(() => {
  // Nobody listens: React's own handler of caught errors still hears of it.
});
