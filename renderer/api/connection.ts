import type { WindowStore } from '../store/windowStore.ts';
import type { Client } from './client.ts';
import type { CubeSession } from './cubeSession.ts';

/** How long to wait before the next look, in milliseconds. */
const waits = [500, 1000, 2000, 3000, 5000];

/**
 * Follows whether the engine answers. When it is gone the window says so and looks again and again; when the same one is
 * back, what it has forgotten is opened again.
 */
export function watchConnection(client: Client, session: CubeSession, store: WindowStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  const unsubscribe = client.onReach((reach) => {
    const before = store.state.connection;
    const now = reach === 'reached' ? 'ready' : reach;
    if (now === before) return;
    store.set({ connection: now });
    if (now === 'ready') {
      clearTimeout(timer);
      tries = 0;
      void session.revive().then(
        () => {
          store.set({ revived: store.state.revived + 1 });
        },
        () => undefined,
      );
    } else look();
  });

  const look = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        tries += 1;
        client.call('/api/host').catch(() => {
          // What was met is told to the listener above.
          if (store.state.connection !== 'ready') look();
        });
      },
      waits[Math.min(tries, waits.length - 1)],
    );
  };
  // A machine that slept may have been forgotten in the meantime.
  const awake = (): void => {
    if (document.visibilityState === 'visible' && store.state.connection === 'ready') {
      void session.revive().then(
        (any) => {
          if (any) store.set({ revived: store.state.revived + 1 });
        },
        () => undefined,
      );
    }
  };
  document.addEventListener('visibilitychange', awake);
  return () => {
    unsubscribe();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', awake);
  };
}
