// Under the sandbox a preload is one CJS file and may require nothing but `electron` and a few of Node's modules: it imports
// types only, and the names of its messages stand here in full.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { BridgeChannel, BridgeFile, HostBridge } from '../src/engine/contract/hostBridge.ts';

const invoke = (channel: BridgeChannel, ...args: unknown[]): Promise<never> =>
  ipcRenderer.invoke(channel, ...args) as Promise<never>;

/** Listeners get the value alone: the event object would lead back to `ipcRenderer`. */
function listen<Value>(channel: string, listener: (value: Value) => void): () => void {
  const wrapped = (_event: unknown, value: Value): void => {
    listener(value);
  };
  ipcRenderer.on(channel, wrapped);
  return () => {
    ipcRenderer.removeListener(channel, wrapped);
  };
}

const bridge: HostBridge = {
  start: () => invoke('host:start'),
  pickFile: () => invoke('host:pick-file'),
  dropped: (files) =>
    invoke(
      'host:dropped',
      files.map((file) => webUtils.getPathForFile(file as File)),
    ),
  grantRead: (fileId) => invoke('host:grant-read', fileId),
  recentFiles: () => invoke('host:recent-files'),
  remember: (fileId) => invoke('host:remember', fileId),
  pickTarget: (name) => invoke('host:pick-target', name),
  showOutput: (jobId, file) => invoke('host:show-output', jobId, file),
  setMenu: (commands) => invoke('host:menu', [...commands]),
  setProgress: (share, running) => invoke('host:progress', share, running),
  onCommand: (listener) => listen<string>('host:command', listener),
  onOpenFile: (listener) => listen<BridgeFile>('host:open-file', listener),
};

contextBridge.exposeInMainWorld('cubelensHost', bridge);
