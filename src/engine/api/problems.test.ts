import { stderr } from 'node:process';
import { afterEach, expect, it, vi } from 'vitest';
import { problemResponse } from './problems.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('an answer never holds a stack; the log has it where that is asked for', async () => {
  vi.stubEnv('CUBELENS_LOG', 'debug');
  const write = vi.spyOn(stderr, 'write').mockReturnValue(true);
  const response = problemResponse(new TypeError('a bug'));
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    type: 'urn:cubelens:error:internal',
    title: 'internal',
    status: 500,
    detail: 'a bug',
    code: 'internal',
    message: 'a bug',
  });
  expect(write.mock.calls).toEqual([[expect.stringMatching(/a bug\n +at .*problems\.test\.ts/)]]);
});
