import { join } from 'node:path';
import { startBundle, until } from '../electron/testStart.ts';
import type { JobSnapshot, OpenCubeAnswer, TargetAnswer } from '../src/engine/contract/index.ts';

// `node tests/bundledMain.ts MAIN HEADER FOLDER`: runs the bundled main process in plain Node under the fake electron, opens a
// cube, reads a spectrum and a tile, exports, quits; prints what it got as one line of JSON.

const [main = '', header = '', folder = ''] = process.argv.slice(2);
const { state, invoke, request, app, FakeWindow } = await startBundle(main, [header], folder);

const page = await request('cubelens://app/');
const { file } = await call<{ file: { id: string } }>('host:start');
const { grantId } = await call<{ grantId: string }>('host:grant-read', file.id);
const cube = await api<OpenCubeAnswer>('/cubes', { grantId });
const spectrum = await api<unknown>(`/cubes/${cube.cubeId}/spectra?at=1,2&window=5&degree=2&derivative=2`);
const filter = { window: 5, degree: 2, derivative: 2 };
const image = encodeURIComponent(JSON.stringify({ kind: 'filtered', parameters: { bandIndex: 4, filter } }));
const tile = await request(`cubelens://app/api/cubes/${cube.cubeId}/tiles/0/0/0?image=${image}`);
state.answers.save.push({ canceled: false, filePath: join(folder, 'out.tif') });
const target = await call<TargetAnswer>('host:pick-target', 'out.tif');
const output = { kind: 'cube', parameters: { format: 'geotiff', filter } };
const { jobId } = await api<{ jobId: string }>('/jobs', {
  kind: 'export',
  parameters: { cubeId: cube.cubeId, target: target.grantId, replace: true, output },
});
let job = await api<JobSnapshot>(`/jobs/${jobId}`);
while (job.state === 'running') {
  await new Promise((resolve) => setTimeout(resolve, 10));
  job = await api<JobSnapshot>(`/jobs/${jobId}`);
}
const options = FakeWindow.getAllWindows()[0]?.options;
app.quit();
await until(() => state.exitCode !== null);
console.log(
  JSON.stringify({
    page: page.body.toString(),
    preload: options?.webPreferences?.preload,
    info: cube.info,
    spectrum,
    tile: [...new Float32Array(tile.body.buffer, tile.body.byteOffset, tile.body.length / 4)].map(String),
    job,
    exitCode: state.exitCode,
  }),
);

async function call<Value>(channel: string, ...args: unknown[]): Promise<Value> {
  const answer = (await invoke(channel, args)) as { ok: boolean; value: Value };
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer.value;
}

async function api<Value>(path: string, body?: unknown): Promise<Value> {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await request(`cubelens://app/api${path}`, init, 'cubelens://app');
  const text = answer.body.toString();
  if (answer.status >= 300) throw new Error(text);
  return JSON.parse(text) as Value;
}
