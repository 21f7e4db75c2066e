import { expect, test } from 'vitest';
import { browserCommand } from './openInBrowser.ts';

test('a browser is opened where there is a screen', () => {
  expect(browserCommand('http://a/', 'linux', {})).toBeNull();
  expect(browserCommand('http://a/', 'linux', { DISPLAY: ':0' })).toEqual(['xdg-open', 'http://a/']);
  expect(browserCommand('http://a/', 'linux', { WAYLAND_DISPLAY: 'wayland-0' })?.[0]).toBe('xdg-open');
  expect(browserCommand('http://a/', 'darwin', {})).toEqual(['open', 'http://a/']);
  // `start` would take the & of an address for a command's end.
  expect(browserCommand('http://a/?b&c', 'win32', {})).toEqual([
    'rundll32',
    'url.dll,FileProtocolHandler',
    'http://a/?b&c',
  ]);
});
