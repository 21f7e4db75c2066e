import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../src/engine/contract/index.ts';

/** Keys as the window writes them ("Ctrl ⇧ Z") in Electron's words; null for single keys, which are the window's own. */
export function acceleratorOf(keys: string | null): string | null {
  if (keys === null || !/^(Ctrl|Alt) /.test(keys)) return null;
  const words: Record<string, string> = { Ctrl: 'CommandOrControl', '⇧': 'Shift', Alt: 'Alt' };
  return keys
    .split(' ')
    .map((part) => words[part] ?? part)
    .join('+');
}

/** The menus, drawn from the window's own commands: a command stands in one place. */
export function menuTemplate(
  commands: readonly MenuCommand[],
  run: (id: string) => void,
  isMac: boolean,
): MenuItemConstructorOptions[] {
  const byId = new Map(commands.map((command) => [command.id, command]));
  const item = (id: string): MenuItemConstructorOptions[] => {
    const command = byId.get(id);
    if (command === undefined) return [];
    const accelerator = acceleratorOf(command.keys);
    return [
      {
        label: command.title,
        enabled: command.enabled,
        // The window listens to its keys itself: the menu only shows them.
        registerAccelerator: false,
        ...(accelerator === null ? {} : { accelerator }),
        click: () => {
          run(id);
        },
      },
    ];
  };
  const group = (name: string): MenuItemConstructorOptions[] =>
    commands.filter((command) => command.group === name).flatMap(({ id }) => item(id));
  const rule: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: 'File',
      submenu: [
        ...item('file.open'),
        ...item('file.demo'),
        ...item('cube.close'),
        rule,
        ...item('export.image'),
        ...item('export.cube'),
        ...item('export.spectrum'),
        rule,
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [...item('edit.undo'), ...item('edit.redo'), rule, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }],
    },
    { label: 'View', submenu: [...group('Band view'), rule, ...item('window.leftPanel'), ...item('window.rightPanel')] },
    { label: 'Bands', submenu: group('Bands and modes') },
    { label: 'Spectrum', submenu: [...group('Spectrum'), rule, ...group('Filter')] },
    { role: 'windowMenu' },
    { role: 'help', submenu: [...item('help.keys'), ...item('help.about')] },
  ];
}
