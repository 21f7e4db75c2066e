import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JobSnapshot, MenuCommand, OpenCubeAnswer, TargetAnswer } from '../src/engine/contract/index.ts';
import type * as Places from './places.ts';
import type * as Fake from './testElectron.ts';

// The whole main process from source under the fake: what a window, a person and the system do to it.

let folder = '';
let electron: typeof Fake;
const argv = process.argv;

vi.mock('./places.ts', async (original) => {
  const real = await original<typeof Places>();
  return {
    placesFor: (url: string) => ({
      ...real.placesFor(url),
      renderer: join(process.env['CUBELENS_TEST_FOLDER'] ?? '', 'window'),
    }),
  };
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cubelens-main-'));
  vi.stubEnv('CUBELENS_TEST_FOLDER', folder);
  mkdirSync(join(folder, 'window/assets'), { recursive: true });
  writeFileSync(join(folder, 'window/index.html'), '<!doctype html><title>Cubelens</title>');
  writeFileSync(join(folder, 'window/assets/a.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
});

afterEach(async () => {
  process.argv = argv;
  const { state, app, FakeWindow } = electron;
  if (state.exitCode === null && state.isReady) {
    for (const window of FakeWindow.getAllWindows()) window.isGone = true;
    app.quit();
    await vi.waitUntil(() => state.exitCode !== null);
  }
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the app as a person does, with the words of a command line. */
async function start(words: string[] = [], decide: (state: typeof Fake.state) => void = () => undefined) {
  vi.resetModules();
  electron = (await import('electron')) as unknown as typeof Fake;
  electron.state.folder = folder;
  decide(electron.state);
  process.argv = [argv[0] ?? '', '.', ...words];
  await import('./main.ts');
  electron.becomeReady();
  if (electron.state.hasLock) {
    await vi.waitUntil(() => electron.state.calls.size > 0 || electron.state.dialogs.length > 0);
    expect(electron.state.dialogs).toEqual([]);
  }
  const [window] = electron.FakeWindow.getAllWindows();
  return { ...electron, window: window as Fake.FakeWindow };
}

function writeCube(name: string, [lines, samples, bands] = [4, 5, 9]): string {
  const header = `ENVI\nsamples = ${samples}\nlines = ${lines}\nbands = ${bands}\ndata type = 1\ninterleave = bsq\nbyte order = 0\nheader offset = 0\n`;
  writeFileSync(join(folder, `${name}.hdr`), header);
  writeFileSync(
    join(folder, `${name}.img`),
    Uint8Array.from({ length: lines * samples * bands }, (_, i) => i % 251),
  );
  return join(folder, `${name}.hdr`);
}

/** A call of the window that must be answered. */
async function call<Value>(channel: string, ...args: unknown[]): Promise<Value> {
  const answer = (await electron.invoke(channel, args)) as { ok: boolean; value: Value };
  expect(answer).toMatchObject({ ok: true });
  return answer.value;
}

async function api<Value>(path: string, body?: unknown): Promise<Value> {
  const headers = { 'content-type': 'application/json', 'cubelens-window': 'w' };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await electron.request(`cubelens://app/api${path}`, init, 'cubelens://app');
  expect(answer.status, answer.body.toString()).toBeLessThan(300);
  return JSON.parse(answer.body.toString()) as Value;
}

async function openFile(id: string): Promise<OpenCubeAnswer> {
  const { grantId } = await call<{ grantId: string }>('host:grant-read', id);
  return api<OpenCubeAnswer>('/cubes', { grantId });
}

async function finished(jobId: string): Promise<JobSnapshot> {
  let job = await api<JobSnapshot>(`/jobs/${jobId}`);
  while (job.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    job = await api<JobSnapshot>(`/jobs/${jobId}`);
  }
  return job;
}

test('starts sandboxed, with its scheme, and shows its own page when it is ready', async () => {
  const { state, window } = await start();
  expect([state.isSandboxed, state.schemes?.map(({ scheme }) => scheme)]).toEqual([true, ['cubelens']]);
  expect(window.webContents.getURL()).toBe('cubelens://app/');
  expect([window.options.show, window.shown]).toEqual([false, []]);
  window.emit('ready-to-show');
  expect(window.shown).toEqual(['show']);
});

test('a second start hands its files over, in its own folder, and ends', async () => {
  const { state, FakeEvent, window } = await start([writeCube('first')]);
  const first = await call<{ file: { name: string } }>('host:start');
  expect(first.file.name).toBe('first.hdr');
  window.isMinimised = true;
  const words = [...process.argv.slice(0, 2), '--flag', 'second.hdr'];
  state.app.emit('second-instance', new FakeEvent(), words, folder);
  expect(window.shown).toEqual(['restore', 'focus']);
  const [sent] = window.webContents.sent;
  expect(sent).toMatchObject({ channel: 'host:open-file', args: [{ name: 'second.hdr' }] });
  expect(JSON.stringify(sent)).not.toContain(folder);
  writeCube('second');
  const [file] = sent?.args as [{ id: string }];
  expect((await openFile(file.id)).info).toMatchObject({ lines: 4, samples: 5, bands: 9 });
});

test('files are named by URLs too, and the app’s own folder is none of them', async () => {
  const first = writeCube('by url');
  await start(['--switch', process.cwd(), pathToFileURL(first).href]);
  const { file } = await call<{ file: { id: string; name: string } }>('host:start');
  expect(file.name).toBe('by url.hdr');
  expect((await openFile(file.id)).info).toMatchObject({ bands: 9 });
});

test('an export keeps the ending of its format: another is refused, a missing one added', async () => {
  const { state, invoke } = await start();
  const saved = (name: string): void => {
    state.answers.save.push({ canceled: false, filePath: join(folder, name) });
  };
  saved('mine.png');
  expect(await invoke('host:pick-target', ['x.tif'])).toMatchObject({
    ok: false,
    error: { code: 'invalid-request', message: "mine.png: this format's files end in .tif." },
  });
  saved('mine.TIFF');
  expect(await call<TargetAnswer>('host:pick-target', 'x.tif')).toMatchObject({ name: 'mine.TIFF' });
  saved('mine');
  expect(await call<TargetAnswer>('host:pick-target', 'x.tif')).toMatchObject({ name: 'mine.tif' });
  writeFileSync(join(folder, 'mine.tif'), 'old');
  saved('mine');
  state.answers.box.push(1);
  expect(await call('host:pick-target', 'x.tif')).toBeNull();
});

test('without the lock it ends before anything is made', async () => {
  const { state, window } = await start([], (decided) => {
    decided.hasLock = false;
  });
  expect([state.exitCode, window, state.protocolHandlers.size]).toEqual([0, undefined, 0]);
});

test('files asked for before the window listens wait for it, in their order', async () => {
  const { state, FakeEvent, window } = await start(['a.hdr', '--demo', 'b.hdr']);
  const event = new FakeEvent();
  state.app.emit('open-file', event, join(folder, 'c.hdr'));
  expect([event.defaultPrevented, window.webContents.sent]).toEqual([true, []]);
  const { file, demo } = await call<{ file: { name: string }; demo: boolean }>('host:start');
  expect([file.name, demo]).toEqual(['a.hdr', false]);
  await vi.waitUntil(() => window.webContents.sent.length === 2);
  expect(window.webContents.sent.map(({ args }) => (args[0] as { name: string }).name)).toEqual([
    'b.hdr',
    'c.hdr',
  ]);
  expect(await call('host:start')).toEqual({ file: null, demo: false });
});

test('the demo scene is asked for once', async () => {
  await start(['.', '--demo']);
  expect(await call('host:start')).toEqual({ file: null, demo: true });
  expect(await call('host:start')).toEqual({ file: null, demo: false });
});

test('the page and its files come with all headers of safety; everything else is refused in words', async () => {
  const { request } = await start();
  const page = await request('cubelens://app/');
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.body.toString()).toContain('<title>Cubelens</title>');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
  expect(page.headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
  const head = await request('cubelens://app/assets/a.js', { method: 'HEAD' });
  expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, '10']);
  const refusals: [string, number, Parameters<typeof request>[1]?, string?][] = [
    ['cubelens://other/', 403],
    ['cubelens://app.evil/', 403],
    ['cubelens://app/../secret.txt', 404],
    ['cubelens://app/..%2fsecret.txt', 404],
    ['cubelens://app/%2e%2e/secret.txt', 404],
    ['cubelens://app/..%5csecret.txt', 404],
    [`cubelens://app/${encodeURIComponent(join(folder, 'secret.txt'))}`, 404],
    ['cubelens://app/assets', 404],
    ['cubelens://app/', 404, { method: 'POST', body: '{}' }],
    ['cubelens://app/api/host', 403, {}, 'https://evil.example'],
    ['cubelens://app/api/host', 403, {}, 'null'],
    ['cubelens://app/api/nothing', 404],
  ];
  for (const [url, status, init, origin] of refusals) {
    const answer = await request(url, init, origin);
    expect([url, origin, answer.status]).toEqual([url, origin, status]);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.body.toString()).not.toContain('secret');
  }
});

test('a file from the dialog opens, is read, and is remembered; its path never reaches the window', async () => {
  const { state, request } = await start();
  const path = writeCube('cube');
  state.answers.open.push({ canceled: true, filePaths: [] });
  expect(await call('host:pick-file')).toBeNull();
  state.answers.open.push({ canceled: false, filePaths: [path] });
  const file = await call<{ id: string; name: string }>('host:pick-file');
  expect([file.name, JSON.stringify(file).includes(folder)]).toEqual(['cube.hdr', false]);
  const cube = await openFile(file.id);
  const spectrum = await api<{ pixels: [{ stored: number[] }] }>(`/cubes/${cube.cubeId}/spectra?at=1,2`);
  expect(spectrum.pixels[0].stored).toEqual(Array.from({ length: 9 }, (_, k) => (k * 20 + 7) % 251));
  const image = encodeURIComponent(JSON.stringify({ kind: 'band', parameters: { bandIndex: 3 } }));
  const tile = await request(`cubelens://app/api/cubes/${cube.cubeId}/tiles/0/0/0?image=${image}`);
  expect([tile.status, tile.headers['cubelens-shape'], tile.body.length]).toEqual([200, '1,4,5', 80]);
  expect(tile.body.readFloatLE(0)).toBe(60);
  expect(await call('host:remember', file.id)).toBeNull();
  expect(state.recentDocuments).toEqual([path]);
  const recent = await call<{ fileId: string; name: string }[]>('host:recent-files');
  expect(recent).toMatchObject([{ fileId: file.id, name: 'cube.hdr' }]);
  // The next dialog begins where the last file was.
  state.answers.open.push({ canceled: true, filePaths: [] });
  await call('host:pick-file');
  expect(state.dialogs.at(-1)?.options).toMatchObject({ defaultPath: folder });
});

test('of dropped files the header is opened', async () => {
  const { invoke } = await start();
  const path = writeCube('dropped');
  const file = await call<{ id: string; name: string }>('host:dropped', [
    '',
    path.replace('.hdr', '.img'),
    path,
  ]);
  expect(file.name).toBe('dropped.hdr');
  expect((await openFile(file.id)).info.bands).toBe(9);
  expect(await invoke('host:dropped', [['']])).toMatchObject({
    ok: false,
    error: { code: 'invalid-request' },
  });
});

test('calls of other frames, of other pages and with wrong arguments are refused', async () => {
  const { invoke, window } = await start();
  const refused = { ok: false, error: { code: 'access-denied' } };
  expect(await invoke('host:start', [], null)).toMatchObject(refused);
  expect(await invoke('host:start', [], { url: 'cubelens://app/' })).toMatchObject(refused);
  window.webContents.mainFrame.url = 'https://evil.example/';
  expect(await invoke('host:start', [])).toMatchObject(refused);
  window.webContents.mainFrame.url = 'cubelens://app/';
  for (const args of [[], [''], [1], ['a', 'b'], [{}]]) {
    expect(await invoke('host:grant-read', args)).toMatchObject({
      ok: false,
      error: { code: 'invalid-request' },
    });
  }
  expect(await invoke('host:pick-target', ['../a.tif'])).toMatchObject({
    ok: false,
    error: { code: 'invalid-request' },
  });
  expect(await invoke('host:grant-read', ['made-up'])).toMatchObject(refused);
});

test('permissions, navigation and new windows: only what is ours', async () => {
  const { state, window, FakeEvent } = await start();
  const asked = (permission: string): boolean => {
    let answer: boolean | null = null;
    state.permissions.request?.(window.webContents, permission, (is) => (answer = is));
    return answer ?? true;
  };
  expect(['media', 'geolocation', 'clipboard-read', 'openExternal'].map(asked)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(asked('clipboard-sanitized-write')).toBe(true);
  expect(state.permissions.check?.(null, 'clipboard-sanitized-write', 'https://evil.example')).toBe(false);
  expect(state.permissions.check?.(null, 'media', 'cubelens://app')).toBe(false);
  expect(state.permissions.device?.()).toBe(false);
  expect(state.permissions.loginDomains).toBe('');
  for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
    const goes = (url: string): boolean => {
      const event = Object.assign(new FakeEvent(), { url });
      window.webContents.emit(name, event);
      return !event.defaultPrevented;
    };
    expect(['https://evil.example/', 'cubelens://app.evil/', 'file:///etc/passwd'].map(goes)).toEqual([
      false,
      false,
      false,
    ]);
    expect(goes('cubelens://app/')).toBe(true);
  }
  const view = new FakeEvent();
  window.webContents.emit('will-attach-webview', view);
  expect(view.defaultPrevented).toBe(true);
  const opened = (url: string) => window.webContents.openHandler?.({ url } as never);
  expect(opened('https://evil.example/')).toEqual({ action: 'deny' });
  expect(opened('http://github.com/')).toEqual({ action: 'deny' });
  expect(opened('https://github.com/x')).toEqual({ action: 'deny' });
  expect(state.openedOutside).toEqual(['https://github.com/x']);
});

test('a page that breaks down is loaded again, or its window closed, as the person wishes', async () => {
  const { state, window } = await start();
  const gone = (reason: string): void => {
    window.webContents.emit('render-process-gone', {}, { reason, exitCode: 1 });
  };
  gone('clean-exit');
  expect(state.dialogs).toEqual([]);
  state.answers.box.push(0, 1);
  gone('crashed');
  await vi.waitUntil(() => window.webContents.reloads === 1);
  gone('oom');
  await vi.waitUntil(() => window.isGone);
  await vi.waitUntil(() => state.exitCode === 0);
});

test('an export goes where the save dialog says, is shown there, and asks for the header it would replace', async () => {
  const { state, invoke } = await start([writeCube('cube')]);
  const { file } = await call<{ file: { id: string } }>('host:start');
  const { cubeId } = await openFile(file.id);
  state.answers.save.push({ canceled: true, filePath: '' });
  expect(await call('host:pick-target', 'out.dat')).toBeNull();
  mkdirSync(join(folder, 'out'));
  const path = join(folder, 'out/out.dat');
  writeFileSync(join(folder, 'out/out.hdr'), 'ENVI\n');
  state.answers.save.push({ canceled: false, filePath: path }, { canceled: false, filePath: path });
  state.answers.box.push(1, 0);
  expect(await call('host:pick-target', 'out.dat')).toBeNull();
  const target = await call<TargetAnswer>('host:pick-target', 'out.dat');
  expect(target).toMatchObject({ name: 'out.dat', replace: true });
  const output = { kind: 'cube', parameters: { format: 'envi' } };
  const { jobId } = await api<{ jobId: string }>('/jobs', {
    kind: 'export',
    parameters: { cubeId, target: target.grantId, replace: target.replace, output },
  });
  expect((await finished(jobId)).state).toBe('done');
  expect(readFileSync(path)).toEqual(readFileSync(join(folder, 'cube.img')));
  await call('host:show-output', jobId, 'out.hdr');
  await call('host:show-output', jobId, null);
  expect(state.shownInFolder).toEqual([join(folder, 'out/out.hdr'), path]);
  // One of the same name elsewhere: each is shown where it is.
  mkdirSync(join(folder, 'other'));
  state.answers.save.push({ canceled: false, filePath: join(folder, 'other/out.dat') });
  const elsewhere = await call<TargetAnswer>('host:pick-target', 'out.dat');
  const second = await api<{ jobId: string }>('/jobs', {
    kind: 'export',
    parameters: { cubeId, target: elsewhere.grantId, replace: true, output },
  });
  expect((await finished(second.jobId)).state).toBe('done');
  await call('host:show-output', jobId, null);
  await call('host:show-output', second.jobId, null);
  expect(state.shownInFolder.slice(2)).toEqual([path, join(folder, 'other/out.dat')]);
  for (const wrong of ['../cube.hdr', 'cube.hdr']) {
    expect(await invoke('host:show-output', [jobId, wrong])).toMatchObject({ ok: false });
  }
  rmSync(path);
  expect(await invoke('host:show-output', [jobId, null])).toMatchObject({
    ok: false,
    error: { code: 'not-found', message: 'out.dat is not there any more.' },
  });
});

test('menus show the commands of the window and run them; recent files open', async () => {
  const { state, window } = await start();
  const path = writeCube('lately');
  state.answers.open.push({ canceled: false, filePaths: [path] });
  const { id } = await call<{ id: string }>('host:pick-file');
  await call('host:start');
  const commands: MenuCommand[] = [
    { id: 'file.open', title: 'Open a file', group: 'Window', keys: 'Ctrl O', enabled: true },
    { id: 'edit.redo', title: 'Redo', group: 'Window', keys: 'Ctrl ⇧ Z', enabled: false },
    { id: 'view.fit', title: 'Fit', group: 'Band view', keys: '0', enabled: true },
  ];
  await call('host:menu', commands);
  await call('host:remember', id);
  const items = (label: string) =>
    (state.menu?.find((menu) => menu.label === label)?.submenu ?? []) as {
      label?: string;
      accelerator?: string;
      enabled?: boolean;
      click?: () => void;
      submenu?: { label: string; click: () => void }[];
    }[];
  const [open, recent] = items('File');
  expect(open).toMatchObject({ label: 'Open a file', accelerator: 'CommandOrControl+O', enabled: true });
  expect(items('Edit')[0]).toMatchObject({
    label: 'Redo',
    accelerator: 'CommandOrControl+Shift+Z',
    enabled: false,
  });
  expect(items('View')[0]).not.toHaveProperty('accelerator');
  open?.click?.();
  expect(recent?.submenu?.map(({ label }) => label)).toEqual(['lately.hdr']);
  recent?.submenu?.[0]?.click();
  expect(window.webContents.sent).toMatchObject([
    { channel: 'host:command', args: ['file.open'] },
    { channel: 'host:open-file', args: [{ id, name: 'lately.hdr' }] },
  ]);
});

test('the window remembers its place', async () => {
  const first = await start();
  first.window.close();
  await vi.waitUntil(() => first.state.exitCode === 0);
  const second = await start();
  expect(second.window.options).toMatchObject({ x: 10, y: 20, width: 1000, height: 700 });
});

test('closing with a running job asks; then it is cancelled and leaves nothing', async () => {
  const { state, window, app } = await start([writeCube('big', [1500, 1000, 60])]);
  const { file } = await call<{ file: { id: string } }>('host:start');
  const { cubeId } = await openFile(file.id);
  mkdirSync(join(folder, 'out'));
  state.answers.save.push({ canceled: false, filePath: join(folder, 'out/big.tif') });
  const { grantId } = await call<TargetAnswer>('host:pick-target', 'big.tif');
  const filter = { window: 11, degree: 2, derivative: 2 };
  await api('/jobs', {
    kind: 'export',
    parameters: {
      cubeId,
      target: grantId,
      replace: true,
      output: { kind: 'cube', parameters: { format: 'geotiff', filter } },
    },
  });
  await call('host:progress', 0.25, 1);
  expect(window.progress).toBe(0.25);
  await vi.waitUntil(() => existsSync(join(folder, 'out')) && readdirSync(join(folder, 'out')).length > 0);
  state.answers.box.push(1);
  app.quit();
  // While the question waits it is not asked again.
  app.quit();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(state.dialogs.filter(({ kind }) => kind === 'box')).toHaveLength(1);
  expect([window.isGone, state.exitCode]).toEqual([false, null]);
  state.answers.box.push(0);
  app.quit();
  await vi.waitUntil(() => state.exitCode === 0);
  expect(readdirSync(join(folder, 'out'))).toEqual([]);
});

test('a window that is not built is said, and the app ends', async () => {
  rmSync(join(folder, 'window'), { recursive: true });
  vi.resetModules();
  electron = (await import('electron')) as unknown as typeof Fake;
  electron.state.folder = folder;
  await import('./main.ts');
  electron.becomeReady();
  await vi.waitUntil(() => electron.state.exitCode === 1);
  expect(electron.state.dialogs).toMatchObject([
    { kind: 'error', options: { title: 'Cubelens could not start' } },
  ]);
});
