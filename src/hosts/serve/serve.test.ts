import { createServer } from 'node:http';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  FolderAnswer,
  JobSnapshot,
  OpenCubeAnswer,
  ReadGrantAnswer,
  RecentFile,
  RootsAnswer,
  TargetAnswer,
  TargetLook,
  UploadAnswer,
} from '../../engine/contract/index.ts';
import { startServe } from './serve.ts';
import { TestServe } from './testServe.ts';

const serve = new TestServe();
beforeAll(async () => {
  await serve.start();
  mkdirSync(join(serve.cubes, 'deep'));
  writeFileSync(join(serve.cubes, 'deep/tiny.hdr'), tinyHeader);
  writeFileSync(join(serve.cubes, 'deep/tiny.dat'), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  writeFileSync(join(serve.cubes, 'notes.txt'), 'hello');
  symlinkSync(serve.root, join(serve.cubes, 'way-out'));
  symlinkSync(join(serve.root, 'nothing'), join(serve.cubes, 'broken'));
});
afterAll(() => serve.stop());

const tinyHeader = `ENVI
samples = 2
lines = 2
bands = 2
header offset = 0
data type = 1
interleave = bsq
byte order = 0
`;

const list = (folderId: string) => serve.json<FolderAnswer>('GET', `/host/folders/${folderId}`);

async function rootFolder(): Promise<FolderAnswer> {
  const { roots } = await serve.json<RootsAnswer>('GET', '/host/roots');
  return list(roots[0]?.folderId ?? '');
}

async function openTiny(): Promise<OpenCubeAnswer> {
  const { folders } = await rootFolder();
  const deep = await list(folders.find(({ name }) => name === 'deep')?.folderId ?? '');
  const grant = await serve.json<ReadGrantAnswer>('POST', `/host/files/${deep.files[0]?.fileId}`);
  return serve.json<OpenCubeAnswer>('POST', '/api/cubes', { grantId: grant.grantId });
}

describe('browsing', () => {
  test('gives folders, pairs as one entry, and the way back up; no paths', async () => {
    const root = await rootFolder();
    expect(root.folders.map(({ name }) => name)).toEqual(['deep', 'way-out']);
    expect(root.files.map(({ name, type, bytes }) => ({ name, type, bytes }))).toEqual([
      { name: 'notes.txt', type: 'other', bytes: 5 },
    ]);
    const deep = await list(root.folders[0]?.folderId ?? '');
    expect(deep.above).toEqual([root.folder]);
    expect(deep.files).toMatchObject([
      { name: 'tiny.hdr', type: 'ENVI', parts: ['tiny.hdr', 'tiny.dat'], bytes: tinyHeader.length + 8 },
    ]);
    expect(JSON.stringify([root, deep])).not.toContain(serve.root);
  });

  test('a link that leaves the root is refused, and so is an id that nobody gave out', async () => {
    const { folders } = await rootFolder();
    const out = await serve.get(`/host/folders/${folders[1]?.folderId}`);
    expect(out.status).toBe(403);
    expect(out.body.toString()).toContain('--root');
    expect((await serve.get('/host/folders/guessed')).status).toBe(403);
    expect((await serve.send('POST', '/host/files/guessed')).status).toBe(403);
  });

  test('a chosen file opens', async () => {
    const { info, cubeId } = await openTiny();
    expect(info).toMatchObject({ lines: 2, samples: 2, bands: 2 });
    expect((await serve.send('DELETE', `/api/cubes/${cubeId}`)).status).toBe(204);
  });
});

describe('recent files', () => {
  const recent = () => serve.json<{ files: RecentFile[] }>('GET', '/host/recent');

  test('are told, the last one first, and only those below a root that are still there', async () => {
    expect((await recent()).files).toEqual([]);
    const { folders, files } = await rootFolder();
    const deep = await list(folders[0]?.folderId ?? '');
    for (const { fileId } of [...files, ...deep.files]) {
      expect((await serve.send('POST', `/host/recent/${fileId}`)).status).toBe(204);
    }
    const told = (await recent()).files;
    expect(told.map(({ name, folder }) => `${folder}/${name}`)).toEqual([
      'cubes/deep/tiny.hdr',
      'cubes/notes.txt',
    ]);
    expect((await serve.send('POST', `/host/files/${told[0]?.fileId}`)).status).toBe(201);
    const kept = join(serve.root, 'state/recent.json');
    writeFileSync(kept, JSON.stringify([join(serve.root, 'secret.txt'), join(serve.cubes, 'gone.hdr'), 1]));
    expect((await recent()).files).toEqual([]);
    writeFileSync(kept, 'broken');
    expect((await recent()).files).toEqual([]);
  });
});

describe('exports', () => {
  async function exported(name: string, format: string): Promise<JobSnapshot> {
    const { cubeId } = await openTiny();
    const target = await serve.json<TargetAnswer>('POST', '/host/targets', { name });
    expect(target.name).toBe(name);
    const image = { kind: 'band', parameters: { bandIndex: 1 } };
    const output = { kind: 'image', parameters: { format, image } };
    const parameters = { cubeId, target: target.grantId, output };
    let job = await serve.json<JobSnapshot>('POST', '/api/jobs', { kind: 'export', parameters });
    while (job.state === 'running') job = await serve.json('GET', `/api/jobs/${job.jobId}`);
    expect(job.error).toBeNull();
    return job;
  }

  test('of several files come as one zip, or each alone, under their names', async () => {
    const job = await exported('band ä.dat', 'envi');
    expect(readdirSync(serve.out)).toContain('band ä.dat');
    const zip = await serve.get(`/host/outputs/${job.jobId}`);
    expect(zip.headers['content-disposition']).toBe(
      `attachment; filename="band _.zip"; filename*=UTF-8''band%20%C3%A4.zip`,
    );
    expect(Number(zip.headers['content-length'])).toBe(zip.body.byteLength);
    expect(zip.body.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    for (const name of ['band ä.dat', 'band ä.hdr', 'band ä.dat.recipe.json']) {
      expect(zip.body.includes(name), name).toBe(true);
    }
    const one = await serve.get(`/host/outputs/${job.jobId}?file=${encodeURIComponent('band ä.dat')}`);
    expect(one.headers['content-disposition']).toContain('filename="band _.dat"');
    expect(one.body.equals(readFileSync(join(serve.out, 'band ä.dat')))).toBe(true);
    const other = await serve.get(`/host/outputs/${job.jobId}?file=${encodeURIComponent('../secret.txt')}`);
    expect(other.status).toBe(404);
  });

  test('what would be replaced is told beforehand, an ENVI header too, and nothing is granted', async () => {
    const look = (name: string) => serve.json<TargetLook>('GET', `/host/targets/${encodeURIComponent(name)}`);
    mkdirSync(serve.out, { recursive: true });
    writeFileSync(join(serve.out, 'there.hdr'), '');
    expect(await look('there.dat')).toMatchObject({ folder: 'exports', existing: 'there.hdr' });
    expect(await look('there.tif')).toMatchObject({ existing: null });
    expect((await look('there.hdr')).freeBytes).toBeGreaterThan(0);
    expect((await serve.get('/host/targets/..%2fsecret.txt')).status).toBe(400);
  });

  test('a name with a folder in it is refused, and so is an export that is not there', async () => {
    for (const name of ['../a.tif', 'a/b.tif', 'a\\b.tif', '..', '', 'a\0b']) {
      const { status } = await serve.send(
        'POST',
        '/host/targets',
        { 'content-type': 'application/json' },
        JSON.stringify({ name }),
      );
      expect(status, JSON.stringify(name)).toBe(400);
    }
    expect((await serve.send('POST', '/host/targets', {}, 'no json')).status).toBe(400);
    expect((await serve.get('/host/outputs/999')).status).toBe(404);
  });
});

test('an export under way when the server is told to end leaves nothing behind', async () => {
  const other = new TestServe();
  await other.start();
  // Zeros that take no room: enough of them that the export is still under way.
  const header = tinyHeader.replaceAll('= 2', '= 500').replace('data type = 1', 'data type = 12');
  writeFileSync(join(other.cubes, 'large.hdr'), header);
  writeFileSync(join(other.cubes, 'large.dat'), '');
  truncateSync(join(other.cubes, 'large.dat'), 500 ** 3 * 2);
  const { roots } = await other.json<RootsAnswer>('GET', '/host/roots');
  const { files } = await other.json<FolderAnswer>('GET', `/host/folders/${roots[0]?.folderId}`);
  const grant = await other.json<ReadGrantAnswer>('POST', `/host/files/${files[0]?.fileId}`);
  const { cubeId } = await other.json<OpenCubeAnswer>('POST', '/api/cubes', { grantId: grant.grantId });
  const target = await other.json<TargetAnswer>('POST', '/host/targets', { name: 'gone.tif' });
  const output = { kind: 'cube', parameters: { format: 'geotiff', filter: { window: 11, derivative: 2 } } };
  const parameters = { cubeId, target: target.grantId, output };
  const { jobId } = await other.json<JobSnapshot>('POST', '/api/jobs', { kind: 'export', parameters });
  let done = 0;
  while (done === 0) ({ done } = await other.json<JobSnapshot>('GET', `/api/jobs/${jobId}`));
  expect(readdirSync(other.out)).not.toEqual([]);
  await other.running.close();
  expect(readdirSync(other.out)).toEqual([]);
  rmSync(other.root, { recursive: true, force: true });
});

describe('uploads', () => {
  test('a pair that was dropped opens, and is gone when the server ends', async () => {
    const other = new TestServe();
    await other.start();
    const { uploadId, mostBytes } = await other.json<UploadAnswer>('POST', '/host/uploads');
    expect(mostBytes).toBe(256 * 1024 * 1024);
    await other.send('PUT', `/host/uploads/${uploadId}/a.hdr`, {}, tinyHeader);
    await other.send('PUT', `/host/uploads/${uploadId}/a.dat`, {}, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    const grant = await other.json<ReadGrantAnswer>('POST', `/host/uploads/${uploadId}`, { name: 'a.dat' });
    const { info } = await other.json<OpenCubeAnswer>('POST', '/api/cubes', { grantId: grant.grantId });
    expect(info.bands).toBe(2);
    const sent = readdirSync(tmpdir()).filter((name) => existsSync(join(tmpdir(), name, uploadId)));
    expect(sent).toHaveLength(1);
    expect((await other.send('PUT', `/host/uploads/${uploadId}/..%2fb`, {}, 'x')).status).toBe(400);
    expect((await other.send('PUT', '/host/uploads/guessed/b', {}, 'x')).status).toBe(404);
    await other.stop();
    expect(existsSync(join(tmpdir(), sent[0] ?? 'none'))).toBe(false);
  });

  test('more than 256 MB are refused while they come, and nothing of them stays', async () => {
    const { uploadId } = await serve.json<UploadAnswer>('POST', '/host/uploads');
    const large = new Uint8Array(256 * 1024 * 1024 + 1);
    const { status, body } = await serve.send('PUT', `/host/uploads/${uploadId}/large.dat`, {}, large);
    expect({ status, says: body.toString() }).toMatchObject({
      status: 507,
      says: expect.stringContaining('folder') as string,
    });
    const { status: after } = await serve.send('PUT', `/host/uploads/${uploadId}/small.dat`, {}, 'x');
    expect(after).toBe(204);
  });
});

describe('starting', () => {
  test('a port in use, a root and a file that are not there, and a window that is not built are said', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => taken.once('listening', done));
    const { port } = taken.address() as { port: number };
    const windowFolder = join(serve.root, 'window');
    const starting = (options: Parameters<typeof startServe>[0]) =>
      startServe({ windowFolder, roots: [serve.cubes], ...options });
    await expect(starting({ port })).rejects.toThrow(`Port ${port} is in use`);
    await expect(starting({ roots: [join(serve.root, 'nowhere')] })).rejects.toThrow('nowhere');
    await expect(starting({ file: join(serve.root, 'no.hdr') })).rejects.toThrow('no.hdr');
    await expect(starting({ windowFolder: join(serve.root, 'nowhere') })).rejects.toThrow('not built');
    taken.close();
  });

  test('a file named at the start is offered to the window', async () => {
    const windowFolder = join(serve.root, 'window');
    const file = join(serve.cubes, 'deep/tiny.hdr');
    const running = await startServe({ windowFolder, roots: [join(serve.root, 'window')], file });
    const other = new TestServe();
    rmSync(other.root, { recursive: true });
    other.running = running;
    const { headers } = await other.get(new URL(running.url).search, { cookie: '' }, '/');
    other.cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    const start = await other.json<{ file: { fileId: string; name: string } }>('GET', '/host/start');
    expect(start).toMatchObject({ file: { name: 'tiny.hdr' }, demo: false });
    const grant = await other.json<ReadGrantAnswer>('POST', `/host/files/${start.file.fileId}`);
    expect(
      (await other.json<OpenCubeAnswer>('POST', '/api/cubes', { grantId: grant.grantId })).info.lines,
    ).toBe(2);
    await running.close();
  });
});
