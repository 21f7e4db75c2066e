import type { Locator, Page } from '@playwright/test';

/** What the window shows before anything is open. */
export class FirstPage {
  readonly openDemo: Locator;
  readonly metadata: Locator;

  constructor(page: Page) {
    this.openDemo = page.getByRole('button', { name: 'Open the demo scene' });
    this.metadata = page.getByLabel('Metadata');
  }
}
