import type { BrowserWindow } from 'electron';
import { bridgeEvents, type BridgeStart } from '../src/engine/contract/index.ts';
import type { DesktopFiles } from './grants.ts';

/** Files that the system, the menu or the command line asks to open: kept until the window can hear of them. */
export class Opening {
  #waiting: string[];
  #demo: boolean;
  #send: ((path: string) => void) | null = null;
  #isHeard = false;

  constructor(paths: readonly string[], demo: boolean) {
    this.#waiting = [...paths];
    this.#demo = demo;
  }

  ask(path: string): void {
    if (this.#isHeard) this.#send?.(path);
    else this.#waiting.push(path);
  }

  /** Where files go once the window has asked for the first one. */
  attach(window: BrowserWindow, files: DesktopFiles): void {
    this.#send = (path) => {
      window.webContents.send(bridgeEvents.openFile, files.allow(path));
    };
    window.on('closed', () => {
      this.#send = null;
    });
    // A page that is loaded again asks again.
    window.webContents.on('render-process-gone', () => {
      this.#isHeard = false;
    });
  }

  /** What to open first; the window listens from now on. */
  first(files: DesktopFiles): BridgeStart {
    const [path, ...rest] = this.#waiting;
    const demo = this.#demo && path === undefined;
    this.#waiting = [];
    this.#demo = false;
    this.#isHeard = true;
    // After the answer, so that the first file is the first cube.
    setTimeout(() => {
      for (const one of rest) this.#send?.(one);
    });
    return { file: path === undefined ? null : files.allow(path), demo };
  }
}
