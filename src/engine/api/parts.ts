import type { HostFacts } from '../contract/host.ts';
import type { Cubes } from '../cube/cubes.ts';
import type { Cube } from '../cube/cubes.ts';
import type { ExportKinds } from '../exports/exporter.ts';
import type { FileKinds } from '../exports/fileExport.ts';
import type { Grants } from '../io/grants.ts';
import type { JobKinds } from '../jobs/jobKind.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { OpenVaeModels } from '../learning/vae/openModels.ts';
import type { Images } from '../products/images.ts';
import type { Views } from './views.ts';
import type { Windows } from './windows.ts';
import type { TensorFlowThread } from '../tensorflow/thread.ts';
import type { ThreadPool } from '../workers/pool.ts';

/** All that the routes work with. */
export interface EngineParts {
  host: HostFacts;
  pool: ThreadPool;
  tensorFlow: TensorFlowThread;
  jobs: Jobs;
  jobKinds: JobKinds;
  grants: Grants;
  cubes: Cubes;
  images: Images;
  exportKinds: ExportKinds;
  fileKinds: FileKinds;
  /** Opens a demo scene from its (checked) recipe for a holder. */
  openScene: (recipe: unknown, holder: string, signal?: AbortSignal) => Promise<Cube>;
  /** Autoencoders that are open for images. */
  vaeModels: OpenVaeModels;
  windows: Windows;
  /** How long the engine thread kept others waiting, in milliseconds, since it was last asked. */
  eventLoopDelay: () => { p50: number; p99: number; max: number };
  views: Views;
}
