import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageStatistics } from '../src/engine/contract/statistics.ts';
import type { Registries } from '../src/engine/engine.ts';
import { writeEnvi } from './testCubes.ts';
import { answerOf, refusalOf, root, TestEngine } from './testEngine.ts';

// A room's own kinds, written into a temporary folder as a room would write them: nothing of the engine names them.

const folder = mkdtempSync(join(tmpdir(), 'cubelens-room-'));
const engineUrl = (file: string): string => pathToFileURL(join(root, 'src/engine', file)).href;

const room = `
import { z } from '${pathToFileURL(join(root, 'node_modules/zod/index.js')).href}';
import { readValues } from '${engineUrl('cube/read.ts')}';
import { defineImageTask } from '${engineUrl('products/tasks.ts')}';
import { writeText } from '${engineUrl('exports/sidecars.ts')}';

export const ratioTask = defineImageTask('ratio', async (cube, { upperIndex, lowerIndex }, window, reading) => {
  const values = await readValues(cube, window, [upperIndex, lowerIndex], reading);
  const pixels = window.lines * window.samples;
  return Float32Array.from({ length: pixels }, (_, i) => values[i] / values[pixels + i]);
});

export const ratio = {
  kind: 'ratio',
  schema: z.strictObject({ upperIndex: z.int(), lowerIndex: z.int().optional() }),
  complete: (cube, { upperIndex, lowerIndex = cube.bands - 1 }) => ({ upperIndex, lowerIndex }),
  plan: (cube, { upperIndex, lowerIndex }) => ({
    dataType: 'float32',
    holds: 'values',
    diverging: false,
    planes: [{
      label: 'the ratio',
      record: { ...cube.description.bandRecords[upperIndex], name: 'ratio', scale: null, offset: null, noData: NaN },
    }],
    needed: [upperIndex, lowerIndex],
  }),
  task: ratioTask,
};

export const sizes = {
  kind: 'sizes',
  schema: z.strictObject({ words: z.string().default('lines x samples') }),
  complete: (_cube, asked) => asked,
  targets: (_parameters, path) => [path],
  write: async (run) => {
    const { lines, samples } = run.cube.description;
    const file = await writeText(run, run.path, run.parameters.words + ': ' + lines + ' x ' + samples);
    return { files: [file], warnings: [] };
  },
};

export const waiting = (done) => ({
  kind: 'waiting',
  schema: z.strictObject({ words: z.string() }),
  plan: ({ words }) => ({ title: 'Wait', run: async () => ({ words: words + done }) }),
});
`;
const worker = `
import { engineTasks } from '${engineUrl('tasks.ts')}';
import { serveTasks } from '${engineUrl('workers/serveTasks.ts')}';
import { ratioTask } from './room.ts';
serveTasks([...engineTasks, ratioTask]);
`;

let host: TestEngine;
let cubeId = '';

beforeAll(async () => {
  // Node takes types out of sources inside a package of modules only.
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'room.ts'), room);
  writeFileSync(join(folder, 'worker.ts'), worker);
  const kinds = (await import(pathToFileURL(join(folder, 'room.ts')).href)) as {
    ratio: Parameters<Registries['imageKinds']['add']>[0];
    sizes: Parameters<Registries['exportKinds']['add']>[0];
    waiting: (done: string) => Parameters<Registries['jobKinds']['add']>[0];
  };
  host = new TestEngine(2, {
    workerUrl: pathToFileURL(join(folder, 'worker.ts')),
    register: ({ imageKinds, exportKinds, jobKinds }) => {
      imageKinds.add(kinds.ratio);
      exportKinds.add(kinds.sizes);
      jobKinds.add(kinds.waiting(' over'));
    },
  });
  writeEnvi(host.folder, 'source', {
    lines: 300,
    samples: 20,
    bands: 3,
    dataType: 'uint16',
    stored: (line, sample, band) => (band === 2 ? 4 : line + sample * (band + 1)),
  });
  ({ cubeId } = await host.open('source.img'));
});

afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Band `upperIndex` over the last band. */
const wanted = (line: number, sample: number, upperIndex = 1): number =>
  (line + sample * (upperIndex + 1)) / 4;
const image = { kind: 'ratio', parameters: { upperIndex: 1 } };

describe('a kind of image that only its room knows', () => {
  it('has tiles of every level', async () => {
    const query = encodeURIComponent(JSON.stringify(image));
    const fetchTile = async (address: string): Promise<Float32Array> => {
      const response = await host.fetch(`/cubes/${cubeId}/tiles/${address}?exact&image=${query}`);
      expect(response.headers.get('cubelens-data-type')).toBe('float32');
      return new Float32Array(await response.arrayBuffer());
    };
    const below = await fetchTile('0/1/0');
    expect(below).toHaveLength(44 * 20);
    expect([below[0], below[21]]).toEqual([wanted(256, 0), wanted(257, 1)]);
    const coarse = await fetchTile('1/0/0');
    const four = [wanted(0, 0), wanted(0, 1), wanted(1, 0), wanted(1, 1)];
    expect(coarse[0]).toBe(four.reduce((sum, value) => sum + value, 0) / 4);
  });

  it('has statistics', async () => {
    const { planes } = await host.job<ImageStatistics>('image-statistics', { cubeId, image });
    expect(planes).toMatchObject([{ count: 6000, min: 0, max: wanted(299, 19) }]);
  });

  it('is exported in every format, and replayed to the byte', async () => {
    for (const format of ['geotiff', 'envi', 'npy', 'png'] as const) {
      const name = `ratio.${{ geotiff: 'tif', envi: 'dat', npy: 'npy', png: 'png' }[format]}`;
      await host.export('image', cubeId, name, { format, image });
      const recipe = JSON.parse(readFileSync(host.at(`${name}.recipe.json`), 'utf8')) as {
        parameters: { image: unknown };
      };
      // What was left open stands in the recipe.
      expect(recipe.parameters.image).toEqual({
        kind: 'ratio',
        parameters: { upperIndex: 1, lowerIndex: 2 },
      });
      const bytes = readFileSync(host.at(name));
      await host.replay(`${name}.recipe.json`, `again_${name}`);
      expect(readFileSync(host.at(`again_${name}`)).equals(bytes)).toBe(true);
    }
    const back = await host.open('ratio.tif');
    expect(back.info).toMatchObject({ bands: 1, bandNames: ['ratio'], noDataValue: 'NaN' });
    const { pixels } = await host.tile(back.cubeId, { image: 'stored', bands: 0 });
    expect(pixels[21]).toBe(wanted(1, 1));
  });

  it('checks its own parameters', async () => {
    const wrong = { kind: 'ratio', parameters: { upperIndex: 'red' } };
    expect(await refusalOf(host.job('image-statistics', { cubeId, image: wrong }))).toMatchObject({
      code: 'invalid-request',
      field: 'image.parameters.upperIndex',
    });
    const unknown = { kind: 'difference', parameters: {} };
    const problem = await refusalOf(host.job('image-statistics', { cubeId, image: unknown }));
    expect(problem).toMatchObject({ code: 'invalid-request', field: 'image.kind' });
    expect(problem.remedy).toMatch(/band, stored, filtered, composite, .*ratio/);
  });
});

it('a kind of export that only its room knows is written and replayed', async () => {
  await host.job('export', host.exportOrder('sizes', cubeId, 'sizes.txt', {}));
  expect(readFileSync(host.at('sizes.txt'), 'utf8')).toBe('lines x samples: 300 x 20');
  rmSync(host.at('sizes.txt'));
  await host.replay('sizes.txt.recipe.json');
  expect(readFileSync(host.at('sizes.txt'), 'utf8')).toBe('lines x samples: 300 x 20');
});

it('a kind of job that only its room knows runs', async () => {
  expect(await host.job('waiting', { words: 'long' })).toEqual({ words: 'long over' });
  const refused = await answerOf(await host.post('/jobs', { kind: 'waiting', parameters: {} })).catch(String);
  expect(refused).toContain('invalid-request');
});
