import { createServer, type Server } from 'node:http';
import { basename, resolve } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { asCubelensError, createEngine, CubelensError } from '../../engine/engine.ts';
import { rendererFolder } from '../rendererFolder.ts';
import { workerUrl } from '../workerUrl.ts';
import { Access } from './access.ts';
import { createApp } from './app.ts';
import { Browsing } from './browsing.ts';
import { RecentFiles, stateFolder } from './recent.ts';
import { Targets } from './targets.ts';
import { Uploads } from './uploads.ts';
import { WindowFiles } from '../windowFiles.ts';

export interface ServeOptions {
  /** A file to open first. */
  file?: string | undefined;
  /** Open the demo scene first. */
  demo?: boolean;
  /** Folders to browse. Default: the current one. */
  roots?: readonly string[];
  /** Folder of exports. Default: cubelens-exports in the current one. */
  out?: string | undefined;
  /** 0: a free one. */
  port?: number | undefined;
  /** Folder with the window's built files. */
  windowFolder?: string;
  /** Folder where the list of recent files is kept. */
  stateFolder?: string;
}

export interface RunningServe {
  /** The address with the token. */
  url: string;
  port: number;
  /** Ends jobs, answers and threads, and removes what was sent. */
  close: () => Promise<void>;
}

/**
 * Starts the workbench for a browser of this machine. Throws `not-found` and `access-denied` for a file or root that
 * cannot be read, `invalid-request` where the window is not built or the port is taken.
 */
export async function startServe(options: ServeOptions = {}): Promise<RunningServe> {
  const windowFiles = await readWindow(options.windowFolder ?? rendererFolder);
  const browsing = await Browsing.over(options.roots?.length ? options.roots : ['.']);
  const access = new Access();
  const engine = createEngine({
    workerUrl,
    host: { kind: 'serve', capabilities: ['browse', 'uploads', 'downloads'] },
  });
  const uploads = new Uploads(engine);
  const server = createServer({ keepAliveTimeout: 30_000 });
  const close = async (): Promise<void> => {
    server.close();
    // Jobs first: their temporary files are removed while answers may still go out.
    await engine.close();
    server.closeAllConnections();
    await uploads.close();
  };
  try {
    const targets = new Targets(options.out ?? 'cubelens-exports', engine);
    const recent = new RecentFiles(options.stateFolder ?? stateFolder(), browsing);
    const start = { file: startFile(options.file, browsing, engine), demo: options.demo === true };
    const app = createApp({ engine, access, windowFiles, browsing, recent, targets, uploads, start });
    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    server.on('request', (incoming, outgoing) => void listener(incoming, outgoing));
    const port = await listen(server, options.port ?? 0);
    access.port = port;
    return { url: access.url, port, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function readWindow(folder: string): Promise<WindowFiles> {
  const files = await WindowFiles.of(folder).catch(() => null);
  if (files?.hasPage === true) return files;
  throw new CubelensError('invalid-request', 'The window is not built yet.', {
    remedy: 'Run `npm run build` first, or `npm start`, which does it.',
  });
}

function startFile(file: string | undefined, browsing: Browsing, engine: ReturnType<typeof createEngine>) {
  if (file === undefined) return null;
  // A wrong name is said at once, in the terminal.
  const { grantId, path } = engine.grants.grantRead(resolve(file));
  engine.grants.revoke(grantId);
  return { fileId: browsing.allow(path), name: basename(path) };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      fail(listenError(error, port));
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number): CubelensError {
  const remedy = 'Leave --port out for a free one, or give another.';
  if (error.code === 'EADDRINUSE') {
    return new CubelensError('invalid-request', `Port ${port} is in use by another program.`, { remedy });
  }
  if (error.code === 'EACCES') {
    return new CubelensError('access-denied', `Port ${port} may not be used.`, { remedy });
  }
  return asCubelensError(error);
}
