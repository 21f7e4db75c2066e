import type { Command } from '../store/commands.ts';
import { isDark } from './theme.ts';

/** Commands of the window itself. */
export const windowCommands: readonly Command[] = [
  {
    id: 'window.palette',
    title: 'Commands',
    group: 'Window',
    keys: ['Ctrl K'],
    run: ({ store }) => {
      store.set({ dialog: 'palette' });
    },
  },
  {
    id: 'file.open',
    title: 'Open a file',
    group: 'Window',
    keys: ['Ctrl O'],
    run: ({ services }) => services.session.pickAndOpen(),
  },
  {
    id: 'file.demo',
    title: 'Open the demo scene',
    group: 'Window',
    run: ({ services }) => services.session.openDemo(),
  },
  {
    id: 'file.demoClasses',
    title: "Open the demo scene's class map",
    group: 'Window',
    run: ({ services }) => services.session.openDemo('classes'),
  },
  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Window',
    keys: ['Ctrl Z'],
    why: ({ store }) => (store.state.undoLabel === null ? 'There is nothing to undo.' : null),
    run: ({ store }) => {
      store.undo();
    },
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    group: 'Window',
    keys: ['Ctrl ⇧ Z', 'Ctrl Y'],
    why: ({ store }) => (store.state.redoLabel === null ? 'There is nothing to redo.' : null),
    run: ({ store }) => {
      store.redo();
    },
  },
  {
    id: 'window.theme',
    title: 'Light or dark theme',
    group: 'Window',
    run: ({ store }) => {
      store.set({ theme: isDark(store.state.theme) ? 'light' : 'dark' });
    },
  },
  {
    id: 'window.systemTheme',
    title: 'Theme of the system',
    group: 'Window',
    run: ({ store }) => {
      store.set({ theme: 'system' });
    },
  },
  {
    id: 'help.keys',
    title: 'Keys',
    group: 'Help',
    keys: ['?'],
    run: ({ store }) => {
      store.set({ dialog: 'keys' });
    },
  },
  {
    id: 'help.about',
    title: 'About Cubelens',
    group: 'Help',
    run: ({ store }) => {
      store.set({ dialog: 'about' });
    },
  },
];
