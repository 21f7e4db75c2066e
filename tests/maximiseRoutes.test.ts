import { afterAll, expect, it } from 'vitest';
import type { MaximiseAnswer } from '../src/engine/contract/maximise.ts';
import { createEngine } from '../src/engine/engine.ts';

const engine = createEngine({
  workerUrl: new URL('../src/engine/worker.ts', import.meta.url),
  threads: 1,
  host: { kind: 'test', capabilities: [] },
});
afterAll(() => engine.close());

const fixtures = new URL('../src/engine/learning/maximise/fixtures/', import.meta.url).pathname;

async function asked(file: string, fix: Record<string, number[]>): Promise<MaximiseAnswer> {
  const { grantId } = engine.grants.grantRead(`${fixtures}${file}`);
  const response = await engine.fetch(
    new Request('http://engine/api/maximise', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source: { kind: 'file', grantId }, fix, starts: 2 }),
    }),
  );
  return (await response.json()) as MaximiseAnswer;
}

it('a dense network is answered in float64, another model by TensorFlow', async () => {
  const dense = await asked('tanh.keras', { x: [0.1, 0.2] });
  expect(dense.arithmetic).toEqual({ precision: 'float64', by: 'Cubelens' });
  const { arithmetic, best } = await asked('unsupported.keras', { x: [1, 2, 3, 4] });
  expect(arithmetic).toMatchObject({
    precision: 'float32',
    by: expect.stringMatching(/^TensorFlow /) as string,
  });
  expect(best.verdict).toBe('at-bound');
});
