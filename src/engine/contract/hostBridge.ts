import { z } from 'zod';
import type { WireError } from '../base/errors.ts';
import { fileNameSchema, type RecentFile, type TargetAnswer } from './hostRoutes.ts';

// What the desktop app's preload gives the window beside the engine. Files are named by ids of the main process; errors cross as
// data, because a bridge of contexts drops their fields.

/** A file that the person chose, by an id of the main process. */
export interface BridgeFile {
  id: string;
  name: string;
}

/** What the person asked for when they started the app. */
export interface BridgeStart {
  file: BridgeFile | null;
  demo: boolean;
}

export type BridgeAnswer<Value> = { ok: true; value: Value } | { ok: false; error: WireError };

/** A command of the window, as the menu shows it; keys as the window writes them ("Ctrl ⇧ Z"). */
export const menuCommandSchema = z.strictObject({
  id: z.string().min(1).max(100),
  title: z.string().min(1).max(200),
  group: z.string().min(1).max(100),
  keys: z.string().max(40).nullable(),
  enabled: z.boolean(),
});
export type MenuCommand = z.infer<typeof menuCommandSchema>;

const id = z.string().min(1).max(200);

/** Arguments of every call, checked by the main process. */
export const bridgeCalls = {
  'host:start': z.tuple([]),
  'host:pick-file': z.tuple([]),
  'host:dropped': z.tuple([z.array(z.string().max(32_768)).min(1).max(1000)]),
  'host:grant-read': z.tuple([id]),
  'host:recent-files': z.tuple([]),
  'host:remember': z.tuple([id]),
  'host:pick-target': z.tuple([fileNameSchema]),
  'host:show-output': z.tuple([id, fileNameSchema.nullable()]),
  'host:menu': z.tuple([z.array(menuCommandSchema).max(200)]),
  'host:progress': z.tuple([z.number().min(0).max(1).nullable(), z.int().min(0).max(10_000)]),
} as const;

export type BridgeChannel = keyof typeof bridgeCalls;

/** What each call answers. */
export interface BridgeValues {
  'host:start': BridgeStart;
  'host:pick-file': BridgeFile | null;
  'host:dropped': BridgeFile;
  'host:grant-read': { grantId: string };
  'host:recent-files': RecentFile[];
  'host:remember': null;
  'host:pick-target': TargetAnswer | null;
  'host:show-output': null;
  'host:menu': null;
  'host:progress': null;
}

/** `window.cubelensHost`. */
export interface HostBridge {
  start: () => Promise<BridgeAnswer<BridgeStart>>;
  pickFile: () => Promise<BridgeAnswer<BridgeFile | null>>;
  /** Dropped `File`s; their paths are found in the preload, the window's own code never sees one. */
  dropped: (files: readonly object[]) => Promise<BridgeAnswer<BridgeFile>>;
  grantRead: (fileId: string) => Promise<BridgeAnswer<{ grantId: string }>>;
  recentFiles: () => Promise<BridgeAnswer<RecentFile[]>>;
  remember: (fileId: string) => Promise<BridgeAnswer<null>>;
  /** The system's save dialog, which asks before it replaces. */
  pickTarget: (name: string) => Promise<BridgeAnswer<TargetAnswer | null>>;
  /** Shows a finished output in the file manager. */
  showOutput: (jobId: string, file: string | null) => Promise<BridgeAnswer<null>>;
  /** What the menus show. */
  setMenu: (commands: readonly MenuCommand[]) => Promise<BridgeAnswer<null>>;
  /** Share of all running jobs for the task bar, and how many there are. */
  setProgress: (share: number | null, running: number) => Promise<BridgeAnswer<null>>;
  /** Commands of the menu, by id; gives the function that ends it. */
  onCommand: (listener: (id: string) => void) => () => void;
  /** Files that the system asks to open. */
  onOpenFile: (listener: (file: BridgeFile) => void) => () => void;
}

/** Messages from the main process. */
export const bridgeEvents = { command: 'host:command', openFile: 'host:open-file' } as const;
