import type { App, CustomScheme, Session, Shell, WebPreferences } from 'electron';

// Every setting of safety as a value, so that a test reads them all.

export const scheme = 'cubelens';
export const appHost = 'app';
/** What the window loads, and the only place it may go. */
export const appUrl = `${scheme}://${appHost}/`;

/** Not `bypassCSP`, not `corsEnabled`, not `stream`: nothing of the window needs them. */
export const schemes: CustomScheme[] = [
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
];

/** Stated in full, also where Electron has the same default. */
export const webPreferences = (preload: string): WebPreferences => ({
  preload,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
});

/** Hosts that links may open in the person's own browser. */
const externalHosts: ReadonlySet<string> = new Set(['github.com']);

/** Permissions that the window has: copying numbers. Everything else is refused. */
const permissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/**
 * True for an address of the window itself. In Node the origin of a custom scheme is 'null' and its host keeps its case, so
 * protocol and host are compared, never `origin` and never a beginning of the text.
 */
export function isOurs(url: string): boolean {
  try {
    const { protocol, host } = new URL(url);
    return protocol === `${scheme}:` && host === appHost;
  } catch {
    return false;
  }
}

/** True for a link that may be handed to the system's browser. */
export function isAllowedOutside(url: string): boolean {
  try {
    const { protocol, host } = new URL(url);
    return protocol === 'https:' && externalHosts.has(host);
  } catch {
    return false;
  }
}

/** Keeps every page that the app ever makes where it belongs. */
export function confineContents(app: Pick<App, 'on'>, shell: Pick<Shell, 'openExternal'>): void {
  app.on('web-contents-created', (_created, contents) => {
    const stay = (event: { preventDefault: () => void }, url: string): void => {
      if (!isOurs(url)) event.preventDefault();
    };
    contents.on('will-navigate', (event) => {
      stay(event, event.url);
    });
    contents.on('will-redirect', (event) => {
      stay(event, event.url);
    });
    contents.on('will-frame-navigate', (event) => {
      stay(event, event.url);
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(({ url }) => {
      if (isAllowedOutside(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
}

type Refusing = Pick<
  Session,
  | 'allowNTLMCredentialsForDomains'
  | 'setDevicePermissionHandler'
  | 'setPermissionCheckHandler'
  | 'setPermissionRequestHandler'
>;

/** Refuses permissions, in both handlers: one is asked where the other is not. No server gets the person's login. */
export function refusePermissions(session: Refusing): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permissions.has(permission) && isOurs(contents.getURL()));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permissions.has(permission) && isOurs(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.allowNTLMCredentialsForDomains('');
}
