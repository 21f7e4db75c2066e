import { basename, dirname, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { demoFiles, realFiles } from '../files.ts';
import { SpectrumDock, type NumbersRow } from '../pages/spectrum.ts';
import { expect, test } from '../test.ts';

/** Spectra by SciPy and NumPy: fixtures/makeSpectra.py. */
interface Reference {
  name: string;
  file: string;
  line: number;
  sample: number;
  window: number;
  degree: number;
  derivative: number;
  stored: number[];
  values: (number | null)[];
  smoothed: (number | null)[];
  derivativeValues: (number | null)[];
}

const references = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/spectra.json'), 'utf8'),
) as Reference[];
const demo = demoFiles();

function filesOf({ file }: Reference): string[] | null {
  if (file === 'scene.hdr') return [demo.header, demo.data];
  const names = file.endsWith('.hdr') ? [file, file.replace(/\.hdr$/, '.img')] : [file];
  return realFiles(...names);
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** Largest difference, relative to the largest number. Where one has no value the other must have none either. */
function difference(found: readonly number[], wanted: readonly (number | null)[]): number {
  expect(found).toHaveLength(wanted.length);
  const largest = Math.max(...wanted.map((value) => Math.abs(value ?? 0)));
  let worst = 0;
  wanted.forEach((value, at) => {
    if (value === null) expect(found[at], `band ${at + 1} has no value`).toBeNaN();
    else worst = Math.max(worst, Math.abs((found[at] ?? NaN) - value) / largest);
  });
  return worst;
}

for (const reference of references) {
  test(`a pixel's numbers are those of SciPy and NumPy: ${reference.name}`, async ({
    page,
    launcher,
    context,
  }) => {
    const files = filesOf(reference);
    test.skip(files === null, `${dirname(reference.file)} is not here`);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await launcher.start(page, { files: files ?? [], open: basename(reference.file) });
    const dock = new SpectrumDock(page);
    await dock.work.drawn();
    await dock.pick(reference.line, reference.sample);
    await dock.numbers();
    // From the default filter to the one of the reference: the curves follow.
    const { window, degree, derivative } = reference;
    await dock.work.setField(page.getByRole('spinbutton', { name: 'Window in bands' }), String(window));
    await dock.work.setField(
      page.getByRole('spinbutton', { name: 'Degree of the polynomial' }),
      String(degree),
    );
    await page
      .getByRole('radiogroup', { name: 'Derivative' })
      .getByRole('radio', { name: String(derivative) })
      .click();
    await dock.settled();
    await expect(dock.table.getByRole('row')).toHaveCount(reference.values.length + 1);
    const rows = await dock.copied();
    const column = (name: keyof NumbersRow): number[] => rows.map((row) => row[name]);
    expect(column('stored')).toEqual(reference.stored);
    const good = reference.smoothed.map((value) => value !== null);
    const values = reference.values.map((value, at) =>
      good[at] === true ? value : finite(column('value')[at]),
    );
    expect(difference(column('value'), values)).toBeLessThan(1e-11);
    expect(difference(column('smoothed'), reference.smoothed)).toBeLessThan(1e-10);
    expect(difference(column('derivative'), reference.derivativeValues)).toBeLessThan(1e-8);
    // What a person reads is the same, rounded.
    const at = reference.smoothed.findIndex((value) => value !== null);
    const cells = await dock.table
      .getByRole('row')
      .nth(at + 1)
      .getByRole('cell')
      .allInnerTexts();
    const shown = cells.map((text) => Number(text.replace('−', '-')));
    expect(shown).toContain(reference.stored[at]);
    expect(
      shown.some((value) => Math.abs(value - (reference.smoothed[at] ?? NaN)) < 1e-3 * Math.abs(value)),
    ).toBe(true);
  });
}

test('a click picks the pixel, its curves come, and a click in them sets the band', async ({
  page,
  launcher,
}) => {
  await launcher.start(page, { files: [demo.header, demo.data], open: 'scene.hdr' });
  const dock = new SpectrumDock(page);
  const { work } = dock;
  await work.drawn();
  await expect(dock.dock.getByText('Click a pixel to see its spectrum.')).toBeVisible();
  const box = await work.view.boundingBox();
  if (box === null) throw new Error('There is no view.');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await dock.settled();
  const picture = dock.dock.getByRole('img').first();
  await expect(picture).toHaveAttribute('aria-label', /line 1\d\d, sample 1\d\d/i);
  const before = await work.bandNumber.inputValue();
  const area = await picture.boundingBox();
  if (area === null) throw new Error('There is no plot.');
  await page.mouse.click(area.x + area.width * 0.75, area.y + area.height * 0.3);
  await expect(work.bandNumber).not.toHaveValue(before);
  // The legend has the numbers under the pointer.
  await page.mouse.move(area.x + area.width * 0.3, area.y + area.height * 0.3);
  await expect(dock.dock.getByRole('group', { name: 'Legend' })).toContainText('Under the pointer');
  // The band's line moves by keys.
  const now = Number(await work.bandNumber.inputValue());
  await dock.bandLine.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(work.bandNumber).toHaveValue(String(now - 1));
  await page.keyboard.press('Home');
  await expect(work.bandNumber).toHaveValue('1');
});

test(
  'the whole job by keyboard: open, band, pixel, numbers, filter',
  { tag: '@serve' },
  async ({ page, launcher }) => {
    await launcher.start(page, { files: [demo.header, demo.data] });
    const dock = new SpectrumDock(page);
    const { work } = dock;
    await work.openByKeys('scene.hdr');
    await work.drawn();
    await page.keyboard.press('b');
    await expect(work.bandNumber).toBeFocused();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('60');
    await page.keyboard.press('Enter');
    await expect(work.bandNumber).toHaveValue('60');
    // F6 walks the parts of the window until the picture has the focus.
    for (
      let step = 0;
      step < 8 && !(await work.view.evaluate((view) => view === document.activeElement));
      step++
    ) {
      await page.keyboard.press('F6');
    }
    await expect(work.view).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await dock.settled();
    await page.keyboard.press('n');
    await expect(dock.table).toBeVisible();
    await expect(dock.table.locator('[aria-current]')).toContainText('60');
    await page.keyboard.press('.');
    await expect(page.getByRole('spinbutton', { name: 'Window in bands' })).toHaveValue('13');
    await page.keyboard.press('4');
    await work.drawn();
    await expect(work.modes.getByRole('radio', { name: 'Derivative' })).toBeChecked();
  },
);

test('a pixel without data says so; a limit beyond the other one moves it along', async ({
  page,
  launcher,
}) => {
  await launcher.start(page, { files: [demo.header, demo.data], open: 'scene.hdr' });
  const dock = new SpectrumDock(page);
  await dock.work.drawn();
  const words = dock.dock.getByText('has no data in any band');
  // The demo scene's corner.
  await dock.pick(0, 319);
  await expect(words).toBeVisible();
  await dock.pick(40, 100);
  await expect(words).toBeHidden();
  const [lower, upper] = [
    page.getByRole('spinbutton', { name: 'Lower limit' }),
    page.getByRole('spinbutton', { name: 'Upper limit' }),
  ];
  await dock.work.setField(lower, '0');
  await dock.work.setField(upper, '2');
  await dock.work.setField(lower, '5');
  await expect(upper).toHaveValue('7');
  await dock.work.setField(upper, '1');
  await expect(lower).toHaveValue('−1');
});

test('pins keep the spectra of pixels beside that of the picked one', async ({ page, launcher, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await launcher.start(page, { files: [demo.header, demo.data], open: 'scene.hdr' });
  const dock = new SpectrumDock(page);
  const { work } = dock;
  await work.drawn();
  const pinButton = page.getByRole('button', { name: 'Pin this pixel' });
  await expect(pinButton).toBeDisabled();
  await dock.pick(40, 100);
  await pinButton.click();
  await dock.pick(120, 60);
  await page.keyboard.press('p');
  await dock.pick(200, 250);
  await dock.settled();
  const pins = page.getByRole('list', { name: 'Pins' });
  await expect(pins.getByRole('listitem')).toHaveText([/1 · Line 40, sample 100/, /2 · Line 120, sample 60/]);
  const legend = dock.dock.getByRole('group', { name: 'Legend' });
  await expect(legend).toContainText('1 · 40, 100');
  await expect(legend).toContainText('2 · 120, 60');
  await expect(dock.dock.getByRole('img').first()).toHaveAttribute(
    'aria-label',
    /Pins: 1 \(40, 100\), 2 \(120, 60\)\./,
  );
  // A pin's number at the current band is the smoothed one of that pixel.
  const band = Number(await work.bandNumber.inputValue());
  const shown = await legend.getByRole('listitem').filter({ hasText: '1 · 40, 100' }).innerText();
  await pins.getByRole('button', { name: /Line 40, sample 100/ }).click();
  await dock.settled();
  await expect(work.readout).toContainText('Line 40');
  await dock.numbers();
  const row = (await dock.copied())[band - 1];
  expect(Number(shown.trim().split(/\s+/).at(-1)?.replace('−', '-'))).toBeCloseTo(row?.smoothed ?? NaN, 3);
  // On a pinned pixel the same key takes the pin away; undo brings it back.
  await work.view.focus();
  await page.keyboard.press('p');
  await expect(pins.getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(pins.getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: 'Remove pin 2' }).click();
  await expect(pins.getByRole('button', { name: /Line 40/ })).toBeFocused();
  await page.getByRole('button', { name: 'Remove all pins' }).click();
  await expect(pins).toHaveCount(0);
  await expect(work.view).toBeFocused();
});

test('a number that was wrong is in use once another field makes it right', async ({ page, launcher }) => {
  await launcher.start(page, { files: [demo.header, demo.data], open: 'scene.hdr' });
  const { work } = new SpectrumDock(page);
  await work.drawn();
  const [size, degree] = [
    page.getByRole('spinbutton', { name: 'Window in bands' }),
    page.getByRole('spinbutton', { name: 'Degree of the polynomial' }),
  ];
  await work.setField(size, '5');
  await work.setField(degree, '6');
  await expect(degree).toHaveAttribute('aria-invalid', 'true');
  await expect(degree).toHaveAttribute('aria-valuenow', '2');
  await work.setField(size, '9');
  await expect(degree).not.toHaveAttribute('aria-invalid');
  await expect(degree).toHaveAttribute('aria-valuenow', '6');
  await expect(degree).toHaveValue('6');
});
