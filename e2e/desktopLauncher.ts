import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page, Route } from '@playwright/test';
import type { FlatAnswer } from '../electron/testElectron.ts';
import type { HostAsk, HostState } from './desktopHost.ts';
import type { Launcher, StartOptions, Started } from './launcher.ts';
import { Workbench } from './pages/workbench.ts';

/** Nothing listens there: every request is answered by the app's own handler of its scheme. */
const origin = 'http://localhost:1';
const preload = join(import.meta.dirname, '../.vite/build/preload.cjs');

/**
 * The desktop app where Electron cannot be had: its bundled main process under the fake electron, in a process of its own, and
 * a real Chromium window whose requests and bridge are led there. Scheme handler, headers, grants and preload are the app's.
 */
export class DesktopLauncher implements Launcher {
  readonly #folders: string[] = [];
  readonly #hosts: DesktopHost[] = [];

  start = async (page: Page, options: StartOptions = {}): Promise<Started> => {
    const root = mkdtempSync(join(tmpdir(), 'cubelens-app-'));
    this.#folders.push(root);
    const [folder, out, own] = [join(root, 'cubes'), join(root, 'exports'), join(root, 'state')];
    for (const one of [folder, out, own]) mkdirSync(one);
    for (const file of options.files ?? []) copyFileSync(file, join(folder, basename(file)));
    const words = [
      ...(options.open === undefined ? [] : [join(folder, options.open)]),
      ...(options.more ?? []).map((name) => join(folder, name)),
      ...(options.demo === true ? ['--demo'] : []),
    ];
    const host = await DesktopHost.start(own, words);
    this.#hosts.push(host);
    await host.lead(page);
    await page.goto(`${origin}/`);
    const work = new Workbench(page);
    return {
      folder,
      out,
      origin,
      url: `${origin}/`,
      openFile: async (name) => {
        await host.choose('open', join(folder, name));
        await page.keyboard.press('Control+o');
      },
      exportAs: async (name) => {
        await host.choose('save', join(out, name));
        await work.pressExport();
      },
      stop: () => host.stop(),
      restart: () => Promise.reject(new Error('The app is its window: it does not start again without it.')),
    };
  };

  /** The app that was started last. */
  get host(): DesktopHost {
    const host = this.#hosts.at(-1);
    if (host === undefined) throw new Error('No app is started.');
    return host;
  }

  close = async (): Promise<void> => {
    await Promise.all(this.#hosts.map((host) => host.stop()));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  };
}

interface Reply {
  id?: number;
  value?: unknown;
  error?: string;
  message?: { channel: string; args: unknown[] };
}

/** The main process, and what a spec does to it that a page cannot. */
export class DesktopHost {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { done: (value: unknown) => void; fail: (error: Error) => void }>();
  #page: Page | null = null;
  #count = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (reply: Reply) => {
      if (reply.message !== undefined) void this.#tell(reply.message);
      const waiting = this.#waiting.get(reply.id ?? -1);
      this.#waiting.delete(reply.id ?? -1);
      if (reply.error === undefined) waiting?.done(reply.value);
      else waiting?.fail(new Error(reply.error));
    });
    child.on('close', () => {
      for (const { fail } of this.#waiting.values()) fail(new Error('The app has ended.'));
      this.#waiting.clear();
    });
  }

  static start(folder: string, words: readonly string[]): Promise<DesktopHost> {
    const program = join(import.meta.dirname, 'desktopHost.ts');
    const child = spawn(process.execPath, [program, folder, ...words], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    return new Promise((resolve, reject) => {
      let said = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
      child.once('message', () => {
        resolve(new DesktopHost(child));
      });
      child.once('close', (code) => {
        reject(new Error(`The app ended with ${code}: ${said}`));
      });
    });
  }

  ask<Value>(ask: HostAsk): Promise<Value> {
    const id = (this.#count += 1);
    return new Promise((done, fail) => {
      this.#waiting.set(id, { done: done as (value: unknown) => void, fail });
      this.#child.send({ id, ask });
    });
  }

  /** What the person will choose in the system's next dialog. */
  choose(dialog: 'open' | 'save', path: string): Promise<null> {
    return this.ask({ kind: 'choose', dialog, path });
  }

  state(): Promise<HostState> {
    return this.ask({ kind: 'state' });
  }

  /** Leads a page's requests and its bridge to the app. */
  async lead(page: Page): Promise<void> {
    this.#page = page;
    await page.route(`${origin}/**`, (route) => this.#answer(route));
    await page.exposeFunction('cubelensInvoke', (channel: string, args: unknown[]) =>
      // A window that is going still speaks to an app that has gone.
      this.#child.connected
        ? this.ask({ kind: 'invoke', channel, args })
        : { ok: false, error: { code: 'internal', message: 'The app has ended.' } },
    );
    await page.addInitScript(`{
      const listeners = {};
      window.cubelensReceive = (channel, args) => {
        for (const listener of listeners[channel] ?? []) listener({}, ...args);
      };
      const electron = {
        contextBridge: { exposeInMainWorld: (name, value) => { window[name] = value; } },
        ipcRenderer: {
          invoke: (channel, ...args) => window.cubelensInvoke(channel, args),
          on: (channel, listener) => { (listeners[channel] ??= []).push(listener); },
          removeListener: (channel, listener) => {
            listeners[channel] = (listeners[channel] ?? []).filter((one) => one !== listener);
          },
        },
        webUtils: { getPathForFile: (file) => window.cubelensPaths?.[file.name] ?? '' },
      };
      ((require) => { ${readFileSync(preload, 'utf8')} })(() => electron);
    }`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const url = request.url().replace(origin, 'cubelens://app');
    const posted = request.postDataBuffer();
    const body = posted === null ? null : Buffer.from(posted);
    try {
      const headers = await request.allHeaders();
      const answer = await this.ask<FlatAnswer>({
        kind: 'request',
        url,
        method: request.method(),
        headers,
        body,
      });
      await route.fulfill({ ...answer, body: Buffer.from(answer.body) });
    } catch {
      // The app has ended, or the page no longer wants it.
      await route.abort().catch(() => undefined);
    }
  }

  async #tell({ channel, args }: { channel: string; args: unknown[] }): Promise<void> {
    await this.#page?.evaluate(
      ([name, values]) => {
        (window as unknown as { cubelensReceive: (name: string, args: unknown[]) => void }).cubelensReceive(
          name,
          values,
        );
      },
      [channel, args] as const,
    );
  }
}
