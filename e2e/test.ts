import { expect, test as base } from '@playwright/test';
import { DesktopLauncher } from './desktopLauncher.ts';
import type { Launcher } from './launcher.ts';
import { ServeLauncher } from './serveLauncher.ts';

/** Which host the specs of a project run on. */
export interface HostOption {
  host: 'serve' | 'desktop';
}

interface Fixtures extends HostOption {
  launcher: Launcher;
  /** Answers that this spec provokes and the console may speak of. */
  allowed: Allowed[];
}

/** An answer by its address and status. */
export interface Allowed {
  url: RegExp;
  status: number;
}

/** The test of all specs: starts hosts, ends them, and fails on any console error that the spec has not named. */
export const test = base.extend<Fixtures>({
  // Playwright reads what a fixture needs from its first parameter.
  allowed: async ({}, use) => {
    await use([]);
  },
  host: ['serve', { option: true }],
  launcher: async ({ host }, use) => {
    const launcher = host === 'serve' ? new ServeLauncher() : new DesktopLauncher();
    await use(launcher);
    await launcher.close();
  },
  // The host ends after the page was looked at: its going is no fault of the page.
  page: async ({ page, launcher: _, allowed }, use) => {
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      const { url } = message.location();
      const status = Number(/status of (\d+)/.exec(message.text())?.[1] ?? NaN);
      const isNetwork = /net::ERR_/.test(message.text());
      const isAllowed = allowed.some(
        (one) => one.url.test(url) && (one.status === status || (one.status === 0 && isNetwork)),
      );
      if (!isAllowed) troubles.push(`${message.type()}: ${message.text()} (${url})`);
    });
    await use(page);
    expect(troubles, 'the console has nothing to complain about').toEqual([]);
  },
});

export { expect };
