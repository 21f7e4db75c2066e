import { dialog, type BrowserWindow, type BrowserWindowConstructorOptions, type Rectangle } from 'electron';
import { appUrl, webPreferences } from './security.ts';

/** Smallest window of the design. */
const least = { width: 860, height: 640 };
const first = { width: 1440, height: 900 };

/** Where the window was last. */
export interface WindowPlace {
  bounds: Rectangle;
  isMaximised: boolean;
}

/** Height of what a window is moved by. */
const titleBar = 32;

/** Options of the window: at its last place where a screen still shows enough of its title bar to move it, else in the middle. */
export function windowOptions(
  preload: string,
  place: WindowPlace | null,
  screens: readonly Rectangle[],
  isDark: boolean,
): BrowserWindowConstructorOptions {
  const isSeen =
    place !== null &&
    screens.some((screen) => overlap({ ...place.bounds, height: titleBar }, screen) >= 100 * (titleBar / 2));
  return {
    ...(isSeen ? place.bounds : first),
    minWidth: least.width,
    minHeight: least.height,
    // Shown when there is something to see.
    show: false,
    backgroundColor: isDark ? '#1b1d20' : '#f4f5f6',
    webPreferences: webPreferences(preload),
  };
}

/** Loads the window's page and shows it when it is ready. */
export function present(window: BrowserWindow, place: WindowPlace | null): void {
  window.once('ready-to-show', () => {
    if (place?.isMaximised === true) window.maximize();
    window.show();
  });
  void window.loadURL(appUrl);
}

/** Where the process of the page breaks down it is said, and the person may load it anew: the engine and its jobs go on. */
export function reviveAfterCrash(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The window has stopped working.',
        detail: `Its process ended (${reason}). The files you opened are unchanged, and running jobs go on.`,
        buttons: ['Load it again', 'Close'],
        defaultId: 0,
        cancelId: 1,
      })
      .then(({ response }) => {
        if (window.isDestroyed()) return;
        if (response === 0) window.webContents.reload();
        else window.close();
      });
  });
}

/** Pixels that two rectangles share. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}
