import { app, BrowserWindow, dialog, protocol, screen, session, shell } from 'electron';
import { resolve } from 'node:path';
import { asCubelensError, createEngine, version } from '../src/engine/engine.ts';
import { WindowFiles } from '../src/hosts/windowFiles.ts';
import { closeWith } from './closing.ts';
import { DesktopFiles } from './grants.ts';
import { bridgeHandlers } from './handlers.ts';
import { serveCalls } from './ipc.ts';
import { AppMenu } from './menu.ts';
import { Opening } from './opening.ts';
import { placesFor } from './places.ts';
import { createProtocolHandler } from './protocol.ts';
import { confineContents, refusePermissions, scheme, schemes } from './security.ts';
import { Settings } from './settings.ts';
import { present, reviveAfterCrash, windowOptions } from './windows.ts';

// The desktop app: the engine in this process, its threads beside it, and one window. What must happen before `ready`
// (sandbox, schemes, the lock) is done in the first turn: a CJS bundle imports nothing late.

app.enableSandbox();
protocol.registerSchemesAsPrivileged(schemes);
confineContents(app, shell);

if (app.requestSingleInstanceLock()) start().catch(fail);
else app.quit();

async function start(): Promise<void> {
  const argv = process.argv.slice(app.isPackaged ? 1 : 2);
  const opening = new Opening(fileArguments(argv, process.cwd()), argv.includes('--demo'));
  app.on('second-instance', (_event, words, folder) => {
    for (const path of fileArguments(words.slice(app.isPackaged ? 1 : 2), folder)) opening.ask(path);
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    opening.ask(path);
  });
  app.setAboutPanelOptions({
    applicationName: 'Cubelens',
    applicationVersion: version,
    copyright: `MIT licence. Electron ${process.versions['electron'] ?? ''}, Chromium ${process.versions['chrome'] ?? ''}, Node ${process.versions.node}: their licences lie beside the program.`,
  });

  await app.whenReady();
  const places = placesFor(import.meta.url);
  const engine = createEngine({
    workerUrl: places.workerUrl,
    host: { kind: 'electron', capabilities: ['open-dialogs', 'show-output'] },
  });
  const settings = new Settings(app.getPath('userData'));
  const files = new DesktopFiles(engine);
  refusePermissions(session.defaultSession);
  const windowFiles = await WindowFiles.of(places.renderer);
  // The session of the window: another one would know nothing of the scheme.
  session.defaultSession.protocol.handle(scheme, createProtocolHandler(engine, windowFiles));

  const { place } = settings.values;
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow(windowOptions(places.preload, place, screens));
  const menu = new AppMenu(window, settings, opening, process.platform === 'darwin');
  const jobs = { running: 0 };
  serveCalls(bridgeHandlers({ settings, files, window, opening, menu, jobs }));
  opening.attach(window, files);
  closeWith(engine, window, settings, jobs);
  reviveAfterCrash(window);
  present(window, place);
}

/** Nothing is on the screen yet that could say it. */
function fail(thrown: unknown): void {
  dialog.showErrorBox('Cubelens could not start', asCubelensError(thrown).message);
  app.exit(1);
}

/** Files of a command line, relative to where it was typed; switches are Chromium's or ours. */
function fileArguments(words: readonly string[], folder: string): string[] {
  return words.filter((word) => !word.startsWith('-') && word !== '.').map((word) => resolve(folder, word));
}
