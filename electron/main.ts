import { app, BrowserWindow, dialog, nativeTheme, protocol, screen, session, shell } from 'electron';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
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
import { isSquirrelStart } from './squirrel.ts';
import { present, reviveAfterCrash, windowOptions } from './windows.ts';

// The desktop app: the engine in this process, its threads beside it, and one window. What must happen before `ready`
// (sandbox, schemes, the lock) is done in the first turn: a CJS bundle imports nothing late.

app.enableSandbox();
protocol.registerSchemesAsPrivileged(schemes);
confineContents(app, shell);

const isInstaller = isSquirrelStart(process.argv, process.platform, process.execPath, (program, words) => {
  spawn(program, [...words], { detached: true, stdio: 'ignore' }).unref();
});
if (!isInstaller && app.requestSingleInstanceLock()) start().catch(fail);
else app.quit();

async function start(): Promise<void> {
  const argv = process.argv.slice(1);
  const opening = new Opening(fileArguments(argv, process.cwd()), argv.includes('--demo'));
  app.on('second-instance', (_event, words, folder) => {
    for (const path of fileArguments(words.slice(1), folder)) opening.ask(path);
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
  const window = new BrowserWindow(
    windowOptions(places.preload, place, screens, nativeTheme.shouldUseDarkColors),
  );
  const menu = new AppMenu(window, settings, opening, process.platform === 'darwin');
  const jobs = { running: 0 };
  serveCalls(bridgeHandlers({ settings, files, window, opening, menu, jobs }));
  opening.attach(window, files);
  menu.draw();
  closeWith(engine, window, settings, jobs);
  reviveAfterCrash(window);
  present(window, place);
}

/** Nothing is on the screen yet that could say it. */
function fail(thrown: unknown): void {
  dialog.showErrorBox('Cubelens could not start', asCubelensError(thrown).message);
  app.exit(1);
}

/**
 * Files of a command line, relative to where it was typed, or as URLs, which file managers give. Switches are Chromium's or
 * ours; in a checkout the app's own folder stands among the words, at any place.
 */
function fileArguments(words: readonly string[], folder: string): string[] {
  return words
    .filter((word) => !word.startsWith('-') && word !== '.')
    .map((word) => (/^file:\/\//.test(word) ? pathOfUrl(word) : resolve(folder, word)))
    .filter((path) => app.isPackaged || path !== resolve(app.getAppPath()));
}

/** What is no URL of a file of this computer stays as it is: opening it then says so. */
function pathOfUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
