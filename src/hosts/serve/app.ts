import { basename } from 'node:path';
import { Hono, type Context } from 'hono';
import { fileNameSchema, targetRequestSchema, type StartAnswer } from '../../engine/contract/index.ts';
import { CubelensError, problemResponse, type Engine } from '../../engine/engine.ts';
import type { Access } from './access.ts';
import type { Browsing } from './browsing.ts';
import type { RecentFiles } from './recent.ts';
import { securityHeaders } from '../securityHeaders.ts';
import type { Targets } from './targets.ts';
import type { Uploads } from './uploads.ts';
import type { WindowFiles } from '../windowFiles.ts';

export interface AppParts {
  engine: Engine;
  access: Access;
  windowFiles: WindowFiles;
  browsing: Browsing;
  recent: RecentFiles;
  targets: Targets;
  uploads: Uploads;
  start: StartAnswer;
}

/** What a browser asks of this server: the engine at `/api`, the host's own matters at `/host`, the window elsewhere. */
export function createApp(parts: AppParts): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) context.res.headers.set(name, value);
  });
  app.use(parts.access.middleware);
  app.all('/api/*', (context) => parts.engine.fetch(plainRequest(context.req.raw)));
  app.route('/host', hostRoutes(parts));
  app.get('*', async (context) => {
    const file = await parts.windowFiles.answer(context.req.path);
    return file ?? problemResponse(new CubelensError('not-found', 'There is no such file.'));
  });
  app.notFound((context) =>
    problemResponse(new CubelensError('not-found', `There is no ${context.req.method} of this.`)),
  );
  app.onError((thrown) => problemResponse(thrown));
  return app;
}

/**
 * A request as the platform makes one. The adapter's own looks like it but cannot be copied, which limits on bodies do.
 */
function plainRequest(raw: Request): Request {
  const { method, url, headers, signal } = raw;
  if (method === 'GET' || method === 'HEAD') return raw;
  return new Request(url, { method, headers, signal, body: raw.body, duplex: 'half' });
}

function hostRoutes({ engine, browsing, recent, targets, uploads, start }: AppParts): Hono {
  return new Hono()
    .get('/start', (context) => context.json(start))
    .get('/roots', (context) => context.json({ roots: browsing.roots, out: targets.name }))
    .get('/folders/:folderId', async (context) =>
      context.json(await browsing.list(context.req.param('folderId'))),
    )
    .post('/files/:fileId', (context) => {
      const { path, root } = browsing.place(context.req.param('fileId'));
      const { grantId } = engine.grants.grantRead(path, root);
      return context.json({ grantId, name: basename(path) }, 201);
    })
    .get('/recent', async (context) => context.json({ files: await recent.list() }))
    .post('/recent/:fileId', async (context) => {
      await recent.add(browsing.place(context.req.param('fileId')).path);
      return context.body(null, 204);
    })
    .get('/targets/:name', async (context) =>
      context.json(await targets.look(checked(fileNameSchema, context.req.param('name')))),
    )
    .post('/targets', async (context) => {
      const { name } = checked(targetRequestSchema, await jsonOf(context));
      return context.json(await targets.grant(name), 201);
    })
    .get('/outputs/:jobId', (context) =>
      targets.download(context.req.param('jobId'), context.req.query('file')),
    )
    .post('/uploads', async (context) => context.json(await uploads.begin(), 201))
    .put('/uploads/:uploadId/:name', async (context) => {
      const { uploadId, name } = context.req.param();
      const body = context.req.raw.body ?? new Blob([]).stream();
      await uploads.receive(uploadId, checked(fileNameSchema, name), body);
      return context.body(null, 204);
    })
    .post('/uploads/:uploadId', async (context) => {
      const { name } = checked(targetRequestSchema, await jsonOf(context));
      return context.json(uploads.grant(context.req.param('uploadId'), name), 201);
    });
}

/** The body as JSON; null where it is none, which no schema takes. */
const jsonOf = (context: Context): Promise<unknown> => context.req.json().catch(() => null);

interface Schema<T> {
  safeParse: (value: unknown) => { success: true; data: T } | { success: false; error: { issues: Issue[] } };
}
interface Issue {
  path: PropertyKey[];
  message: string;
}

/** The value, as the schema has it. Throws `invalid-request` in its words. */
function checked<T>(schema: Schema<T>, value: unknown): T {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new CubelensError('invalid-request', `The name ${issue?.message ?? 'is not valid'}.`, {
    field: 'name',
    remedy: 'Give a name such as derivative.tif.',
  });
}
