import { app, dialog, type BrowserWindow } from 'electron';
import type { Engine } from '../src/engine/engine.ts';
import type { Settings } from './settings.ts';

/** Keeps the window's place, asks where jobs would be lost, and ends the engine before the app: jobs clean up behind them. */
export function closeWith(
  engine: Pick<Engine, 'close'>,
  window: BrowserWindow,
  settings: Settings,
  jobs: { readonly running: number },
): void {
  let mayClose = false;
  window.on('close', (event) => {
    settings.change({ place: { bounds: window.getNormalBounds(), isMaximised: window.isMaximized() } });
    if (mayClose || jobs.running === 0) return;
    event.preventDefault();
    // Not the dialog that waits: it would hold up the very jobs it asks about.
    void agreesToLose(window, jobs.running).then((agrees) => {
      if (!agrees) return;
      mayClose = true;
      window.close();
    });
  });
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
