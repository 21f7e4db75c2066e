import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

// A fake `electron` for tests of the main process. It is strict: what it does not know throws, what Electron wants before or
// after `ready` throws elsewhere. Its parts are typed by Electron's own declarations, so that they cannot drift from them.

/** An object that throws where something is read that it does not have, and on every assignment. */
function strict<Part extends object>(name: string, part: Part): Part {
  return new Proxy(part, {
    get: (target, key) => {
      if (typeof key === 'string' && !(key in target)) throw new Error(`The fake ${name} has no ${key}.`);
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set: (_target, key) => {
      throw new Error(`The fake ${name} does not let ${String(key)} be set.`);
    },
  });
}

/** An event that can be prevented. */
export class FakeEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** Contents of a page: `mainFrame` is what calls of it come from. */
export class FakeContents extends EventEmitter {
  readonly sent: { channel: string; args: unknown[] }[] = [];
  readonly mainFrame = { url: '' };
  reloads = 0;
  openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null;

  send(channel: string, ...args: unknown[]): void {
    // The real one clones: what cannot be cloned throws.
    this.sent.push({ channel, args: structuredClone(args) });
  }
  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler;
  }
  reload(): void {
    this.reloads += 1;
  }
  getURL(): string {
    return this.mainFrame.url;
  }
}

/** A window; `closed` once it is gone. */
export class FakeWindow extends EventEmitter {
  static readonly all: FakeWindow[] = [];
  readonly webContents: FakeContents = strict('webContents', new FakeContents());
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly shown: string[] = [];
  progress = -1;
  bounds = { x: 10, y: 20, width: 1000, height: 700 };
  isMinimised = false;
  isGone = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    needsReady('new BrowserWindow');
    this.options = options;
    FakeWindow.all.push(this);
    state.app.emit('web-contents-created', new FakeEvent(), this.webContents);
  }
  static getAllWindows(): FakeWindow[] {
    return FakeWindow.all.filter(({ isGone }) => !isGone);
  }
  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url;
    return Promise.resolve();
  }
  show(): void {
    this.shown.push('show');
  }
  focus(): void {
    this.shown.push('focus');
  }
  maximize(): void {
    this.shown.push('maximize');
  }
  restore(): void {
    this.isMinimised = false;
    this.shown.push('restore');
  }
  isMinimized(): boolean {
    return this.isMinimised;
  }
  isMaximized(): boolean {
    return this.shown.includes('maximize');
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  getNormalBounds(): Electron.Rectangle {
    return this.bounds;
  }
  setProgressBar(share: number): void {
    this.progress = share;
  }
  close(): void {
    const event = new FakeEvent();
    this.emit('close', event);
    if (event.defaultPrevented || this.isGone) return;
    this.isGone = true;
    this.emit('closed');
    if (FakeWindow.getAllWindows().length === 0 && !state.isQuitting) state.app.emit('window-all-closed');
  }
}

interface Answers {
  open: Electron.OpenDialogReturnValue[];
  save: Electron.SaveDialogReturnValue[];
  box: number[];
}

type Handler = (request: Request & { initiatorOrigin?: string }) => Promise<Response>;

/** What has happened, and what tests decide. */
export const state = {
  app: new EventEmitter(),
  isReady: false,
  isQuitting: false,
  isSandboxed: false,
  hasLock: true,
  isPackaged: false,
  exitCode: null as number | null,
  folder: '',
  schemes: null as Electron.CustomScheme[] | null,
  protocolHandlers: new Map<string, Handler>(),
  calls: new Map<string, (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown>(),
  /** What the person answers in the next dialogs; a dialog without an answer is a failure. */
  answers: { open: [], save: [], box: [] } as Answers,
  dialogs: [] as { kind: string; options: unknown }[],
  shownInFolder: [] as string[],
  openedOutside: [] as string[],
  recentDocuments: [] as string[],
  permissions: {
    request: null as
      ((contents: FakeContents, permission: string, answer: (is: boolean) => void) => void) | null,
    check: null as ((contents: null, permission: string, origin: string) => boolean) | null,
    device: null as (() => boolean) | null,
    loginDomains: null as string | null,
  },
  menu: null as Electron.MenuItemConstructorOptions[] | null,
};

function needsReady(what: string): void {
  if (!state.isReady) throw new Error(`${what} before ready.`);
}
function needsNotReady(what: string): void {
  if (state.isReady) throw new Error(`${what} after ready.`);
}
function next<Value>(kind: string, options: unknown, answers: Value[]): Value {
  state.dialogs.push({ kind, options });
  const answer = answers.shift();
  if (answer === undefined) throw new Error(`Nobody expected the dialog ${kind}.`);
  return answer;
}

type AppPart = Pick<
  Electron.App,
  | 'addRecentDocument'
  | 'enableSandbox'
  | 'exit'
  | 'getAppPath'
  | 'getPath'
  | 'isPackaged'
  | 'on'
  | 'quit'
  | 'requestSingleInstanceLock'
  | 'setAboutPanelOptions'
  | 'whenReady'
>;
const appPart: AppPart = {
  addRecentDocument: (path) => void state.recentDocuments.push(path),
  enableSandbox: () => {
    needsNotReady('enableSandbox');
    state.isSandboxed = true;
  },
  exit: (code = 0) => {
    state.exitCode = code;
  },
  getAppPath: () => process.cwd(),
  getPath: (name) => {
    if (name === 'userData' || name === 'documents') return state.folder;
    throw new Error(`The fake app knows no folder ${name}.`);
  },
  get isPackaged() {
    return state.isPackaged;
  },
  on: ((event: string, listener: (...args: unknown[]) => void) => {
    state.app.on(event, listener);
    return app;
  }) as Electron.App['on'],
  quit: () => {
    state.isQuitting = true;
    for (const window of FakeWindow.getAllWindows()) window.close();
    // A window that stays calls it off.
    if (FakeWindow.getAllWindows().length > 0) {
      state.isQuitting = false;
      return;
    }
    const event = new FakeEvent();
    state.app.emit('will-quit', event);
    if (!event.defaultPrevented) state.exitCode ??= 0;
  },
  requestSingleInstanceLock: () => state.hasLock,
  setAboutPanelOptions: () => undefined,
  whenReady: () =>
    state.isReady ? Promise.resolve() : new Promise((resolve) => state.app.once('ready', resolve)),
};
export const app = strict('app', appPart);

export const BrowserWindow = new Proxy(FakeWindow, {
  construct: (target, [options]: [Electron.BrowserWindowConstructorOptions]) =>
    strict('BrowserWindow', new target(options)),
});

const protocolPart: Pick<Electron.Protocol, 'registerSchemesAsPrivileged'> = {
  registerSchemesAsPrivileged: (schemes) => {
    needsNotReady('registerSchemesAsPrivileged');
    if (state.schemes !== null) throw new Error('registerSchemesAsPrivileged twice.');
    state.schemes = schemes;
  },
};
export const protocol = strict('protocol', protocolPart);

type SessionPart = Pick<
  Electron.Session,
  | 'allowNTLMCredentialsForDomains'
  | 'setDevicePermissionHandler'
  | 'setPermissionCheckHandler'
  | 'setPermissionRequestHandler'
> & { protocol: Pick<Electron.Protocol, 'handle'> };
const sessionPart: SessionPart = {
  protocol: strict('session.protocol', {
    handle: (scheme, handler) => {
      needsReady('protocol.handle');
      if (state.protocolHandlers.has(scheme)) throw new Error(`${scheme} is handled already.`);
      state.protocolHandlers.set(scheme, handler as unknown as Handler);
    },
  } satisfies Pick<Electron.Protocol, 'handle'>),
  allowNTLMCredentialsForDomains: (domains) => {
    state.permissions.loginDomains = domains;
  },
  setPermissionRequestHandler: (handler) => {
    state.permissions.request = handler as unknown as typeof state.permissions.request;
  },
  setPermissionCheckHandler: (handler) => {
    state.permissions.check = handler as unknown as typeof state.permissions.check;
  },
  setDevicePermissionHandler: (handler) => {
    state.permissions.device = handler as unknown as typeof state.permissions.device;
  },
};
export const session = strict('session', { defaultSession: strict('defaultSession', sessionPart) });

const ipcMainPart: Pick<Electron.IpcMain, 'handle'> = {
  handle: (channel, listener) => {
    if (state.calls.has(channel)) throw new Error(`${channel} is handled already.`);
    state.calls.set(channel, listener);
  },
};
export const ipcMain = strict('ipcMain', ipcMainPart);

/** The dialogs, each with its window. */
export const dialog = strict('dialog', {
  showOpenDialog: async (_window: unknown, options: Electron.OpenDialogOptions) =>
    next('open', options, state.answers.open),
  showSaveDialog: async (_window: unknown, options: Electron.SaveDialogOptions) => {
    // Linux asks before it replaces only when it is told to.
    if (options.properties?.includes('showOverwriteConfirmation') !== true) {
      throw new Error('showSaveDialog without showOverwriteConfirmation.');
    }
    return next('save', options, state.answers.save);
  },
  showMessageBox: async (_window: unknown, options: Electron.MessageBoxOptions) => ({
    response: next('box', options, state.answers.box),
    checkboxChecked: false,
  }),
  showErrorBox: (title: string, content: string) =>
    void state.dialogs.push({ kind: 'error', options: { title, content } }),
});

const shellPart: Pick<Electron.Shell, 'openExternal' | 'showItemInFolder'> = {
  openExternal: async (url) => void state.openedOutside.push(url),
  showItemInFolder: (path) => void state.shownInFolder.push(path),
};
export const shell = strict('shell', shellPart);

export const nativeTheme = strict('nativeTheme', { shouldUseDarkColors: true });

export const screen = strict('screen', {
  getAllDisplays: () => {
    needsReady('screen');
    return [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }];
  },
});

export const Menu = strict('Menu', {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (menu: Electron.MenuItemConstructorOptions[]) => {
    needsReady('setApplicationMenu');
    state.menu = menu;
  },
});

/** Electron is ready. */
export function becomeReady(): void {
  state.isReady = true;
  state.app.emit('ready');
}

/** An answer as it comes out of Electron: repeated headers keep their last value, the body is bytes. */
export interface FlatAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer<ArrayBuffer>;
}

/** A request of a page, as Electron makes it of what Chromium sends: no signal, and a body only where there is one. */
export async function request(
  url: string,
  init: {
    method?: string;
    headers?: Record<string, string>;
    body?: string | Buffer<ArrayBuffer> | null;
  } = {},
  initiatorOrigin?: string,
): Promise<FlatAnswer> {
  const handler = state.protocolHandlers.get(new URL(url).protocol.slice(0, -1));
  if (handler === undefined) throw new Error(`Nothing handles ${url}.`);
  const { method = 'GET', headers = {}, body = null } = init;
  const made: Request & { initiatorOrigin?: string } = new Request(url, {
    method,
    headers,
    body: method === 'GET' || method === 'HEAD' ? null : body,
  });
  if (initiatorOrigin !== undefined) made.initiatorOrigin = initiatorOrigin;
  const response = await handler(made);
  if (!(response instanceof Response) || response.type === 'error') throw new Error('net::ERR_UNEXPECTED');
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** A call of the window over the bridge; from another frame, or none, where one is given. */
export async function invoke(
  channel: string,
  args: unknown[],
  frame?: { url: string } | null,
): Promise<unknown> {
  const [window] = FakeWindow.getAllWindows();
  const call = state.calls.get(channel);
  if (call === undefined) throw new Error(`Nothing handles ${channel}.`);
  const contents = window?.webContents;
  const event = { sender: contents, senderFrame: frame === undefined ? contents?.mainFrame : frame };
  return structuredClone(await call(event as unknown as Electron.IpcMainInvokeEvent, ...args));
}

// What the preload uses, in the process of the page.

/** Worlds by name, as the page has them. */
export const worlds = new Map<string, unknown>();
const messages = new EventEmitter();

const contextBridgePart: Pick<Electron.ContextBridge, 'exposeInMainWorld'> = {
  exposeInMainWorld: (name, value) => void worlds.set(name, value),
};
export const contextBridge = strict('contextBridge', contextBridgePart);

export const ipcRenderer = strict('ipcRenderer', {
  invoke: (channel: string, ...args: unknown[]) => invoke(channel, structuredClone(args)),
  on: (channel: string, listener: (...args: unknown[]) => void) => messages.on(channel, listener),
  removeListener: (channel: string, listener: (...args: unknown[]) => void) =>
    messages.removeListener(channel, listener),
});

/** A message of the main process reaches the page. */
export const receive = (channel: string, ...args: unknown[]): boolean =>
  messages.emit(channel, { sender: ipcRenderer }, ...args);

const webUtilsPart: Pick<Electron.WebUtils, 'getPathForFile'> = {
  getPathForFile: (file) => (file as File & { testPath?: string }).testPath ?? '',
};
export const webUtils = strict('webUtils', webUtilsPart);
