import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MaximiseAnswer } from '../../contract/maximise.ts';
import type { TaskContext } from '../../workers/task.ts';
import { TensorFlowThread } from '../../tensorflow/thread.ts';
import { ThreadPool } from '../../workers/pool.ts';
import { maximiseByTensorFlowTask, maximiseTask, type MaximiseArgs } from './tasks.ts';

const fixtures = new URL('./fixtures/', import.meta.url).pathname;

interface Ran {
  answer: MaximiseAnswer;
  svg: string | null;
  done: number;
}

const run = async (args: Partial<MaximiseArgs> & Pick<MaximiseArgs, 'request'>): Promise<Ran> => {
  let done = 0;
  const context = {
    signal: { aborted: false },
    progress: (count: number) => (done = count),
  } as unknown as TaskContext;
  const ran = await maximiseTask.run({ file: null, withSvg: false, ...args }, context);
  if ('needsTensorFlow' in ran) throw new Error('no dense network');
  return { ...ran, done };
};

const fromFile = { kind: 'file', grantId: 'g' } as const;

test('an example with its own values, and with others', async () => {
  const source = { kind: 'example', name: 'bound' } as const;
  const { answer, svg, done } = await run({ request: { source }, withSvg: true });
  expect(answer).toMatchObject({ fixed: { x: [1.5] }, free: 'y', range: [[-2, 3]], best: { point: [3] } });
  expect(svg).toContain('at-bound');
  expect(done).toBe(32);
  const other = await run({ request: { source, fix: { y: [2] }, range: [0, 5], starts: 4 } });
  expect(other.answer).toMatchObject({ fixed: { y: [2] }, free: 'x', best: { point: [5], value: 10 } });
});

test('what cannot be drawn is told before the search', async () => {
  const layers = [{ type: 'activation', name: 'f', from: 'y', activation: 'tanh' }] as const;
  const model = { inputs: [{ name: 'y', size: 3 }], layers: [...layers], output: 'f' };
  const request = { source: { kind: 'model', model } as const, starts: 10_000 };
  await expect(run({ request, withSvg: true })).rejects.toMatchObject({
    code: 'invalid-request',
    message: '"y" has 3 components; one or two can be drawn.',
  });
});

test('a model that is no dense network: a worker says so, the thread of TensorFlow answers', async () => {
  const request = { source: fromFile, fix: { x: [1, 2, 3, 4] }, starts: 4 };
  const args = {
    request,
    file: { path: join(fixtures, 'unsupported.keras'), within: fixtures },
    withSvg: true,
  };
  const worker = new URL('../../worker.ts', import.meta.url);
  const pool = new ThreadPool({ workerUrl: worker, threads: 1 });
  const tensorFlow = new TensorFlowThread(worker, pool);
  try {
    expect(await pool.run(maximiseTask, args)).toEqual({ needsTensorFlow: true });
    let done = 0;
    let judged = false;
    const onProgress = (count: number, live?: unknown): void => {
      done = count;
      judged ||= (live as { isJudging: boolean }).isJudging;
    };
    const { answer, svg } = await tensorFlow.run(maximiseByTensorFlowTask, args, { onProgress });
    expect(answer).toMatchObject({ free: 'y', arithmetic: { precision: 'float32' } });
    expect(answer.best.verdict).toBe('at-bound');
    expect(svg).toContain('at-bound');
    expect([done, judged]).toEqual([4, true]);
    const controller = new AbortController();
    const many = { ...args, request: { ...request, starts: 10_000 } };
    const run = tensorFlow.run(maximiseByTensorFlowTask, many, { signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 300);
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  } finally {
    await tensorFlow.close();
    await pool.close();
  }
});

test('a model with its weights beside it; weights that a link takes elsewhere are refused', async () => {
  const request = { source: fromFile, fix: { x: [0.5] }, starts: 4 };
  const path = join(fixtures, 'relu-tfjs', 'model.json');
  const { answer } = await run({ request, file: { path, within: fixtures } });
  expect(answer.best.point).toHaveLength(2);

  const folder = await mkdtemp(join(tmpdir(), 'maximise-'));
  try {
    await cp(path, join(folder, 'model.json'));
    const file = { path: join(folder, 'model.json'), within: folder };
    await expect(run({ request, file })).rejects.toMatchObject({ code: 'not-found' });
    await symlink(join(fixtures, 'relu-tfjs', 'group1-shard1of2.bin'), join(folder, 'group1-shard1of2.bin'));
    await expect(run({ request, file })).rejects.toMatchObject({ code: 'access-denied' });
    await writeFile(join(folder, 'text.json'), 'no model');
    const text = { path: join(folder, 'text.json'), within: folder };
    await expect(run({ request, file: text })).rejects.toMatchObject({ code: 'unsupported-format' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
