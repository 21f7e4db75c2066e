import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, it, vi } from 'vitest';
import type { JobSnapshot } from '../src/engine/contract/jobs.ts';
import { vaeFiles } from '../src/engine/contract/vae.ts';
import { TestEngine } from './testEngine.ts';

process.env['CUBELENS_TENSORFLOW_BACKEND'] = 'wasm';
const test = new TestEngine();
afterAll(() => test.close());

/** Starts a training in a folder of its own name: its files begin with that. */
async function train(name: string): Promise<string> {
  const { grants } = test.engine;
  const write = (file: string): string => grants.grantWrite(test.at(`${name}-${file}`)).grantId;
  const { jobId } = await test.start('vae-train', {
    source: { kind: 'file', grantId: grants.grantRead(test.at('spectra.csv')).grantId },
    config: { latent: 2, epochs: 30, batch: 16, patience: 0 },
    files: Object.fromEntries(Object.entries(vaeFiles).map(([part, file]) => [part, write(file)])),
  });
  return jobId;
}

const job = async (jobId: string): Promise<JobSnapshot> =>
  (await (await test.fetch(`/jobs/${jobId}`)).json()) as JobSnapshot;

it('a training that was paused equals, to the bit, one that was not', async () => {
  const rows = Array.from({ length: 400 }, (_, row) =>
    Array.from({ length: 30 }, (__, k) => (Math.sin(row * 0.7 + (k * (row % 3)) / 5) + k / 9).toFixed(4)),
  );
  const heading = Array.from({ length: 30 }, (_, k) => `b${k}`);
  writeFileSync(test.at('spectra.csv'), `${[heading, ...rows].map((row) => row.join(',')).join('\n')}\n`);

  const paused = await train('paused');
  await vi.waitFor(async () => expect((await job(paused)).done).toBeGreaterThan(2), {
    timeout: 60_000,
    interval: 5,
  });
  await test.post(`/jobs/${paused}/pause`, {});
  await vi.waitFor(async () => expect(await job(paused)).toMatchObject({ paused: true, stage: 'Paused' }), {
    timeout: 10_000,
  });
  const { done } = await job(paused);
  // The thread is free meanwhile: another training runs to its end.
  const whole = await train('whole');
  await vi.waitFor(async () => expect((await job(whole)).state).toBe('done'), { timeout: 60_000 });
  expect(await job(paused)).toMatchObject({ state: 'running', done });
  await test.post(`/jobs/${paused}/resume`, {});
  await vi.waitFor(async () => expect((await job(paused)).state).toBe('done'), { timeout: 60_000 });
  for (const file of ['vae.bin', 'vae.json']) {
    expect(readFileSync(test.at(`paused-${file}`)).equals(readFileSync(test.at(`whole-${file}`)))).toBe(true);
  }
}, 120_000);
