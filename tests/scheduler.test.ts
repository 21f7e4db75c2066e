import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { imageText, type BuiltInImage } from '../src/engine/contract/images.ts';
import { writeEnvi } from './testCubes.ts';
import { answerOf, TestEngine } from './testEngine.ts';

// What a window does to an engine: hundreds of tiles, most of them soon unwanted, and a click that must not wait.

const threads = 2;
let host: TestEngine;
let cubeId = '';

/** 25 x 25 tiles of one byte a pixel, three bands one after the other; no byte of it is on the disk. */
const side = 25 * 256;

beforeAll(async () => {
  host = new TestEngine(threads, { workerUrl: new URL('./recordingWorker.ts', import.meta.url) });
  process.env['CUBELENS_TEST_READS'] = host.at('reads.txt');
  writeFileSync(
    host.at('large.hdr'),
    `ENVI\nsamples = ${side}\nlines = ${side}\nbands = 3\ndata type = 1\ninterleave = bsq\nbyte order = 0\nheader offset = 0\n`,
  );
  const file = openSync(host.at('large.img'), 'w');
  ftruncateSync(file, 3 * side * side);
  closeSync(file);
  writeFileSync(host.at('reads.txt'), '');
  ({ cubeId } = await host.open('large.img'));
});
afterAll(() => host.close());
beforeEach(() => {
  writeFileSync(host.at('reads.txt'), '');
});

interface Read {
  offset: number;
  length: number;
}

/** All reads so far, in their order; `stopped` ones have length 0. */
const reads = (): Read[] =>
  readFileSync(host.at('reads.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [offset = 0, length = 0] = line === 'stopped' ? [0, 0] : line.split(' ').map(Number);
      return { offset, length };
    });

/** True for the first read of a tile: it takes many lines from a multiple of 256 on. */
const beginsTile = ({ offset, length }: Read): boolean =>
  length > side && Math.floor(offset / side) % 256 === 0;

const band = (bandIndex: number): BuiltInImage => ({ kind: 'band', parameters: { bandIndex } });

function tile(
  image: BuiltInImage,
  place: number,
  headers: Record<string, string> = {},
  init: RequestInit = {},
): Promise<Response> {
  const address = `0/${Math.floor(place / 25)}/${place % 25}`;
  const query = encodeURIComponent(imageText(image));
  return host.fetch(`/cubes/${cubeId}/tiles/${address}?image=${query}`, {
    ...init,
    headers: { 'cubelens-window': 'w', ...headers },
  });
}

const waiting = async (): Promise<number> => {
  const { tasks } = await answerOf<{ tasks: { waiting: Record<string, number> } }>(
    await host.fetch('/diagnostics'),
  );
  return Object.values(tasks.waiting).reduce((sum, count) => sum + count, 0);
};

const idle = async (): Promise<boolean> => {
  const { tasks } = await answerOf<{ tasks: { running: object } }>(await host.fetch('/diagnostics'));
  return Object.keys(tasks.running).length === 0;
};

/** Lets the engine run until something holds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

describe('the scheduler', () => {
  it('reads a click next, beside 500 tiles that wait', async () => {
    const stop = new AbortController();
    const tiles = Array.from({ length: 500 }, (_, place) =>
      tile(band(0), place, {}, { signal: stop.signal }),
    );
    await until(async () => (await waiting()) > 490 && reads().length > 0);
    const before = reads().length;
    const spectrum = await answerOf<{ pixels: { stored: number[] }[] }>(
      await host.fetch(`/cubes/${cubeId}/spectra?at=5000,6000&window=3&degree=1`),
    );
    expect(spectrum.pixels[0]?.stored).toEqual([0, 0, 0]);
    const after = reads().slice(before);
    const click = after.findIndex(({ length }) => length === 1);
    // Of the tiles only those that were running when the click came, and one that each other thread took meanwhile.
    const between = after.slice(0, click).filter(beginsTile).length;
    expect(click).toBeGreaterThanOrEqual(0);
    expect(between).toBeLessThanOrEqual(2);
    stop.abort();
    for (const given of tiles) expect([200, 499]).toContain((await given).status);
    expect(await waiting()).toBe(0);
  });

  it('drops what a newer generation of the view does not want, before it is read', async () => {
    const view = (generation: number) => ({
      'cubelens-view': 'main',
      'cubelens-generation': String(generation),
    });
    const old = Array.from({ length: 200 }, (_, place) => tile(band(1), place, view(1)));
    await until(async () => (await waiting()) > 190);
    const fresh = [0, 1].map((place) => tile(band(2), place, view(2)));
    const answers = await Promise.all(old);
    const statuses = answers.map(({ status }) => status);
    const answered = statuses.filter((status) => status === 200).length;
    expect(statuses.filter((status) => status === 204)).toHaveLength(200 - answered);
    // What had begun goes on to its end, so that a drag shows something: as many as there are threads, or just ended.
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(20);
    for (const given of fresh) expect((await given).status).toBe(200);
    const ofOld = reads().filter((read) => beginsTile(read) && read.offset < 2 * side * side);
    expect(ofOld.length).toBe(answered);
    // A request of the old generation that comes late is dropped too, while the view is busy.
    const busy = tile(band(2), 30, view(4));
    expect((await tile(band(1), 31, view(3))).status).toBe(204);
    expect((await busy).status).toBe(200);
    const { droppedRequests } = await answerOf<{ droppedRequests: number }>(await host.fetch('/diagnostics'));
    expect(droppedRequests).toBeGreaterThanOrEqual(200 - answered + 1);
  });

  it('drops filtered tiles too, though all of them wait for one plan that has begun', async () => {
    const image: BuiltInImage = {
      kind: 'filtered',
      parameters: { bandIndex: 1, filter: { window: 3, degree: 1 } },
    };
    const view = (generation: number) => ({
      'cubelens-view': 'drag',
      'cubelens-generation': String(generation),
    });
    const old = Array.from({ length: 200 }, (_, place) => tile(image, place, view(1)));
    // Until the plan is made and the first tile is being read.
    await until(() => reads().length > 0);
    const fresh = tile(band(2), 500, view(2));
    const answered = (await Promise.all(old)).filter(({ status }) => status === 200).length;
    expect(answered).toBeLessThan(20);
    expect((await fresh).status).toBe(200);
  });

  it('drops nothing of another view, nor what another view waits for too', async () => {
    const of = (view: string, generation: number) => ({
      'cubelens-view': view,
      'cubelens-generation': String(generation),
    });
    const image = band(0);
    const mine = Array.from({ length: 20 }, (_, k) => tile(image, 550 + k, of('mine', 1)));
    const theirs = Array.from({ length: 20 }, (_, k) => tile(image, 550 + k, of('theirs', 1)));
    const next = tile(image, 600, of('mine', 2));
    for (const given of theirs) expect((await given).status).toBe(200);
    expect((await next).status).toBe(200);
    await Promise.all(mine);
  });

  it('visible tiles come before those that are only fetched ahead', async () => {
    const order: string[] = [];
    const asked = (name: string, place: number): Promise<unknown> =>
      tile(band(1), place, { 'cubelens-priority': name }).then(() => order.push(name));
    // Two that keep both threads, then the others in the wrong order.
    const first = [300, 301].map((place) => tile(band(1), place));
    const all = [
      ...[302, 303, 304].map((place) => asked('prefetch', place)),
      ...[305, 306, 307].map((place) => asked('visible', place)),
    ];
    await Promise.all([...first, ...all]);
    expect(order.slice(0, 2)).toEqual(['visible', 'visible']);
    expect(order.slice(-2)).toEqual(['prefetch', 'prefetch']);
    expect((await tile(band(1), 1, { 'cubelens-priority': 'urgent' })).status).toBe(400);
    const wrong = { 'cubelens-view': 'v', 'cubelens-generation': 'new' };
    expect((await tile(band(1), 1, wrong)).status).toBe(400);
  });

  it('an abort reaches the readers: a tile that is being read is read no further', async () => {
    writeEnvi(host.folder, 'deep', { lines: 9, samples: 8, bands: 101, dataType: 'uint8', stored: () => 1 });
    const deep = await host.open('deep.img');
    writeFileSync(host.at('reads.txt'), '');
    const image = { kind: 'filtered', parameters: { bandIndex: 50, filter: { window: 101, degree: 2 } } };
    const route = `/cubes/${deep.cubeId}/tiles/0/0/0?image=${encodeURIComponent(imageText(image))}`;
    const stop = new AbortController();
    const given = host.fetch(route, { signal: stop.signal });
    await until(() => reads().length >= 3);
    stop.abort();
    expect((await given).status).toBe(499);
    // The worker takes the next task when it has stopped.
    expect((await host.fetch(`/cubes/${deep.cubeId}/spectra?at=0,0`)).status).toBe(200);
    await until(async () => await idle());
    expect(reads().filter(({ length }) => length > 1).length).toBeLessThan(101);
  });

  it('exports leave a thread to a busy window; its tiles do not wait for them', async () => {
    const order = host.exportOrder('cube', cubeId, 'copy.dat', { format: 'envi' });
    await tile(band(0), 610);
    const { jobId } = await host.start('export', order);
    await host.until(jobId, ({ total }) => total > 0);
    const running = async (): Promise<Record<string, number>> =>
      (
        await answerOf<{ tasks: { running: Record<string, number> } }>(
          await host.fetch('/diagnostics', { headers: { 'cubelens-window': 'w' } }),
        )
      ).tasks.running;
    await until(async () => (await running())['export'] !== undefined);
    for (let k = 0; k < 20; k++) {
      expect((await running())['export'] ?? 0).toBeLessThanOrEqual(threads - 1);
      expect((await tile(band(0), 580 + k)).status).toBe(200);
    }
    await host.fetch(`/jobs/${jobId}`, { method: 'DELETE' });
    await host.until(jobId, () => false);
  });
});
