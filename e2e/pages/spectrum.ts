import { expect, type Locator, type Page } from '@playwright/test';
import { Workbench } from './workbench.ts';

/** One band's numbers in full precision; NaN where there is none. */
export interface NumbersRow {
  band: number;
  stored: number;
  value: number;
  smoothed: number;
  derivative: number;
}

/** The spectrum of the picked pixel, below the picture. */
export class SpectrumDock {
  readonly page: Page;
  readonly work: Workbench;
  readonly dock: Locator;
  readonly table: Locator;
  readonly bandLine: Locator;

  constructor(page: Page) {
    this.page = page;
    this.work = new Workbench(page);
    this.dock = page.getByRole('region', { name: 'Spectra' });
    this.table = page.getByRole('table');
    this.bandLine = this.dock.getByRole('slider', { name: /and$/ });
  }

  /** Picks a pixel with the keyboard, from the middle of the picture on. */
  async pick(line: number, sample: number): Promise<void> {
    const { view, readout } = this.work;
    await view.focus();
    // The first key picks the pixel in the middle.
    if (!(await readout.innerText()).includes('Line')) await this.page.keyboard.press('ArrowRight');
    await expect(readout).toContainText('Line');
    const text = await readout.innerText();
    const [, at = '0', beside = '0'] = /Line (\d+)\D+(\d+)/.exec(text) ?? [];
    await this.#step(line - Number(at), 'ArrowDown', 'ArrowUp');
    await this.#step(sample - Number(beside), 'ArrowRight', 'ArrowLeft');
    await expect(readout).toContainText(`Line ${line}`);
    await expect(readout).toContainText(`Sample ${sample}`);
    await this.settled();
  }

  /** Waits until the curves are those of what is set now. */
  async settled(): Promise<void> {
    await expect(this.dock).toHaveAttribute('aria-busy', 'false');
  }

  async numbers(): Promise<void> {
    await this.dock.getByRole('tab', { name: 'Numbers' }).click();
    await expect(this.table).toBeVisible();
  }

  /** The table's rows as they are copied: full precision. The page needs the clipboard's permissions. */
  async copied(): Promise<NumbersRow[]> {
    await this.dock.getByRole('button', { name: 'Copy the numbers' }).click();
    await expect(this.page.getByText('Numbers copied').last()).toBeVisible();
    const text = await this.page.evaluate(() => navigator.clipboard.readText());
    const [head = '', ...rows] = text.trimEnd().split('\n');
    const names = head.split('\t');
    const column = (pattern: RegExp): number => names.findIndex((name) => pattern.test(name));
    const [stored, value, smoothed] = [column(/^Stored/), column(/^Value/), column(/^Smoothed/)];
    const derivative = smoothed + 1;
    return rows.map((row) => {
      const cells = row.split('\t');
      const number = (at: number): number =>
        cells[at] === '' || cells[at] === undefined ? NaN : Number(cells[at]);
      return {
        band: number(0),
        stored: number(stored),
        value: number(value),
        smoothed: number(smoothed),
        derivative: number(derivative),
      };
    });
  }

  async #step(by: number, forward: string, back: string): Promise<void> {
    const key = by < 0 ? back : forward;
    const size = Math.abs(by);
    for (let tens = 0; tens < Math.floor(size / 10); tens++) await this.page.keyboard.press(`Shift+${key}`);
    for (let ones = 0; ones < size % 10; ones++) await this.page.keyboard.press(key);
  }
}
