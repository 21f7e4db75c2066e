import { imageText } from '../../src/engine/contract/index.ts';
import type {
  FilterSettings,
  ImageRequest,
  JobKinds,
  BuiltInImage,
  JobSnapshot,
  OpenCubeAnswer,
  SpectrumResult,
} from '../../src/engine/contract/index.ts';
import type { Client } from './client.ts';

/** A fetch that can be called off. */
const until = (signal?: AbortSignal) => (signal === undefined ? {} : { init: { signal } });

/** Opens a granted file. Throws `ApiError`. */
export async function openCube(
  client: Client,
  grantId: string,
  options: object = {},
): Promise<OpenCubeAnswer> {
  const response = await client.api.cubes.$post({ json: { grantId, options } });
  return await response.json();
}

/** Opens the demo scene, or its class map. */
export async function openDemo(client: Client, part: 'cube' | 'classes' = 'cube'): Promise<OpenCubeAnswer> {
  const response = await client.api.cubes.demo.$post({ json: { recipe: {}, part } });
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

/** Band index (from 0) of the good band nearest to a wavelength in nm. Throws `ApiError` beyond the cube's range. */
export async function bandAtWavelength(
  client: Client,
  cubeId: string,
  wavelengthNm: number,
): Promise<number> {
  const response = await client.api.cubes[':cubeId'].band.$get({
    param: { cubeId },
    query: { wavelengthNm: String(wavelengthNm) },
  });
  return (await response.json()).bandIndex;
}

/** Filter fields as query values. */
export function filterQuery(filter: FilterSettings): Record<keyof FilterSettings, string> {
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
