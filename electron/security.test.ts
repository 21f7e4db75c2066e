import { expect, test } from 'vitest';
import { contentSecurityPolicy } from '../src/hosts/securityHeaders.ts';
import { appUrl, isAllowedOutside, isOurs, schemes, webPreferences } from './security.ts';

// The settings of safety, each by its value: a change here must be meant.

test('the page runs in a sandbox, in a world of its own, without Node', () => {
  expect(webPreferences('/preload.cjs')).toEqual({
    preload: '/preload.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
});

test('the scheme has the privileges that it needs and no other', () => {
  expect(schemes).toEqual([
    {
      scheme: 'cubelens',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
});

test('the policy has no inline, no eval, no frames and no other hosts', () => {
  expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/);
  for (const part of [
    "default-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]) {
    expect(contentSecurityPolicy).toContain(part);
  }
});

test.each([
  [appUrl, true],
  ['cubelens://app', true],
  ['cubelens://app/assets/x.js', true],
  ['cubelens://app.evil/', false],
  ['cubelens://app:80/', false],
  ['cubelens://user@app.evil/', false],
  ['cubelensx://app/', false],
  ['https://app/', false],
  ['file:///app/', false],
  ['about:blank', false],
  ['null', false],
  ['', false],
])('%s is ours: %s', (url, is) => {
  expect(isOurs(url)).toBe(is);
});

test.each([
  ['https://github.com/a', true],
  ['http://github.com/a', false],
  ['https://github.com.evil.example/', false],
  ['https://github.com:444/', false],
  ['https://evil.example/?github.com', false],
  ['javascript:alert(1)', false],
  ['file:///etc/passwd', false],
  ['nothing', false],
])('%s opens outside: %s', (url, may) => {
  expect(isAllowedOutside(url)).toBe(may);
});
