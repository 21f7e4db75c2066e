import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Cubes } from '../src/engine/cube/cubes.ts';
import { Grants } from '../src/engine/io/grants.ts';
import { trainClassifier } from '../src/engine/learning/classifier/train.ts';
import { tableOfCube } from '../src/engine/learning/data/tableOfCube.ts';
import { loadBackend } from '../src/engine/tensorflow/loadTensorFlow.ts';
import { ThreadPool } from '../src/engine/workers/pool.ts';
import { realData } from './testEngine.ts';

const scene = path.join(realData, 'jasper_ridge/jasper_ridge_aviris.hdr');
const classMap = path.join(realData, 'jasper_ridge/jasper_ridge_classes.hdr');

const pool = new ThreadPool({ workerUrl: new URL('../src/engine/worker.ts', import.meta.url), threads: 2 });
afterAll(() => pool.close());

describe.skipIf(!existsSync(scene))('a classifier of Jasper Ridge', () => {
  it('tells nine of ten pixels of held-out blocks, and by shuffled classes only what chance tells', async () => {
    const cubes = new Cubes(pool, 0);
    const open = (file: string): ReturnType<Cubes['open']> =>
      cubes.open(new Grants().grantRead(file), {}, 'me');
    const [cube, map] = [await open(scene), await open(classMap)];
    const table = await tableOfCube({ pool, cubes, cube, classMap: { cube: map }, seed: 1 });
    expect(table).toMatchObject({ rows: 10_000, columns: 198 });
    expect(table.classes?.names).toEqual(['Tree', 'Water', 'Dirt', 'Road']);
    const { tf } = await loadBackend('wasm');
    const { answer } = await trainClassifier({ tf, table, config: { epochs: 10 } });
    expect(answer.accuracy).toBeGreaterThan(0.9);
    expect(answer.balancedAccuracy).toBeGreaterThan(0.9);
    const { ofRow = new Int32Array(), names = [] } = table.classes ?? {};
    // Each pixel gets the class of another: what is still told is told by no spectrum.
    const shuffled = ofRow.map((_, row) => ofRow[(row * 3571 + 17) % ofRow.length] ?? -1);
    const chance = await trainClassifier({
      tf,
      table: { ...table, classes: { ofRow: shuffled, names } },
      config: { epochs: 3 },
    });
    expect(chance.answer.balancedAccuracy).toBeLessThan(0.4);
  });
});
