import { app, Menu, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';
import { basename } from 'node:path';
import { bridgeEvents, type MenuCommand } from '../src/engine/contract/index.ts';
import type { Opening } from './opening.ts';
import type { Settings } from './settings.ts';

/** Keys as the window writes them ("Ctrl ⇧ Z") in Electron's words; null for single keys, which are the window's own. */
export function acceleratorOf(keys: string | null): string | null {
  if (keys === null || !/^(Ctrl|Alt) /.test(keys)) return null;
  const words: Record<string, string> = { Ctrl: 'CommandOrControl', '⇧': 'Shift', '−': '-', '+': 'Plus' };
  return keys
    .split(' ')
    .map((part) => words[part] ?? part)
    .join('+');
}

interface MenuParts {
  commands: readonly MenuCommand[];
  /** Files opened before, by name, the last one first. */
  recent: readonly { label: string; open: () => void }[];
  run: (id: string) => void;
  isMac: boolean;
  /** In a checkout: developer tools. */
  isPackaged: boolean;
}

/** The menus, drawn from the window's own commands: a command stands in one place. */
export function menuTemplate({
  commands,
  recent,
  run,
  isMac,
  isPackaged,
}: MenuParts): MenuItemConstructorOptions[] {
  const taken = new Set<string>();
  const item = ({ id, title, enabled, keys }: MenuCommand): MenuItemConstructorOptions => {
    // macOS runs what stands in its menu: there undo would reach past the field that has the focus.
    const accelerator = isMac && id.startsWith('edit.') ? null : acceleratorOf(keys);
    return {
      id,
      label: title,
      enabled,
      // The window listens to its keys itself: the menu only shows them.
      registerAccelerator: false,
      ...(accelerator === null ? {} : { accelerator }),
      click: () => {
        run(id);
      },
    };
  };
  /** The commands of these beginnings that no menu has yet: `file.` is all of a kind. */
  const take = (...beginnings: string[]): MenuItemConstructorOptions[] =>
    beginnings.flatMap((beginning) =>
      commands
        .filter(({ id }) => !taken.has(id) && id.startsWith(beginning))
        .map((command) => {
          taken.add(command.id);
          return item(command);
        }),
    );
  const rule: MenuItemConstructorOptions = { type: 'separator' };
  const recentItems = recent.map(({ label, open }) => ({ label, click: open }));
  const file = [
    ...take('file.open'),
    { label: 'Open recent', enabled: recent.length > 0, submenu: recentItems },
    ...take('file.', 'cube.close'),
    rule,
    ...take('export.'),
    rule,
    { role: isMac ? ('close' as const) : ('quit' as const) },
  ];
  const edit = [
    ...take('edit.'),
    rule,
    { role: 'cut' as const },
    { role: 'copy' as const },
    { role: 'paste' as const },
    { role: 'selectAll' as const },
  ];
  const view: MenuItemConstructorOptions[] = [
    ...take('view.', 'window.'),
    rule,
    { role: 'togglefullscreen' },
    ...(isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
  ];
  const help = [...take('help.'), { role: 'about' as const, label: 'Versions and licences' }];
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    { label: 'File', submenu: file },
    { label: 'Edit', submenu: edit },
    { label: 'View', submenu: view },
    { label: 'Bands', submenu: take('band.', 'cube.') },
    { label: 'Spectrum', submenu: take('spectrum.', 'filter.') },
    { role: 'windowMenu' },
    { role: 'help', submenu: help },
  ];
}

/** The app's menu: drawn anew when a command or the list of recent files changes. */
export class AppMenu {
  readonly #window: BrowserWindow;
  readonly #settings: Settings;
  readonly #opening: Opening;
  readonly #isMac: boolean;
  #commands: readonly MenuCommand[] = [];

  constructor(window: BrowserWindow, settings: Settings, opening: Opening, isMac: boolean) {
    this.#window = window;
    this.#settings = settings;
    this.#opening = opening;
    this.#isMac = isMac;
  }

  show(commands: readonly MenuCommand[]): void {
    this.#commands = commands;
    this.draw();
  }

  draw(): void {
    const recent = this.#settings.values.recent.map((path) => ({
      label: basename(path),
      open: () => {
        this.#opening.ask(path);
      },
    }));
    const run = (id: string): void => {
      // On macOS the menus outlive the window for a moment.
      if (!this.#window.isDestroyed()) this.#window.webContents.send(bridgeEvents.command, id);
    };
    const template = menuTemplate({
      commands: this.#commands,
      recent,
      run,
      isMac: this.#isMac,
      isPackaged: app.isPackaged,
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}
