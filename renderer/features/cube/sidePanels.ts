import { useSyncExternalStore } from 'react';
import type { Command } from '../../store/commands.ts';
import { useWindow } from '../../store/windowStore.ts';

export type Side = 'left' | 'right';

/** Windows of fewer pixels have no room for a panel beside the picture. */
const leastWidth: Record<Side, number> = { left: 860, right: 1100 };

const fits = (side: Side): boolean => window.innerWidth >= leastWidth[side];

function watchSize(changed: () => void): () => void {
  window.addEventListener('resize', changed);
  return () => {
    window.removeEventListener('resize', changed);
  };
}

/** True where a side panel stands there: by the window's width, or as the person wants it. */
export function useSidePanel(side: Side): boolean {
  const wish = useWindow((state) => state.panels[side]);
  const isWide = useSyncExternalStore(watchSize, () => fits(side));
  return wish === 'auto' ? isWide : wish === 'open';
}

/** The command that shows or hides a side panel. */
export const panelCommand = (side: Side, title: string, key: string): Command => ({
  id: `window.${side}Panel`,
  title,
  group: 'Window',
  keys: [key],
  run: ({ store }) => {
    const { panels } = store.state;
    const isShown = panels[side] === 'auto' ? fits(side) : panels[side] === 'open';
    store.set({ panels: { ...panels, [side]: isShown ? 'closed' : 'open' } });
  },
});
