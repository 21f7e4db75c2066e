import type { Page } from '@playwright/test';

/**
 * How the specs start the workbench and reach what a host keeps for itself. One implementation a host; the specs are the
 * same for all.
 */
export interface Launcher {
  /** Starts the host and opens its window in the page. */
  start: (page: Page, options?: StartOptions) => Promise<Started>;
  /** Ends every host that was started, and removes what they wrote. */
  close: () => Promise<void>;
}

export interface StartOptions {
  /** Files that shall lie in the folder that the person may open files from, by name. */
  files?: readonly string[];
  /** Open the demo scene first. */
  demo?: boolean;
  /** A file of `files` to open first. */
  open?: string;
  /** More of them, after it: the desktop app takes several. */
  more?: readonly string[];
}

export interface Started {
  /** The folder whose files can be opened. */
  folder: string;
  /** The folder of exports. */
  out: string;
  /** Address of the window without its token, and with it. */
  origin: string;
  url: string;
  /** Opens a file of the folder with the dialog of this host; it need not come to a cube. */
  openFile: (name: string) => Promise<void>;
  /** Presses Export in the window's dialog, and gives the output this name where this host asks for it. */
  exportAs: (name: string) => Promise<void>;
  /** Ends the host; the page stays. */
  stop: () => Promise<void>;
  /** Starts it again on the same port: with other tokens. */
  restart: () => Promise<string>;
}
