import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import type { Launcher, StartOptions, Started } from './launcher.ts';
import { Workbench } from './pages/workbench.ts';

const program = join(import.meta.dirname, '../bin/cubelens.cjs');

/** The built `cubelens serve`, as a person starts it. */
export class ServeLauncher implements Launcher {
  readonly #folders: string[] = [];
  readonly #children = new Set<ChildProcess>();

  start: Launcher['start'] = async (page, options = {}) => {
    const root = mkdtempSync(join(tmpdir(), 'cubelens-e2e-'));
    this.#folders.push(root);
    const folder = join(root, 'cubes');
    const out = join(root, 'exports');
    mkdirSync(folder);
    for (const file of options.files ?? []) copyFileSync(file, join(folder, basename(file)));
    let { child, url } = await this.#spawn(folder, out, options, '0');
    const { origin, port } = new URL(url);
    await page.goto(url);
    const work = new Workbench(page);
    const started: Started = {
      folder,
      out,
      origin,
      url,
      openFile: (name) => work.openByKeys(name),
      exportAs: async (name) => {
        await work.dialog.getByLabel('Name').fill(name);
        await work.pressExport();
      },
      stop: () => this.#stop(child),
      restart: async () => {
        await this.#stop(child);
        ({ child, url } = await this.#spawn(folder, out, options, port));
        return url;
      },
    };
    return started;
  };

  /** Ends every host that was started, and removes what they wrote. */
  async close(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.#stop(child)));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  #spawn(folder: string, out: string, options: StartOptions, port: string) {
    const file = options.open === undefined ? [] : [join(folder, options.open)];
    const demo = options.demo === true ? ['--demo'] : [];
    const words = ['serve', ...file, '--root', folder, '--out', out, '--port', port, ...demo];
    const env = { ...process.env, XDG_STATE_HOME: join(folder, '../state') };
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#children.add(child);
    return new Promise<{ child: ChildProcess; url: string }>((resolve, reject) => {
      let text = '';
      const read = (chunk: string): void => {
        text += chunk;
        const url = /^http:\/\/\S+$/m.exec(text)?.[0];
        if (url !== undefined) resolve({ child, url });
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      child.on('close', (code) => {
        this.#children.delete(child);
        reject(new Error(`cubelens serve ended with ${code}: ${text}`));
      });
    });
  }

  #stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('close', () => {
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}
