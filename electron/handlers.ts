import { app, dialog, shell, type BrowserWindow } from 'electron';
import { extname, join } from 'node:path';
import { endingsLike, type DesktopFiles } from './grants.ts';
import type { BridgeHandlers } from './ipc.ts';
import type { AppMenu } from './menu.ts';
import type { Opening } from './opening.ts';
import { recentFiles, remember } from './recent.ts';
import type { Settings } from './settings.ts';

interface Parts {
  settings: Settings;
  files: DesktopFiles;
  window: BrowserWindow;
  opening: Opening;
  menu: AppMenu;
  /** How many run, as the window last said. */
  jobs: { running: number };
}

const filters = [
  { name: 'Cubes', extensions: ['hdr', 'tif', 'tiff', 'img', 'dat', 'raw', 'bsq', 'bil', 'bip'] },
  { name: 'All files', extensions: ['*'] },
];

/** What the window may ask of the system. */
export function bridgeHandlers({ settings, files, window, opening, menu, jobs }: Parts): BridgeHandlers {
  // Since Electron 43 the system forgets the folder of the last dialog.
  const folder = (): string => settings.values.folder ?? app.getPath('documents');
  const mayReplace = async (name: string): Promise<boolean> => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: `${name} is there already and belongs to the file to be written.`,
      buttons: ['Replace', 'Keep it'],
      defaultId: 1,
      cancelId: 1,
    });
    return response === 0;
  };
  return {
    'host:start': () => opening.first(files),
    'host:pick-file': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'Open a cube',
        defaultPath: folder(),
        properties: ['openFile'],
        filters,
      });
      const [path] = filePaths;
      return canceled || path === undefined ? null : files.allow(path);
    },
    'host:dropped': (paths) => files.ofDropped(paths),
    'host:grant-read': (id) => files.grantRead(id),
    'host:recent-files': () => recentFiles(settings, files),
    'host:remember': (id) => {
      const path = files.pathOf(id);
      remember(settings, path);
      app.addRecentDocument(path);
      menu.draw();
      return null;
    },
    'host:pick-target': async (name) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title: 'Export',
        defaultPath: join(folder(), name),
        filters: [{ name: extname(name).slice(1).toUpperCase(), extensions: endingsLike(name) }],
        // On Linux nobody asks otherwise.
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      return canceled || filePath === '' ? null : files.target(filePath, endingsLike(name), mayReplace);
    },
    'host:show-output': async (jobId, file) => {
      shell.showItemInFolder(await files.outputOf(jobId, file));
      return null;
    },
    'host:menu': (commands) => {
      menu.show(commands);
      return null;
    },
    'host:progress': (share, running) => {
      jobs.running = running;
      window.setProgressBar(share ?? -1);
      return null;
    },
  };
}
