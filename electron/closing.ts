import { app, dialog, type BrowserWindow } from 'electron';
import type { Engine } from '../src/engine/engine.ts';
import type { Settings } from './settings.ts';

/** Jobs clean up behind them within a second; a disk that hangs may take longer. */
const mostClosingMs = 20_000;

/** Keeps the window's place, asks where jobs would be lost, and ends the engine before the app: jobs clean up behind them. */
export function closeWith(
  engine: Pick<Engine, 'close'>,
  window: BrowserWindow,
  settings: Settings,
  jobs: { readonly running: number },
): void {
  let mayClose = false;
  let isAsking = false;
  window.on('close', (event) => {
    settings.change({ place: { bounds: window.getNormalBounds(), isMaximised: window.isMaximized() } });
    if (mayClose || jobs.running === 0) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    // Not the dialog that waits: it would hold up the very jobs it asks about.
    void agreesToLose(window, jobs.running).then((agrees) => {
      isAsking = false;
      if (!agrees || window.isDestroyed()) return;
      mayClose = true;
      window.close();
    });
  });
  let isClosed = false;
  let isClosing = false;
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    // An engine that does not end must not keep the next start from getting the lock.
    const patience = setTimeout(() => app.exit(1), mostClosingMs);
    void engine
      .close()
      .catch(() => undefined)
      .then(() => {
        clearTimeout(patience);
        isClosed = true;
        app.quit();
      });
  });
}

async function agreesToLose(window: BrowserWindow, running: number): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: running === 1 ? 'A job is still running.' : `${running} jobs are still running.`,
    detail: 'Closing cancels what is not finished. Nothing half written stays behind.',
    buttons: ['Cancel and close', 'Keep the window'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}
