import './ui/tokens.css';
import './ui/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserHost } from './api/browserHost.ts';
import { Client } from './api/client.ts';
import { watchConnection } from './api/connection.ts';
import { CubeSession } from './api/cubeSession.ts';
import type { HostFile } from './api/host.ts';
import { ElectronHost } from './api/electronHost.ts';
import { followJobs } from './api/jobLoop.ts';
import { troubleOf } from './api/problem.ts';
import { ServicesContext, type Services } from './api/services.ts';
import { takeWindowId } from './api/windowId.ts';
import type { HostBridge } from '../src/engine/contract/index.ts';
import { createCommands } from './app/commands.ts';
import { joinDesktop } from './app/desktop.ts';
import { focusNextArea, listenToKeys } from './app/keys.ts';
import { Shell } from './app/Shell.tsx';
import { followTheme, keptTheme } from './app/theme.ts';
import { ExportSession } from './features/exports/exportSession.ts';
import { CommandsContext } from './store/commands.ts';
import { keepPlaces, keptPlaces } from './store/keptPlaces.ts';
import { WindowContext, WindowStore } from './store/windowStore.ts';
import { PortalProvider } from './ui/portal.tsx';
import { createToasts, ToastProvider } from './ui/Toasts.tsx';

const places = keptPlaces();
const store = new WindowStore(keptTheme(), places);
keepPlaces(store);
followTheme(store);
const client = new Client(await takeWindowId());
const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: Infinity, refetchOnWindowFocus: false, networkMode: 'always' },
  },
});
const toasts = createToasts();
// The dialog opens the file itself; nobody waits for it here.
const pickFile = (): Promise<HostFile | null> => {
  store.set({ dialog: 'open' });
  return Promise.resolve(null);
};
const { cubelensHost: bridge } = window as { cubelensHost?: HostBridge };
const host = bridge === undefined ? new BrowserHost(client, pickFile) : new ElectronHost(bridge);
const session = new CubeSession(client, host, store, queries);
const services: Services = { client, host, session, stage: { view: null, plot: null, limits: null } };
const exports = new ExportSession(client, host, toasts, queries);
const commands = createCommands(store, services, toasts);
listenToKeys(commands, focusNextArea);
if (bridge !== undefined) joinDesktop(bridge, { commands, store, session, queries });
watchConnection(client, session, store);
void followJobs(client, queries, new AbortController().signal);
session.begin(places.activeCubeId).catch((thrown: unknown) => {
  const { code, message, remedy } = troubleOf(thrown);
  // A lost engine is said by the banner.
  if (code !== 'lost') toasts.show({ kind: 'error', title: message, message: remedy ?? undefined });
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root, {
  // What a boundary caught is shown by its card; the console is for what nobody caught.
  onCaughtError: () => undefined,
}).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <ServicesContext value={services}>
        <WindowContext value={store}>
          <CommandsContext value={commands}>
            <PortalProvider>
              <ToastProvider toasts={toasts}>
                <Shell exports={exports} />
              </ToastProvider>
            </PortalProvider>
          </CommandsContext>
        </WindowContext>
      </ServicesContext>
    </QueryClientProvider>
  </StrictMode>,
);
