import { imageText } from '../../src/engine/contract/index.ts';
import type {
  FilterBandAnswer,
  FilterSettings,
  ImageRequest,
  ImageStatistics,
  JobKinds,
  BuiltInImage,
  JobSnapshot,
  OpenCubeAnswer,
  OpenOptions,
  PixelReading,
  SpectrumResult,
} from '../../src/engine/contract/index.ts';
import type { Client } from './client.ts';

/** A fetch that can be called off. */
const until = (signal?: AbortSignal) => (signal === undefined ? {} : { init: { signal } });

/** Opens a granted file. Throws `ApiError`. */
export async function openCube(
  client: Client,
  grantId: string,
  options: OpenOptions,
  signal?: AbortSignal,
): Promise<OpenCubeAnswer> {
  const response = await client.api.cubes.$post({ json: { grantId, options } }, until(signal));
  return await response.json();
}

/** Opens the demo scene, or its class map. */
export async function openDemo(
  client: Client,
  part: 'cube' | 'classes' = 'cube',
  signal?: AbortSignal,
): Promise<OpenCubeAnswer> {
  const response = await client.api.cubes.demo.$post({ json: { recipe: {}, part } }, until(signal));
  return await response.json();
}

/** The cubes that are open. */
export async function listCubes(client: Client): Promise<OpenCubeAnswer[]> {
  const response = await client.api.cubes.$get();
  return (await response.json()).cubes;
}

export async function closeCube(client: Client, cubeId: string): Promise<void> {
  await client.api.cubes[':cubeId'].$delete({ param: { cubeId } });
}

/** Filter fields as query values. */
export function filterQuery(filter: FilterSettings) {
  const { window, degree, derivative, axis, edge, gap } = filter;
  return {
    window: String(window),
    degree: String(degree),
    derivative: String(derivative),
    axis,
    edge,
    gap,
  };
}

/** Spectra of pixels (line and sample from 0), filtered where a filter is given. */
export async function readSpectra(
  client: Client,
  cubeId: string,
  at: readonly { line: number; sample: number }[],
  filter: FilterSettings | null,
  signal?: AbortSignal,
): Promise<SpectrumResult> {
  const query = new URLSearchParams(filter === null ? {} : filterQuery(filter));
  for (const { line, sample } of at) query.append('at', `${line},${sample}`);
  const response = await client.call(`/api/cubes/${encodeURIComponent(cubeId)}/spectra?${query}`, {
    signal: signal ?? null,
  });
  return (await response.json()) as SpectrumResult;
}

/**
 * Statistics of an image. `auto` takes the finest level of at most 512 x 512 pixels, for a stretch that follows the hand; 0 is
 * exact, and refused above 64 megapixels.
 */
export async function readStatistics(
  client: Client,
  { cubeId, tiles }: Pick<OpenCubeAnswer, 'cubeId' | 'tiles'>,
  image: BuiltInImage,
  percentiles: readonly number[],
  level: 'auto' | 0,
  signal?: AbortSignal,
): Promise<ImageStatistics> {
  const query = {
    image: imageText(image),
    percentiles: percentiles.join(),
    bins: '128',
    level: String(level),
    version: tiles.version,
  };
  const answer = await client.api.cubes[':cubeId'].statistics.$get(
    { param: { cubeId }, query },
    until(signal),
  );
  return await answer.json();
}

/** The numbers of one pixel: stored, value, and those of further images of the cube in their order. */
export async function readPixel(
  client: Client,
  cubeId: string,
  pixel: { line: number; sample: number },
  bandIndex: number,
  image: BuiltInImage | null,
  signal?: AbortSignal,
): Promise<PixelReading> {
  const answer = await client.api.cubes[':cubeId'].pixels.$post(
    { param: { cubeId }, json: { at: [pixel], bandIndex, image } },
    until(signal),
  );
  const { pixels } = await answer.json();
  const [reading] = pixels;
  if (reading === undefined) throw new Error('The engine answered for no pixel.');
  return reading;
}

/** What a filter does at one band. */
export async function readFilterAt(
  client: Client,
  cubeId: string,
  bandIndex: number,
  filter: FilterSettings,
  signal?: AbortSignal,
): Promise<FilterBandAnswer> {
  const query = { bandIndex: String(bandIndex), ...filterQuery(filter) };
  const answer = await client.api.cubes[':cubeId'].filter.$get({ param: { cubeId }, query }, until(signal));
  return await answer.json();
}

/** Address of one tile of an open cube. */
export function tileUrl(
  { cubeId, tiles }: Pick<OpenCubeAnswer, 'cubeId' | 'tiles'>,
  image: BuiltInImage | ImageRequest,
  level: number,
  row: number,
  column: number,
): string {
  const query = new URLSearchParams({ image: imageText(image), version: tiles.version });
  return `/api/cubes/${encodeURIComponent(cubeId)}/tiles/${level}/${row}/${column}?${query}`;
}

/** Starts a job; it is followed through `jobsAfter`. */
export async function startJob<Kind extends keyof JobKinds>(
  client: Client,
  kind: Kind,
  parameters: JobKinds[Kind]['parameters'],
): Promise<JobSnapshot> {
  const response = await client.api.jobs.$post({ json: { kind, parameters } });
  return await response.json();
}

/** Asks a job to stop; its state changes when it has cleaned up. */
export async function cancelJob(client: Client, jobId: string): Promise<void> {
  await client.api.jobs[':jobId'].$delete({ param: { jobId } });
}

/** The long poll: jobs changed after a revision, at once or at the next change or after 25 seconds. */
export async function jobsAfter(
  client: Client,
  revision: number,
  signal?: AbortSignal,
): Promise<{ revision: number; jobs: JobSnapshot[] }> {
  const response = await client.api.jobs.$get({ query: { after: String(revision) } }, until(signal));
  return await response.json();
}
