import { AxeBuilder } from '@axe-core/playwright';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cubelens } from '../commandLine.ts';
import { DesktopLauncher } from '../desktopLauncher.ts';
import { brokenFiles, demoFiles, emptyCube } from '../files.ts';
import { Workbench } from '../pages/workbench.ts';
import { expect, test as base } from '../test.ts';

const demo = demoFiles();

/** What only the desktop app has: dialogs of the system, menus, drops without a copy. */
const test = base.extend<{ app: DesktopLauncher }>({
  app: async ({ launcher }, use) => {
    if (!(launcher instanceof DesktopLauncher)) throw new Error('These specs are of the desktop app.');
    await use(launcher);
  },
});

test('the page is isolated, keeps to its policy, and has the bridge alone', async ({
  page,
  app,
  allowed,
}) => {
  allowed.push({ url: /api\/nothing/, status: 404 });
  await app.start(page, { demo: true });
  const work = new Workbench(page);
  await work.drawn();
  await expect(page).toHaveTitle(/Cubelens/);
  expect(
    await page.evaluate(async () => {
      // Later: while a spec's own code runs the browser lets it evaluate text.
      const evaluated = await new Promise<boolean>((resolve) => {
        setTimeout(() => {
          try {
            globalThis.eval('1');
            resolve(true);
          } catch {
            resolve(false);
          }
        }, 50);
      });
      const { status, headers } = await fetch('/api/nothing');
      return {
        isolated: crossOriginIsolated,
        evaluated,
        status,
        nosniff: headers.get('x-content-type-options'),
        require: typeof (window as { require?: unknown }).require,
      };
    }),
  ).toEqual({ isolated: true, evaluated: false, status: 404, nosniff: 'nosniff', require: 'undefined' });
});

test('a file is opened by the dialog of the system; the menu shows it and runs commands', async ({
  page,
  app,
}) => {
  const { folder } = await app.start(page, { files: [demo.header, demo.data] });
  const work = new Workbench(page);
  await app.host.choose('open', join(folder, 'scene.hdr'));
  await page.keyboard.press('Control+o');
  await expect(work.metadata).toContainText('240 × 320 × 160');
  await work.drawn();
  await expect.poll(async () => (await app.host.state()).menu).toContain('scene.hdr');
  // Closed, it stands among the recent files.
  await app.host.ask({ kind: 'menu', label: 'Close this cube' });
  await page.getByRole('region', { name: 'Recent files' }).getByRole('button', { name: 'scene.hdr' }).click();
  await expect(work.metadata).toContainText('240 × 320 × 160');
  await app.host.ask({ kind: 'menu', label: 'About Cubelens' });
  await expect(work.dialog).toContainText('SIL OPEN FONT LICENSE Version 1.1');
  await expect(work.dialog).toContainText('react-dom');
  const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
  expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
});

test('files that are dropped open where they lie; other things are refused in words', async ({
  page,
  app,
}) => {
  const { folder } = await app.start(page, { files: [demo.header, demo.data] });
  const work = new Workbench(page);
  await expect(page.getByRole('heading', { name: 'Open a hyperspectral cube' })).toBeVisible();
  const drop = (paths: Record<string, string>): Promise<void> =>
    page.evaluate((given) => {
      // What the preload of Electron finds by itself.
      Object.assign(window, { cubelensPaths: given });
      const dataTransfer = new DataTransfer();
      for (const name of Object.keys(given)) dataTransfer.items.add(new File([], name));
      for (const kind of ['dragenter', 'dragover', 'drop']) {
        document
          .querySelector('main')
          ?.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
      }
    }, paths);
  await drop({ 'of another page.png': '' });
  await expect(page.getByText('Nothing was dropped that is a file.').first()).toBeVisible();
  await drop({ 'scene.dat': join(folder, 'scene.dat'), 'scene.hdr': join(folder, 'scene.hdr') });
  await expect(work.metadata).toContainText('240 × 320 × 160');
  await work.drawn();
  await expect.poll(async () => (await app.host.state()).menu).toContain('scene.hdr');
});

test('of several files at once none is lost, also beside one that cannot be opened', async ({
  page,
  app,
  allowed,
}) => {
  allowed.push({ url: /api\/cubes$/, status: 415 });
  const { text } = brokenFiles();
  const empty = emptyCube(4, 5, 6);
  await app.start(page, {
    files: [demo.header, demo.data, text, empty.header, empty.data],
    open: 'scene.hdr',
    more: ['letter.tif', 'empty.hdr'],
  });
  await expect(page.getByRole('list', { name: 'Open cubes' }).getByRole('listitem')).toHaveCount(2);
});

test('the derivative image is exported through the save dialog and shown in its folder', async ({
  page,
  app,
}) => {
  const { out } = await app.start(page, { files: [demo.header, demo.data], open: 'scene.hdr' });
  const work = new Workbench(page);
  await work.drawn();
  await work.setField(work.bandNumber, '70');
  await work.mode('Derivative');
  await work.drawn();
  await page.getByRole('button', { name: 'Export image' }).click();
  await expect(work.dialog).toContainText('The dialog of the system asks for it.');
  await app.host.choose('save', join(out, 'mine.tif'));
  await work.dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByText('mine.tif is written').first()).toBeVisible();
  await page.getByRole('button', { name: 'Show in folder' }).first().click();
  await expect.poll(async () => (await app.host.state()).shownInFolder).toEqual([join(out, 'mine.tif')]);
  // The command line's image of the same file is the same to the byte.
  const folder = mkdtempSync(join(tmpdir(), 'cubelens-same-'));
  const other = join(folder, 'other.tif');
  cubelens(
    'image',
    demo.header,
    '--band',
    '70',
    '--window',
    '11',
    '--degree',
    '2',
    '--derivative',
    '2',
    '--out',
    other,
  );
  expect(existsSync(other)).toBe(true);
  expect(readFileSync(join(out, 'mine.tif')).equals(readFileSync(other))).toBe(true);
  rmSync(folder, { recursive: true });
});

test('closing the app ends the engine', async ({ page, app, allowed }) => {
  allowed.push({ url: /localhost:1/, status: 0 });
  await app.start(page, { demo: true });
  await new Workbench(page).drawn();
  expect(await app.host.ask({ kind: 'quit' })).toBe(0);
});
