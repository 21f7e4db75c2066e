import type { RecentFile, TargetAnswer, TargetLook } from '../../src/engine/contract/index.ts';

/** A file of the host's that the person may open; the id is the host's own. */
export interface HostFile {
  id: string;
  name: string;
}

/**
 * What the window needs of its host beside the engine. `BrowserHost` is the one of a browser's page, `ElectronHost` the
 * desktop app's. */
export interface Host {
  /** Lets the person choose a file; null where they closed the dialog. */
  pickFile: () => Promise<HostFile | null>;
  /** Takes files that were dropped into the window; gives the one to open. Throws `ApiError`. */
  takeDropped: (
    files: readonly File[],
    signal: AbortSignal,
    progress: (share: number) => void,
  ) => Promise<HostFile>;
  /** Id of a read grant of the engine for a file. Throws `ApiError`. */
  grantRead: (file: HostFile) => Promise<string>;
  /** What the person asked for when they started the host. */
  start: () => Promise<{ file: HostFile | null; demo: boolean }>;
  /** Files that were opened before, the last one first. */
  recentFiles: () => Promise<RecentFile[]>;
  /** The file of a list of the host's, as the rest of the window knows it. */
  fileOf: (fileId: string, name: string) => HostFile;
  /** Remembers that a file was opened. */
  remember: (file: HostFile) => Promise<void>;
  /** What there is where an export of this name would go; null where the host's own dialog will ask. */
  lookAtTarget: (name: string) => Promise<TargetLook | null>;
  /** Lets the person choose where an export of this name goes; null where they closed the dialog. */
  pickTarget: (name: string) => Promise<TargetAnswer | null>;
  /** What `fetchOutput` does, as its button says it. */
  outputLabel: string;
  /** Hands the files of a finished export to the person: all of them, or one. Throws `ApiError`. */
  fetchOutput: (jobId: string, file: string | null) => Promise<void>;
}
