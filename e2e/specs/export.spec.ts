import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cubelens, readNpy } from '../commandLine.ts';
import { demoFiles, emptyCube } from '../files.ts';
import { SpectrumDock } from '../pages/spectrum.ts';
import { Workbench } from '../pages/workbench.ts';
import { expect, test } from '../test.ts';

const demo = demoFiles();

test(
  'the derivative image is exported, downloaded, and is the command line’s',
  { tag: '@serve' },
  async ({ page, launcher }) => {
    const { out } = await launcher.start(page, { files: [demo.header, demo.data], open: 'scene.hdr' });
    const work = new Workbench(page);
    await work.drawn();
    await work.setField(work.bandNumber, '50');
    await work.mode('Derivative');
    await work.drawn();
    await page.keyboard.press('Control+e');
    await work.dialog.getByRole('radio', { name: 'NPY' }).click();
    await expect(work.dialog.getByLabel('Name')).toHaveValue('scene_b050_d2.npy');
    await expect(work.dialog).toContainText('240 × 320, float32');
    await expect(work.dialog).toContainText('307 kB');
    const command = await work.dialog.locator('code').innerText();
    await work.pressExport();
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('scene_b050_d2.npy');
    const file = join(out, 'downloaded.npy');
    await download.saveAs(file);
    // The command that the dialog shows writes the same.
    const words = command
      .replace(/^cubelens /, '')
      .replace('scene.dat', demo.data)
      .split(' ');
    words[words.length - 1] = join(demo.folder, 'again.npy');
    cubelens(...words);
    expect(readNpy(file).values).toEqual(readNpy(join(demo.folder, 'again.npy')).values);
    expect(readFileSync(file).equals(readFileSync(join(demo.folder, 'again.npy')))).toBe(true);
    expect(readdirSync(out)).toContain('scene_b050_d2.npy.recipe.json');
  },
);

test(
  'an ENVI cube comes as a .zip; an existing file is replaced only when asked',
  { tag: '@serve' },
  async ({ page, launcher }) => {
    const { out } = await launcher.start(page, { files: [demo.header, demo.data], open: 'scene.hdr' });
    const work = new Workbench(page);
    await work.drawn();
    const exportCube = async () => {
      await page.getByRole('button', { name: 'Export derivative cube…' }).click();
      await work.dialog.getByRole('radio', { name: 'ENVI' }).click();
      await work.dialog.getByLabel('Bands', { exact: true }).fill('45-50');
      await expect(work.dialog).toContainText('240 × 320 × 6, float32');
      await work.pressExport();
    };
    await exportCube();
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await coming).suggestedFilename()).toBe('scene_d2.zip');
    const info = JSON.parse(cubelens('info', join(out, 'scene_d2.hdr'), '--json')) as {
      bands: number;
      dataType: string;
    };
    expect(info).toMatchObject({ bands: 6, dataType: 'float32' });
    await exportCube();
    await expect(work.dialog.getByText('scene_d2.dat is there already. Replace it?')).toBeVisible();
    await work.dialog.getByRole('button', { name: 'Replace' }).click();
    await expect(page.getByText('scene_d2.dat is written').first()).toBeVisible();
  },
);

test('a spectrum is exported as a table', async ({ page, launcher }) => {
  const { out, exportAs } = await launcher.start(page, {
    files: [demo.header, demo.data],
    open: 'scene.hdr',
  });
  const dock = new SpectrumDock(page);
  await dock.work.drawn();
  await dock.pick(100, 120);
  await page.getByRole('button', { name: 'Export spectrum' }).click();
  await exportAs('spectrum.csv');
  await expect(page.getByText('spectrum.csv is written').first()).toBeVisible();
  const lines = readFileSync(join(out, 'spectrum.csv'), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(161);
});

test(
  'wrong names and bands are said before anything is written',
  { tag: '@serve' },
  async ({ page, launcher }) => {
    const { out } = await launcher.start(page, { files: [demo.header, demo.data], open: 'scene.hdr' });
    const work = new Workbench(page);
    await work.drawn();
    await page.getByRole('button', { name: 'Export this cube' }).click();
    const name = work.dialog.getByLabel('Name');
    await name.fill('a.png');
    await expect(work.dialog.getByRole('alert')).toHaveText('The name ends in .tif.');
    await name.fill('../a.tif');
    await expect(work.dialog.getByRole('alert')).toHaveText('A name has no folder in it.');
    await name.fill('a.tif');
    await work.dialog.getByLabel('Bands', { exact: true }).fill('1-900');
    await expect(work.dialog.getByRole('alert')).toHaveText('Bands go from 1 to 160.');
    await page.keyboard.press('Escape');
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  },
);

test('a cancelled export leaves no file', async ({ page, launcher }) => {
  // Large enough that a busy machine has not finished before the click.
  const files = emptyCube(1200, 1000, 200);
  const { out, exportAs } = await launcher.start(page, {
    files: [files.header, files.data],
    open: 'empty.hdr',
  });
  const work = new Workbench(page);
  await work.drawn();
  await page.getByRole('button', { name: 'Export derivative cube…' }).click();
  await expect(work.dialog).toContainText('960 MB');
  await exportAs('gone.tif');
  await page.getByRole('button', { name: 'Jobs: 1 job running' }).click();
  await work.dialog.getByRole('button', { name: 'Cancel Export gone.tif' }).click();
  await expect(page.getByText('Export gone.tif was cancelled').first()).toBeVisible();
  await expect(work.dialog).toContainText('Cancelled; nothing was written.');
  expect(readdirSync(out)).toEqual([]);
});
