import type { Backends, Problem } from '../src/engine/contract/host.ts';
import type { JobSnapshot } from '../src/engine/contract/jobs.ts';
import type { OpenCubeAnswer } from '../src/engine/contract/cube.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CubelensError, errorCodes } from '../src/engine/base/errors.ts';
import { problemResponse } from '../src/engine/api/problems.ts';
import { version } from '../src/engine/engine.ts';
import { answerOf, refusalOf, TestEngine, tileRoute } from './testEngine.ts';
import { variedCube, writeEnvi } from './testCubes.ts';

/** The API itself: problems, headers, jobs and what it tells of the engine. */

const host = new TestEngine();
afterAll(() => host.close());

let opened: OpenCubeAnswer;
beforeAll(async () => {
  writeEnvi(host.folder, 'source', variedCube('int16', [5, 7, 3]), {}, [
    'data ignore value = -5',
    'data gain values = {0.5, 0.25, 2}',
    'data offset values = {1, 2, 3}',
    'wavelength units = nm',
    'wavelength = {500, 510, 520}',
  ]);
  opened = await host.open('source.img');
});

async function problemOf(response: Response | Promise<Response>): Promise<Problem> {
  const answer = await response;
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const problem = (await answer.json()) as Problem;
  expect(problem).toMatchObject({
    type: `urn:cubelens:error:${problem.code}`,
    title: problem.code,
    status: answer.status,
    detail: problem.message,
  });
  expect(errorCodes).toContain(problem.code);
  return problem;
}

describe('problems', () => {
  it.each([
    ['invalid-request', 400],
    ['not-found', 404],
    ['access-denied', 403],
    ['unsupported-format', 415],
    ['malformed-file', 422],
    ['out-of-range', 416],
    ['resource-exhausted', 507],
    ['cancelled', 499],
    ['not-converged', 422],
    ['degenerate', 422],
    ['internal', 500],
  ] as const)('%s is answered with %d and all that is known of the place', async (code, status) => {
    const place = { file: 'x.hdr', field: 'lines', byte: 12, row: 3, column: 4, remedy: 'Mend it.' };
    const problem = await problemOf(problemResponse(new CubelensError(code, 'Wrong.', place)));
    expect(problem).toEqual({
      type: `urn:cubelens:error:${code}`,
      title: code,
      status,
      detail: 'Wrong.',
      code,
      message: 'Wrong.',
      ...place,
    });
  });

  it('anything else thrown is internal', async () => {
    expect(await problemOf(problemResponse(new TypeError('odd')))).toMatchObject({
      code: 'internal',
      status: 500,
    });
    expect(await problemOf(problemResponse('odd'))).toMatchObject({ code: 'internal', message: 'odd' });
  });

  it('unknown path, wrong method', async () => {
    for (const [method, route] of [
      ['GET', '/nothing'],
      ['GET', '/'],
      ['PUT', '/cubes'],
      ['POST', '/host'],
      ['DELETE', '/jobs'],
      ['GET', '/cubes/a/b/c'],
    ] as const) {
      const problem = await problemOf(host.fetch(route, { method }));
      expect(problem).toMatchObject({ code: 'not-found', field: 'path' });
    }
  });

  it('a body that is not JSON, none, of another type, or too large', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const body of ['{', '', 'null', '[]', '"x"', '{"grantId":7}']) {
      expect(await problemOf(host.fetch('/cubes', { method: 'POST', body, headers }))).toMatchObject({
        code: 'invalid-request',
      });
    }
    const plain = host.fetch('/cubes', {
      method: 'POST',
      body: '{"grantId":"a"}',
      headers: { 'content-type': 'text/plain' },
    });
    expect(await problemOf(plain)).toMatchObject({ code: 'invalid-request' });
    const large = host.fetch('/cubes', { method: 'POST', body: ' '.repeat(32 * 1024 * 1024 + 1), headers });
    expect(await problemOf(large)).toMatchObject({
      code: 'invalid-request',
      message: 'The request is too large.',
    });
    const stated = { ...headers, 'content-length': String(2 ** 40) };
    expect(
      await problemOf(host.fetch('/cubes', { method: 'POST', body: '{}', headers: stated })),
    ).toMatchObject({ code: 'invalid-request' });
  });

  it('the field that is wrong is named', async () => {
    const { cubeId } = opened;
    for (const [route, body, field] of [
      ['/cubes', { grantId: 'x', options: { scale: 'much' } }, 'options.scale'],
      ['/cubes', { options: {} }, 'grantId'],
      ['/jobs', { kind: 'dance' }, 'parameters'],
      ['/jobs', { kind: 'dance', parameters: {} }, 'kind'],
      ['/jobs', { kind: 'band-statistics', parameters: { cubeId, bandIndexes: [0.5] } }, 'bandIndexes.0'],
      ['/jobs', { kind: 'export', parameters: { cubeId, target: 't' } }, 'output'],
      ['/cubes/demo', { recipe: { lines: 'many' } }, 'recipe.lines'],
    ] as const) {
      expect(await problemOf(host.post(route, body))).toMatchObject({ code: 'invalid-request', field });
    }
    for (const [query, field] of [
      ['', 'at'],
      ['at=1', 'at'],
      ['at=1,2,3', 'at'],
      ['at=-1,0', 'at'],
      ['at=0,0&window=five', 'window'],
      ['at=0,0&axis=time', 'axis'],
      ['at=0,0&gap=strict', 'gap'],
      ['at=0,0&window=4', 'window'],
    ] as const) {
      const problem = await problemOf(host.fetch(`/cubes/${cubeId}/spectra?${query}`));
      expect(problem).toMatchObject({ code: 'invalid-request' });
      expect(problem.field?.startsWith(field)).toBe(true);
    }
    // Where several forms would do, the message tells them.
    const level = `image=${encodeURIComponent('{"kind":"band","parameters":{"bandIndex":0}}')}&level=-1`;
    for (const [answer, form] of [
      [host.fetch(`/cubes/${cubeId}/spectra?at=1`), 'must be LINE,SAMPLE'],
      [host.fetch(`/cubes/${cubeId}/spectra`), 'must be LINE,SAMPLE'],
      [host.fetch(`/cubes/${cubeId}/statistics?${level}`), 'must be a whole number from 0, or auto'],
      [host.post('/cubes', { grantId: 'x', options: { noData: true } }), 'must be a number'],
    ] as const) {
      expect((await problemOf(answer)).message).toContain(form);
    }
    expect(await problemOf(host.fetch(`/cubes/${cubeId}/spectra?at=5,0`))).toMatchObject({
      code: 'out-of-range',
      field: 'line',
    });
    expect(await problemOf(host.fetch(`/cubes/${cubeId}/spectra?at=0,7`))).toMatchObject({
      code: 'out-of-range',
      field: 'sample',
    });
  });

  it('a grant that was never made, or of the other kind', async () => {
    expect(await problemOf(host.post('/cubes', { grantId: '../../etc/passwd' }))).toMatchObject({
      code: 'access-denied',
      field: 'grantId',
    });
    const { grantId } = host.engine.grants.grantWrite(host.at('new.tif'));
    expect(await problemOf(host.post('/cubes', { grantId }))).toMatchObject({ code: 'access-denied' });
    const read = host.engine.grants.grantRead(host.at('source.img'));
    const output = { kind: 'cube', parameters: { format: 'envi' } };
    const parameters = { cubeId: opened.cubeId, target: read.grantId, output };
    expect(await problemOf(host.post('/jobs', { kind: 'export', parameters }))).toMatchObject({
      code: 'access-denied',
    });
  });

  it('files that are no cubes', async () => {
    writeFileSync(host.at('empty.tif'), '');
    writeFileSync(host.at('text.txt'), 'hello');
    writeFileSync(
      host.at('alone.hdr'),
      'ENVI\nsamples = 2\nlines = 2\nbands = 1\ndata type = 1\ninterleave = bsq\n',
    );
    mkdirSync(host.at('folder'));
    for (const [name, code] of [
      ['empty.tif', 'malformed-file'],
      ['text.txt', 'unsupported-format'],
      ['alone.hdr', 'not-found'],
      ['folder', 'not-found'],
    ] as const) {
      const { grantId } = host.engine.grants.grantRead(host.at(name));
      const problem = await problemOf(host.post('/cubes', { grantId }));
      expect(problem).toMatchObject({ code, file: name });
      expect(problem.message).not.toContain(host.folder);
    }
  });
});

describe('open cubes', () => {
  it('the same file with the same options is the same cube; other options make another', async () => {
    expect((await host.open('source.hdr')).info).toEqual(opened.info);
    expect((await host.open('source.img')).cubeId).toBe(opened.cubeId);
    const other = await host.open('source.img', { noData: 7 });
    expect(other.cubeId).not.toBe(opened.cubeId);
    expect(other.info.noDataValue).toBe(7);
    expect(other.info.assumptions).toContainEqual(expect.objectContaining({ field: 'noData', value: '7' }));
    const list = await answerOf<{ cubes: OpenCubeAnswer[] }>(await host.fetch('/cubes'));
    expect(list.cubes).toContainEqual(other);
    expect(await answerOf(await host.fetch(`/cubes/${other.cubeId}`))).toEqual(other);
  });

  it('options that do not fit are refused by name', async () => {
    for (const [options, field] of [
      [{ bandIsGood: [true] }, 'bandIsGood'],
      [{ wavelengthsNm: [1, 2, 3, 4] }, 'wavelengthsNm'],
      [{ noData: 0.5 }, 'noData'],
      [{ noData: 'none' }, 'noData'],
    ] as const) {
      expect(await refusalOf(host.open('source.img', options))).toMatchObject({
        code: 'invalid-request',
        field,
      });
    }
  });

  it('closed, every request for it is not-found', async () => {
    const { cubeId } = await host.open('source.img', { scale: 3 });
    const gone = await host.fetch(`/cubes/${cubeId}`, { method: 'DELETE' });
    expect([gone.status, await gone.text()]).toEqual([204, '']);
    for (const route of [
      '',
      '/spectra?at=0,0',
      '/tiles/0/0/0?image={"kind":"band","parameters":{"bandIndex":0}}',
      '/band?wavelengthNm=500',
    ]) {
      expect(await problemOf(host.fetch(`/cubes/${cubeId}${route}`))).toMatchObject({
        code: 'not-found',
        field: 'cubeId',
      });
    }
    expect(await problemOf(host.fetch(`/cubes/${cubeId}`, { method: 'DELETE' }))).toMatchObject({
      code: 'not-found',
    });
    const job = { kind: 'band-statistics', parameters: { cubeId, bandIndexes: [0] } };
    expect(await problemOf(host.post('/jobs', job))).toMatchObject({ code: 'not-found', field: 'cubeId' });
  });

  it('the band of a wavelength', async () => {
    const band = async (nm: number | string): Promise<unknown> =>
      answerOf(await host.fetch(`/cubes/${opened.cubeId}/band?wavelengthNm=${nm}`));
    expect(await band(511)).toEqual({ bandIndex: 1, wavelengthNm: 510 });
    // The lower number on a tie; one local step beyond the ends.
    expect(await band(515)).toEqual({ bandIndex: 1, wavelengthNm: 510 });
    expect(await band(530)).toEqual({ bandIndex: 2, wavelengthNm: 520 });
    expect(await refusalOf(band(530.1))).toMatchObject({ code: 'out-of-range', field: 'wavelength' });
    for (const wrong of ['red', '', '%20', '0x10', 'Infinity', '1e999', '500&wavelengthNm=']) {
      expect([wrong, await refusalOf(band(wrong))]).toMatchObject([
        wrong,
        { code: 'invalid-request', field: 'wavelengthNm' },
      ]);
    }
  });

  it('a number in a query is never an empty text', async () => {
    for (const [route, field] of [
      ['/jobs?after=', 'after'],
      ['/jobs?after=-1', 'after'],
      ['/jobs?after=1e3', 'after'],
      [`/cubes/${opened.cubeId}/spectra?at=0,0&window=`, 'window'],
      [`/cubes/${opened.cubeId}/spectra?at=,`, 'at'],
      [`/cubes/${opened.cubeId}/tiles/0/0/0?image=`, 'image'],
      [`/cubes/${opened.cubeId}/tiles/0/0/0?image={"kind":"band"}`, 'image.parameters'],
    ] as const) {
      const problem = await problemOf(host.fetch(route));
      expect([route, problem]).toMatchObject([route, { code: 'invalid-request', field }]);
    }
  });
});

describe('a tile’s headers', () => {
  it('say what the bytes are; what names no version is asked for again', async () => {
    const { headers } = await host.tile(opened.cubeId, { image: 'stored', bands: 1 });
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/octet-stream',
      'content-length': String(5 * 7 * 2),
      'cache-control': 'no-cache',
      'cubelens-source': 'exact',
      'cubelens-data-type': 'int16',
      'cubelens-shape': '1,5,7',
      'cubelens-no-data': '-5',
      'cubelens-scale': '0.25',
      'cubelens-offset': '2',
    });
    const values = await host.tile(opened.cubeId, { image: 'band', bands: 1 });
    expect(values.headers.get('content-length')).toBe(String(5 * 7 * 4));
    expect(values.headers.get('cubelens-no-data')).toBeNull();
    const unscaled = await host.tile(opened.cubeId, { image: 'stored', bands: 1 });
    expect([...values.pixels]).toEqual(
      [...unscaled.pixels].map((stored) => (stored === -5 ? NaN : Math.fround(Number(stored) * 0.25 + 2))),
    );
  });

  it('HEAD gives them without the bytes', async () => {
    const response = await host.fetch(tileRoute(opened.cubeId, { image: 'stored', bands: 0 }), {
      method: 'HEAD',
    });
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 0]);
  });
});

describe('jobs', () => {
  it('one poll tells of all jobs from a revision on', async () => {
    const parameters = { cubeId: opened.cubeId, bandIndexes: [0] };
    const body = { kind: 'band-statistics', parameters };
    const first = await host.post('/jobs', body);
    expect(first.status).toBe(201);
    const started = (await first.json()) as JobSnapshot;
    expect(started).toMatchObject({ kind: 'band-statistics', state: 'running', result: null, error: null });
    const ended = await host.until(started.jobId, () => false);
    expect(ended).toMatchObject({ state: 'done', error: null });
    expect(await answerOf(await host.fetch(`/jobs/${started.jobId}`))).toEqual(ended);
    // Nothing is newer: the poll waits, until the next job begins.
    const poll = host.fetch(`/jobs?after=${ended.revision}`);
    const next = await host.start('band-statistics', parameters);
    const changes = await answerOf<{ revision: number; jobs: JobSnapshot[] }>(await poll);
    expect(changes.revision).toBeGreaterThan(ended.revision);
    expect(changes.jobs.map(({ jobId }) => jobId)).toEqual([next.jobId]);
    await host.until(next.jobId, () => false);
  });

  it('a poll that is given up ends', async () => {
    const { revision } = await answerOf<{ revision: number }>(await host.fetch('/jobs?after=0'));
    const stop = new AbortController();
    const poll = host.fetch(`/jobs?after=${revision}`, { signal: stop.signal });
    stop.abort();
    expect(await answerOf(await poll)).toEqual({ revision, jobs: [] });
  });

  it('unknown jobs and revisions that are none', async () => {
    expect(await problemOf(host.fetch('/jobs/0'))).toMatchObject({ code: 'not-found', field: 'jobId' });
    expect(await problemOf(host.fetch('/jobs/x', { method: 'DELETE' }))).toMatchObject({
      code: 'not-found',
      field: 'jobId',
    });
    expect(await problemOf(host.fetch('/jobs?after=-1'))).toMatchObject({
      code: 'invalid-request',
      field: 'after',
    });
  });

  it('a cancelled one ends as cancelled; cancelling it again changes nothing', async () => {
    const single = new TestEngine(1);
    try {
      const { cubeId } = await single.demo({ lines: 200, samples: 300, bands: 60 });
      const bandIndexes = Array.from({ length: 5000 }, (_, k) => k % 60);
      const { jobId } = await single.start('band-statistics', { cubeId, bandIndexes });
      expect((await single.fetch(`/jobs/${jobId}`, { method: 'DELETE' })).status).toBe(200);
      const ended = await single.until(jobId, () => false);
      expect(ended).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
      expect(await answerOf(await single.fetch(`/jobs/${jobId}`, { method: 'DELETE' }))).toEqual(ended);
    } finally {
      await single.close();
    }
  });
});

it('a request whose signal is aborted is answered as cancelled, and the next one as ever', async () => {
  const stop = new AbortController();
  const route = tileRoute(opened.cubeId, { image: 'filtered', bands: 1, window: 3, degree: 1 });
  const given = host.fetch(route, { signal: stop.signal });
  stop.abort();
  expect(await problemOf(given)).toMatchObject({ code: 'cancelled', status: 499 });
  expect((await host.fetch(route)).status).toBe(200);
  const aborted = { signal: AbortSignal.abort() };
  expect(await problemOf(host.fetch(`/cubes/${opened.cubeId}/spectra?at=0,0`, aborted))).toMatchObject({
    code: 'cancelled',
  });
});

it('tells of the host, the backends, the colour maps and its own load', async () => {
  const backends = await answerOf<Backends>(await host.fetch('/backends'));
  expect(backends.kernels.why).not.toBe('');
  expect(await answerOf(await host.fetch('/host'))).toEqual({
    kind: 'test',
    capabilities: [],
    version,
    kernels: backends.kernels,
  });
  const { colourMaps } = await answerOf<{ colourMaps: { name: string; kind: string }[] }>(
    await host.fetch('/colour-maps'),
  );
  expect(colourMaps.map(({ name }) => name)).toEqual(expect.arrayContaining(['gray', 'viridis', 'blue-red']));
  expect(colourMaps.find(({ name }) => name === 'blue-red')?.kind).toBe('diverging');
  await host.tile(opened.cubeId, { image: 'band', bands: 2 });
  const list = await answerOf<{ cubes: unknown[] }>(await host.fetch('/cubes'));
  expect(await answerOf(await host.fetch('/diagnostics'))).toMatchObject({
    threads: 2,
    tasks: { waiting: {}, running: {} },
    blockBytes: 0,
    openCubes: list.cubes.length,
  });
});
