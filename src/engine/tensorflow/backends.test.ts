import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { testFolder } from '../io/testFolder.ts';
import type { TensorFlowFacts } from '../contract/tensorflow.ts';
import { tensorFlowFactsTask } from './tasks.ts';
import { TensorFlowThread } from './thread.ts';

const workerUrl = new URL('../worker.ts', import.meta.url);
const folder = testFolder();
afterAll(() => folder.remove());

/** What a process of its own loads with this environment. */
async function factsWith(environment: Record<string, string>): Promise<TensorFlowFacts> {
  const program = `
    const { tensorFlowFactsTask } = await import(${JSON.stringify(new URL('tasks.ts', import.meta.url).href)});
    console.log(JSON.stringify(await tensorFlowFactsTask.run({}, {})));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ...environment },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as TensorFlowFacts;
}

describe('TensorFlow', () => {
  it('computes alike on every backend that can be had, and leaves no tensors', async () => {
    const thread = new TensorFlowThread(workerUrl);
    try {
      const checks = await thread.check();
      expect(checks.map(({ backend }) => backend)).toEqual(['native', 'wasm', 'cpu']);
      const [native, ...others] = checks;
      for (const check of others) expect(check).toMatchObject({ available: true, failed: [] });
      // Where it is not set up, it says so.
      if (native?.available === false) expect(native.failed).toHaveLength(1);
      else expect(native?.failed).toEqual([]);
      for (const { worst, available } of checks) if (available) expect(worst).toBeLessThan(2e-5);
    } finally {
      await thread.close();
    }
  });

  it('runs in one thread, which ends without harm, with a reason for its backend', async () => {
    const thread = new TensorFlowThread(workerUrl);
    const facts = await thread.run(tensorFlowFactsTask, {});
    expect(facts.version).toMatch(/^\d+\.\d+/);
    expect(facts.reason).not.toBe('');
    expect(await thread.run(tensorFlowFactsTask, {})).toEqual(facts);
    await thread.close();
  });

  it('goes on with WebAssembly where the native library is not set up or broken, and says why', async () => {
    const empty = path.join(folder.path, 'empty');
    mkdirSync(empty);
    const none = await factsWith({ CUBELENS_TENSORFLOW: empty });
    expect(none).toMatchObject({ backend: 'wasm', reason: expect.stringContaining('setup:tensorflow') });
    const broken = path.join(folder.path, 'broken');
    mkdirSync(path.join(broken, 'lib/napi-v8'), { recursive: true });
    writeFileSync(path.join(broken, 'package.json'), '{"name":"broken","main":"index.js"}');
    writeFileSync(path.join(broken, 'lib/napi-v8/tfjs_binding.node'), 'no library');
    expect(await factsWith({ CUBELENS_TENSORFLOW: broken })).toMatchObject({
      backend: 'wasm',
      reason: expect.stringMatching(/^no native: /),
    });
  });

  it('takes the backend that is asked for, or says that there is none of that name', async () => {
    expect(await factsWith({ CUBELENS_TENSORFLOW_BACKEND: 'cpu' })).toMatchObject({ backend: 'cpu' });
    expect(await factsWith({ CUBELENS_TENSORFLOW_BACKEND: 'cuda' })).toMatchObject({
      backend: null,
      reason: 'CUBELENS_TENSORFLOW_BACKEND is cuda.',
    });
  });
});
