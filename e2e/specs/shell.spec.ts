import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { brokenFiles, demoFiles, realFiles } from '../files.ts';
import { pixelsOf } from '../pictures.ts';
import { Workbench } from '../pages/workbench.ts';
import { expect, test } from '../test.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${theme}`, { tag: '@serve' }, async ({ page, launcher }) => {
    await page.emulateMedia({ colorScheme: theme });
    await launcher.start(page, { files: [demoFiles().header, demoFiles().data] });
    const work = new Workbench(page);
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual(
        [],
      );
    };
    await expect(page.getByRole('heading', { name: 'Open a hyperspectral cube' })).toBeVisible();
    await check();
    await page.keyboard.press('Control+o');
    await expect(work.dialog.getByRole('option')).toHaveCount(1);
    await check();
    await page.keyboard.press('Escape');
    await work.openByKeys('scene.hdr');
    await work.drawn();
    await check();
    await work.mode('RGB');
    await work.drawn();
    await check();
    await page.keyboard.press('?');
    await expect(work.dialog).toBeVisible();
    await check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(work.dialog).toBeVisible();
    await check();
  });
}

test(
  'a file is chosen by mouse: folders, filter, recent files',
  { tag: '@serve' },
  async ({ page, launcher }) => {
    const { header, data } = demoFiles();
    await launcher.start(page, { files: [header, data] });
    const work = new Workbench(page);
    await page.getByRole('banner').getByRole('button', { name: 'Open' }).click();
    await work.dialog.getByRole('option', { name: 'scene.hdr' }).dblclick();
    await expect(page).toHaveTitle('scene.dat · Cubelens');
    await expect(work.metadata).toContainText('uint16, BIL, little-endian');
    await expect(page.getByText('Nothing was assumed.')).toBeVisible();
    await page.getByRole('button', { name: 'Close scene.dat' }).click();
    await expect(page.getByRole('region', { name: 'Recent files' }).getByRole('button')).toContainText(
      'scene.hdr',
    );
    await page.getByRole('region', { name: 'Recent files' }).getByRole('button').click();
    await work.drawn();
  },
);

test('wrong files are said in words, and the window goes on', async ({ page, launcher, allowed }) => {
  const { text, header } = brokenFiles();
  const { openFile } = await launcher.start(page, { files: [text, header], demo: true });
  allowed.push(
    { url: /\/api\/cubes$/, status: 415 },
    { url: /\/api\/cubes$/, status: 404 },
    { url: /\/api\/cubes$/, status: 422 },
  );
  const work = new Workbench(page);
  await work.drawn();
  const card = page.getByRole('alert').filter({ hasText: 'could not be opened' });
  await openFile('letter.tif');
  await expect(card).toContainText('letter.tif');
  await card.getByRole('button', { name: 'Close' }).click();
  await openFile('alone.hdr');
  await expect(card).toContainText('The data file of alone.hdr is not beside it.');
  await expect(card).toContainText('alone.img');
  await card.getByRole('button', { name: 'Close' }).click();
  await expect(work.metadata).toContainText('240 × 320 × 160');
  await work.mode('Derivative');
  await work.drawn();
});

test(
  'a file that vanishes between the list and the choice',
  { tag: '@serve' },
  async ({ page, launcher, allowed }) => {
    const { text } = brokenFiles();
    const { folder } = await launcher.start(page, { files: [text], demo: true });
    allowed.push({ url: /\/host\/files\//, status: 404 });
    const work = new Workbench(page);
    await work.drawn();
    const listed = page.waitForResponse(/\/host\/folders\//);
    await page.keyboard.press('Control+o');
    // What stands there at first is the list of before.
    await listed;
    await expect(work.dialog.getByRole('option')).toHaveCount(1);
    rmSync(join(folder, 'letter.tif'));
    await work.dialog.getByRole('option', { name: 'letter.tif' }).dblclick();
    await expect(page.getByRole('alert').filter({ hasText: 'could not be opened' })).toContainText(
      'letter.tif',
    );
    await work.drawn();
  },
);

test('what the file says can be overridden, and the place stays', async ({ page, launcher }) => {
  await launcher.start(page, { files: [demoFiles().header, demoFiles().data], open: 'scene.hdr' });
  const work = new Workbench(page);
  await work.drawn();
  await work.setField(work.bandNumber, '70');
  await expect(page.getByText('3 spectral segments.')).toBeVisible();
  await page.getByRole('button', { name: 'Change…' }).click();
  await work.dialog.getByLabel('Scale').fill('zero');
  await expect(work.dialog.getByText('This is no number.')).toBeVisible();
  await work.dialog.getByLabel('Scale').fill('1');
  await work.dialog.getByLabel('Joins after').fill('40');
  await work.dialog.getByRole('button', { name: 'Read it so' }).click();
  await expect(page.getByText('4 spectral segments.')).toBeVisible();
  await expect(work.metadata).toContainText('Scale1');
  await expect(work.bandNumber).toHaveValue('70');
  await work.drawn();
  await expect(page.getByRole('list', { name: 'Open cubes' }).getByRole('listitem')).toHaveCount(1);
});

test('a file that changes while it is open says so, and is opened again where the person was', async ({
  page,
  launcher,
  allowed,
}) => {
  const { folder } = await launcher.start(page, {
    files: [demoFiles().header, demoFiles().data],
    open: 'scene.hdr',
  });
  const work = new Workbench(page);
  await work.drawn();
  allowed.push({ url: /\/api\/cubes\//, status: 422 });
  appendFileSync(join(folder, 'scene.dat'), 'more');
  await work.setField(work.bandNumber, '70');
  const card = page.getByRole('alert').filter({ hasText: 'The image could not be shown' });
  await expect(card).toContainText('scene.dat has changed on disk since it was opened.');
  await card.getByRole('button', { name: 'Open again' }).click();
  await expect(card).toHaveCount(0);
  await expect(work.bandNumber).toHaveValue('70');
  await work.drawn();
});

test('a small pair that is dropped opens', { tag: '@serve' }, async ({ page, launcher }) => {
  await launcher.start(page);
  const work = new Workbench(page);
  // A page that is still being read hears no key.
  await expect(page.getByRole('button', { name: 'Try the demo scene' })).toBeVisible();
  await page.keyboard.press('Control+o');
  const header =
    'ENVI\nsamples = 2\nlines = 3\nbands = 4\ndata type = 1\ninterleave = bsq\nheader offset = 0\nbyte order = 0\n';
  await work.dialog.getByLabel('Files to send').setInputFiles([
    { name: 'tiny.dat', mimeType: '', buffer: Buffer.from(Array.from({ length: 24 }, (_, at) => at)) },
    { name: 'tiny.hdr', mimeType: '', buffer: Buffer.from(header) },
  ]);
  await expect(work.metadata).toContainText('3 × 2 × 4');
  await work.drawn();
});

test('undo takes back one step of the filter, by key and by button', async ({ page, launcher }) => {
  await launcher.start(page, { demo: true });
  const work = new Workbench(page);
  await work.drawn();
  const window = page.getByRole('spinbutton', { name: 'Window in bands' });
  await work.view.focus();
  await page.keyboard.press('.');
  await page.keyboard.press('.');
  await expect(window).toHaveValue('15');
  await page.keyboard.press('Control+z');
  await expect(window).toHaveValue('13');
  await page.getByRole('button', { name: 'Redo Wider window' }).click();
  await expect(window).toHaveValue('15');
  // A drag of the slider is one step.
  const slider = page.getByRole('slider', { name: 'Window' });
  const box = await slider.locator('xpath=ancestor::*[contains(@class,"slider")][1]').boundingBox();
  if (box === null) throw new Error('The slider is not there.');
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  for (const share of [0.4, 0.5, 0.6, 0.7])
    await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
  await page.mouse.up();
  await expect(window).not.toHaveValue('15');
  await page.keyboard.press('Control+z');
  await expect(window).toHaveValue('15');
});

test('a wrong number stays in its field with its reason, and the picture stays', async ({
  page,
  launcher,
}) => {
  await launcher.start(page, { demo: true });
  const work = new Workbench(page);
  await work.drawn();
  const window = page.getByRole('spinbutton', { name: 'Window in bands' });
  await work.setField(window, '10');
  await expect(window).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('The window must be odd.')).toBeVisible();
  await page.getByRole('button', { name: 'Window in bands: 9' }).click();
  await expect(window).toHaveValue('9');
  await work.setField(window, '999');
  await expect(page.getByText('The window has 101 bands or fewer.')).toBeVisible();
  await work.setField(work.bandNumber, '161');
  await expect(page.getByText('Bands go from 1 to 160.')).toBeVisible();
  await work.drawn();
});

test('two tabs hold their cubes by themselves', { tag: '@serve' }, async ({ page, launcher, context }) => {
  const { url } = await launcher.start(page, { demo: true });
  const first = new Workbench(page);
  await first.drawn();
  const other = await context.newPage();
  await other.goto(url);
  const second = new Workbench(other);
  await second.drawn();
  await other.getByRole('button', { name: /^Close / }).click();
  await expect(other.getByRole('heading', { name: 'Open a hyperspectral cube' })).toBeVisible();
  await first.mode('Derivative');
  await first.drawn();
  await page.reload();
  await first.drawn();
});

test(
  'the engine goes away and comes back: the window says so and goes on',
  { tag: '@serve' },
  async ({ page, launcher, allowed, context }) => {
    await launcher.start(page, { demo: true });
    const work = new Workbench(page);
    await work.drawn();
    allowed.push({ url: /./, status: 0 });
    await context.setOffline(true);
    await work.mode('Derivative');
    await expect(page.getByText('The engine does not answer.').first()).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText('The engine does not answer.')).toHaveCount(0);
    await work.drawn();
    await expect(page.getByText('Derivative could')).toHaveCount(0);
  },
);

test(
  'after a restart the window asks for the new address, and goes on once it was opened',
  { tag: '@serve' },
  async ({ page, launcher, allowed, context }) => {
    const started = await launcher.start(page, { demo: true });
    const work = new Workbench(page);
    await work.drawn();
    allowed.push({ url: /./, status: 0 }, { url: /./, status: 401 }, { url: /\/api\/cubes\//, status: 404 });
    const url = await started.restart();
    await expect(page.getByText('Cubelens was started anew.')).toBeVisible();
    const other = await context.newPage();
    await other.goto(url);
    await expect(page.getByText('Cubelens was started anew.')).toHaveCount(0);
    await work.mode('RGB');
    await work.drawn();
  },
);

const classes = realFiles('jasper_ridge/jasper_ridge_classes.hdr', 'jasper_ridge/jasper_ridge_classes.img');

test('a class map comes in its own colours with a legend', async ({ page, launcher }) => {
  test.skip(classes === null, 'jasper_ridge is not here');
  await launcher.start(page, { files: classes ?? [], open: 'jasper_ridge_classes.hdr' });
  const work = new Workbench(page);
  await work.drawn();
  await expect(page.getByRole('list', { name: 'Classes' }).getByRole('listitem').first()).toBeVisible();
  await expect(work.modes.getByRole('radio', { name: 'RGB' })).toBeDisabled();
});

test(
  'what is no statistics’ matter stays so when the engine is back',
  { tag: '@serve' },
  async ({ page, launcher, allowed, context }) => {
    test.skip(classes === null, 'jasper_ridge is not here');
    await launcher.start(page, { files: classes ?? [], open: 'jasper_ridge_classes.hdr' });
    const work = new Workbench(page);
    await work.drawn();
    const before = await pixelsOf(page, work.view);
    allowed.push({ url: /./, status: 0 });
    const awayAndBack = async (): Promise<void> => {
      await context.setOffline(true);
      await page.keyboard.press('Control+o');
      await expect(page.getByText('The engine does not answer.').first()).toBeVisible();
      await page.keyboard.press('Escape');
      // Once back, the window looks which of its cubes the engine still has, then tries again what had failed.
      const looked = page.waitForResponse(
        (answer) => answer.url().endsWith('/api/cubes') && answer.request().method() === 'GET' && answer.ok(),
      );
      await context.setOffline(false);
      await looked;
      await expect(page.getByText('The engine does not answer.')).toHaveCount(0);
    };
    await awayAndBack();
    await work.drawn();
    expect(await pixelsOf(page, work.view)).toEqual(before);

    await page.keyboard.press('Control+k');
    await page.keyboard.type('Open the demo scene');
    await page.keyboard.press('Enter');
    await expect(work.metadata).toContainText('240 × 320 × 160');
    await work.mode('Derivative');
    await page.getByRole('radio', { name: 'Leave out' }).click();
    await work.setField(work.bandNumber, '1');
    const none = page.getByText('Band 1 has no filtered image').first();
    await expect(none).toBeVisible();
    await awayAndBack();
    await expect(none).toBeVisible();
    await expect(page.getByText('The image could not be shown')).toHaveCount(0);
  },
);
