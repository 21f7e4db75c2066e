import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, shell } from 'electron';
import { dirname, join } from 'node:path';
import { bridgeEvents, type BridgeFile } from '../src/engine/contract/index.ts';
import { createEngine, type Engine } from '../src/engine/engine.ts';
import { WindowFiles } from '../src/hosts/windowFiles.ts';
import { DesktopFiles } from './grants.ts';
import { serveCalls, type BridgeHandlers } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { createProtocolHandler } from './protocol.ts';
import { recentFiles, remember } from './recent.ts';
import { confineContents, refusePermissions, scheme, schemes } from './security.ts';
import { Settings } from './settings.ts';
import { present, windowOptions } from './windows.ts';

// The desktop app: the engine in this process, its threads beside it, and one window. What must happen before `ready` (sandbox,
// schemes, the lock) stands here in the first turn; nothing above is imported lazily.

const built = dirname(__filename);

app.enableSandbox();
protocol.registerSchemesAsPrivileged(schemes);
confineContents(app, shell);

if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  // Files of a second start and of the system may come before the window is there.
  const waiting: string[] = fileArguments(process.argv.slice(app.isPackaged ? 1 : 2));
  const desktop = { window: null as BrowserWindow | null, open: (path: string): void => void waiting.push(path) };
  app.on('second-instance', (_event, argv, folder) => {
    for (const path of fileArguments(argv.slice(1))) desktop.open(join(folder, path));
    desktop.window?.focus();
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    desktop.open(path);
  });

  await app.whenReady();
  const engine = createEngine({
    workerUrl: new URL('./worker.cjs', import.meta.url),
    host: { kind: 'electron', capabilities: ['open-dialogs', 'show-output'] },
  });
  const settings = new Settings(app.getPath('userData'));
  const files = new DesktopFiles(engine);
  refusePermissions(session.defaultSession);
  const windowFiles = await WindowFiles.of(join(built, '../renderer/main_window'));
  session.defaultSession.protocol.handle(scheme, createProtocolHandler(engine, windowFiles));

  const { place } = settings.values;
  const options = windowOptions(
    join(built, 'preload.cjs'),
    place,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow(options);
  desktop.window = window;
  const jobs = { running: 0 };
  serveCalls(ipcMain, handlersOf({ engine, settings, files, window, waiting, jobs }));
  desktop.open = (path) => {
    window.webContents.send(bridgeEvents.openFile, files.allow(path) satisfies BridgeFile);
  };
  window.on('close', (event) => {
    settings.change({ place: { bounds: window.getNormalBounds(), isMaximised: window.isMaximized() } });
    if (jobs.running > 0 && !agreesToLose(window, jobs.running)) event.preventDefault();
  });
  window.on('closed', () => {
    desktop.window = null;
  });
  present(window, place);
  quitWith(engine);
}

/** Files of a command line; switches are Chromium's. */
const fileArguments = (argv: readonly string[]): string[] => argv.filter((word) => !word.startsWith('-') && word !== '.');

function agreesToLose(window: BrowserWindow, running: number): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: running === 1 ? 'A job is still running.' : `${running} jobs are still running.`,
    detail: 'Closing cancels it. Nothing half written stays behind.',
    buttons: ['Cancel and close', 'Keep the window'],
    defaultId: 1,
    cancelId: 1,
  });
  return answer === 0;
}

/** The engine ends before the app does: jobs clean up what they have begun. */
function quitWith(engine: Engine): void {
  let isClosed = false;
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void engine.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
}

interface Parts {
  engine: Engine;
  settings: Settings;
  files: DesktopFiles;
  window: BrowserWindow;
  waiting: string[];
  jobs: { running: number };
}

function handlersOf({ settings, files, window, waiting, jobs }: Parts): BridgeHandlers {
  const folder = (): string => settings.values.folder ?? app.getPath('documents');
  return {
    'host:start': () => {
      const path = waiting.shift();
      if (path === undefined) return { file: null, demo: false };
      const { id, name } = files.allow(path);
      return { file: { fileId: id, name }, demo: false };
    },
    'host:pick-file': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'Open a cube',
        defaultPath: folder(),
        properties: ['openFile'],
        filters: [
          { name: 'Cubes', extensions: ['hdr', 'tif', 'tiff', 'img', 'dat', 'raw', 'bsq', 'bil', 'bip'] },
          { name: 'All files', extensions: ['*'] },
        ],
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
      return null;
    },
    'host:pick-target': async (name) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title: 'Export',
        defaultPath: join(folder(), name),
      });
      return canceled || filePath === '' ? null : files.target(filePath);
    },
    'host:show-output': async (jobId, file) => {
      shell.showItemInFolder(await files.outputOf(jobId, file));
      return null;
    },
    'host:menu': (commands) => {
      const run = (id: string): void => {
        window.webContents.send(bridgeEvents.command, id);
      };
      Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(commands, run, process.platform === 'darwin')));
      return null;
    },
    'host:progress': (share, running) => {
      jobs.running = running;
      window.setProgressBar(share ?? -1);
      return null;
    },
  };
}
