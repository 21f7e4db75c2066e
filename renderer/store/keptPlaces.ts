import type { CubeSettings, CubeView } from './cubeView.ts';
import type { Document, WindowState, WindowStore } from './windowStore.ts';

const key = 'cubelens-places';
/** Another number where settings or views have another shape: what an older page kept is then left. */
const shape = 2;
const pauseMs = 300;

/** Settings and places of a window's cubes, which a reload brings back. Undo begins anew. */
export interface KeptPlaces {
  document: Document;
  views: Readonly<Record<string, CubeView>>;
  activeCubeId: string | null;
}

/** What this tab kept before it was loaded again. */
export function keptPlaces(storage: Pick<Storage, 'getItem'> = sessionStorage): KeptPlaces {
  const nothing = { document: {}, views: {}, activeCubeId: null };
  try {
    const kept = JSON.parse(storage.getItem(key) ?? 'null') as
      (Partial<KeptPlaces> & { shape?: number }) | null;
    if (kept?.shape !== shape) return nothing;
    return {
      document: kept.document ?? {},
      views: kept.views ?? {},
      activeCubeId: kept.activeCubeId ?? null,
    };
  } catch {
    return nothing;
  }
}

/** Keeps the places of the open cubes a moment after they changed, and at once when the page goes away. */
export function keepPlaces(
  store: WindowStore,
  storage: Pick<Storage, 'setItem'> = sessionStorage,
  page: Pick<EventTarget, 'addEventListener'> = window,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { views, document, activeCubeId } = store.state;
    const open = Object.fromEntries(
      Object.keys(views).flatMap((cubeId): [string, CubeSettings][] => {
        const settings = document[cubeId];
        return settings === undefined ? [] : [[cubeId, settings]];
      }),
    );
    try {
      storage.setItem(key, JSON.stringify({ shape, views, document: open, activeCubeId }));
    } catch {
      // Storage that is full or switched off: a reload then begins anew.
    }
  };
  store.api.subscribe((now: WindowState, before: WindowState) => {
    const isSame =
      now.views === before.views &&
      now.document === before.document &&
      now.activeCubeId === before.activeCubeId;
    if (!isSame) timer ??= setTimeout(keep, pauseMs);
  });
  page.addEventListener('pagehide', () => {
    if (timer !== undefined) keep();
  });
}
