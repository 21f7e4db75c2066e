import type { Theme, WindowStore } from '../store/windowStore.ts';

const key = 'cubelens-theme';

/** The theme that was chosen before; without one the system's. */
export function keptTheme(): Theme {
  const kept = localStorage.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** True where the page is dark now. */
export const isDark = (theme: Theme): boolean =>
  theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);

/** Keeps the page in the theme of the window's state, and follows the system where that is the choice. */
export function followTheme(store: WindowStore): void {
  const apply = (): void => {
    const { theme } = store.state;
    document.documentElement.dataset['theme'] = isDark(theme) ? 'dark' : 'light';
    localStorage.setItem(key, theme);
  };
  apply();
  store.api.subscribe((state, before) => {
    if (state.theme !== before.theme) apply();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
}
