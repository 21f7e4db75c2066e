import { stderr } from 'node:process';
import { afterEach, expect, it, vi } from 'vitest';
import { logInternal } from './debugLog.ts';
import { CubelensError } from './errors.ts';

function printed(error: CubelensError): string {
  const write = vi.spyOn(stderr, 'write').mockReturnValue(true);
  logInternal(error);
  return write.mock.calls.map(([text]) => String(text)).join('');
}
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const internal = new CubelensError('internal', 'Broken.', {}, new TypeError('the real reason'));

it('prints stack and cause of an internal error', () => {
  vi.stubEnv('CUBELENS_LOG', 'debug');
  const text = printed(internal);
  expect(text).toMatch(/Broken\.\n +at .*debugLog\.test\.ts/);
  expect(text).toMatch(/\[cause\]: TypeError: the real reason\n +at .*debugLog\.test\.ts/);
});

it('prints nothing of other errors, and nothing unless asked', () => {
  expect(printed(internal)).toBe('');
  vi.stubEnv('CUBELENS_LOG', 'debug');
  expect(printed(new CubelensError('malformed-file', 'Wrong.'))).toBe('');
});
