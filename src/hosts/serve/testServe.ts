import { request } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServe, type RunningServe } from './serve.ts';

// For tests only: a running server and a client that sends exactly what it is told to.

export interface Raw {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export class TestServe {
  readonly root = mkdtempSync(join(tmpdir(), 'cubelens-serve-'));
  readonly cubes = join(this.root, 'cubes');
  readonly out = join(this.root, 'exports');
  running!: RunningServe;
  cookie = '';

  async start(): Promise<void> {
    const windowFolder = join(this.root, 'window');
    for (const folder of [this.cubes, windowFolder, join(windowFolder, 'assets')]) mkdirSync(folder);
    writeFileSync(join(windowFolder, 'index.html'), '<!doctype html><title>window</title>');
    writeFileSync(join(windowFolder, 'assets/a-1234.js'), 'export {};');
    writeFileSync(join(this.root, 'secret.txt'), 'secret');
    this.running = await startServe({
      roots: [this.cubes],
      out: this.out,
      windowFolder,
      stateFolder: join(this.root, 'state'),
    });
    const { headers } = await this.get(new URL(this.running.url).search, { cookie: '' }, '/');
    this.cookie = String(headers['set-cookie']).split(';')[0] ?? '';
  }

  get = (query: string, headers: Record<string, string> = {}, path = ''): Promise<Raw> =>
    this.send('GET', `${path}${query}`, headers);

  /** Sends a path as it is: Node's `fetch` would tidy it up. */
  send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Uint8Array | string,
  ): Promise<Raw> {
    const { port } = this.running;
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, method, path, headers: { cookie: this.cookie, ...headers }, agent: false },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await this.send(
      method,
      path,
      headers,
      body === undefined ? undefined : JSON.stringify(body),
    );
    return JSON.parse(answer.body.toString()) as T;
  }

  async stop(): Promise<void> {
    await this.running.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
