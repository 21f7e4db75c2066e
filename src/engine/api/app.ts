import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { CubelensError } from '../base/errors.ts';
import { listColourMaps } from '../exports/colourMaps.ts';
import { attentionRoutes } from './attentionRoutes.ts';
import { backendRoutes, kernels } from './backends.ts';
import { calibrationRoutes } from './calibrationRoutes.ts';
import { cubeRoutes } from './cubeRoutes.ts';
import { gaussianRoutes } from './gaussianRoutes.ts';
import { jobRoutes } from './jobRoutes.ts';
import { maximiseRoutes } from './maximiseRoutes.ts';
import type { EngineParts } from './parts.ts';
import { vaeRoutes } from './vaeRoutes.ts';
import { notFound, problemResponse } from './problems.ts';

/** Most bytes of a request: lists with an entry for every one of many bands fit. */
const largestRequest = 32 * 1024 * 1024;

/** The whole API as one web-standard handler, (Request) => Promise<Response>. */
export function createApi(parts: EngineParts) {
  const app = new Hono()
    .basePath('/api')
    .use(
      bodyLimit({
        maxSize: largestRequest,
        onError: () => {
          throw new CubelensError('invalid-request', 'The request is too large.');
        },
      }),
    )
    .use((context, next) => {
      const { windows } = parts;
      return windows.during(windows.holderOf(context.req.raw.headers), next);
    })
    .get('/host', (context) => context.json({ ...parts.host, kernels }))
    .get('/colour-maps', (context) => context.json({ colourMaps: listColourMaps() }))
    .get('/diagnostics', (context) =>
      context.json({
        threads: parts.pool.threads,
        tasks: parts.pool.load,
        droppedRequests: parts.views.dropped,
        eventLoopDelayMs: parts.eventLoopDelay(),
        tileBytes: parts.images.bytes,
        blockBytes: parts.cubes.blocks.bytes,
        openCubes: parts.cubes.list().length,
        windows: parts.windows.size,
      }),
    )
    .route('/cubes', cubeRoutes(parts))
    .route('/backends', backendRoutes(parts))
    .route('/jobs', jobRoutes(parts))
    .route('/attention', attentionRoutes(parts))
    .route('/gaussian', gaussianRoutes(parts))
    .route('/maximise', maximiseRoutes(parts))
    .route('/vae', vaeRoutes(parts))
    .route('/calibrate', calibrationRoutes(parts));
  app.onError((thrown) => problemResponse(thrown));
  app.notFound(notFound);
  return app;
}

/** The contract that a typed client is made from. */
export type Api = ReturnType<typeof createApi>;
