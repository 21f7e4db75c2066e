import { expect, type Locator, type Page } from '@playwright/test';

/** The window with a cube in it. */
export class Workbench {
  readonly page: Page;
  readonly view: Locator;
  readonly metadata: Locator;
  readonly readout: Locator;
  readonly bandNumber: Locator;
  readonly wavelength: Locator;
  readonly modes: Locator;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.view = page.getByRole('application');
    this.metadata = page.getByRole('region', { name: 'Metadata' });
    this.readout = page.getByRole('group', { name: 'Under the pointer' });
    this.bandNumber = page.getByLabel(/^Band number, 1 to/);
    this.wavelength = page.getByLabel('Wavelength in nanometres');
    this.modes = page.getByRole('radiogroup', { name: 'Image mode' });
    this.dialog = page.getByRole('dialog');
  }

  /** Opens a file through the dialog, with the keyboard alone. */
  async openByKeys(name: string): Promise<void> {
    await this.page.keyboard.press('Control+o');
    await expect(this.dialog.getByRole('combobox')).toBeFocused();
    await this.page.keyboard.type(name);
    await expect(this.dialog.getByRole('option', { name })).toHaveAttribute('aria-selected', 'true');
    await this.page.keyboard.press('Enter');
    await expect(this.dialog).toHaveCount(0);
  }

  /** Presses Export in the dialog of that name. */
  async pressExport(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Export', exact: true }).click();
  }

  async openDemo(): Promise<void> {
    await this.page.getByRole('button', { name: 'Try the demo scene' }).click();
    await expect(this.page.getByText('240 × 320 × 160').first()).toBeVisible();
  }

  async mode(name: 'Band' | 'RGB' | 'Smoothed' | 'Derivative'): Promise<void> {
    await this.modes.getByRole('radio', { name, exact: true }).click();
  }

  async setField(field: Locator, text: string): Promise<void> {
    await field.fill(text);
    await field.press('Enter');
  }

  /** Chooses in one of the panel's selects. */
  async choose(select: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: select }).click();
    await this.page.getByRole('listbox').getByRole('option', { name: option }).click();
  }

  /** Waits until the picture of what is set now is on the screen in full. */
  async drawn(): Promise<void> {
    await expect(this.view).toHaveAttribute('data-drawn', 'true');
  }
}
