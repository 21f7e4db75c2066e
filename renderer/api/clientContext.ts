import { createContext, useContext } from 'react';
import type { Client } from './client.ts';

/** The window's way to the engine; `main.tsx` makes it. */
export const ClientContext = createContext<Client | null>(null);

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('No client is given here.');
  return client;
}
