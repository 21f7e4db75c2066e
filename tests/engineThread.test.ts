import { readFileSync, writeFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PixelSpectrum } from '../src/engine/contract/spectra.ts';
import { bandPieces, csvRow, pixelPieces } from '../src/engine/exports/csv.ts';
import { parseRecipe } from '../src/engine/exports/recipeEnvelope.ts';
import { recipeText } from '../src/engine/exports/recipeText.ts';
import { variedCube, writeEnvi } from './testCubes.ts';
import { refusalOf, TestEngine } from './testEngine.ts';

/** The engine thread, which is this test's own, waits for no file and for no long work. Workers are real threads. */

const calls = vi.hoisted(() => ({ names: [] as string[] }));

// Workers load their modules themselves, so this sees the calls of the engine thread alone.
vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<Record<string, unknown>>();
  const watched = Object.entries(original).map(([name, value]) => {
    if (!name.endsWith('Sync') || typeof value !== 'function') return [name, value];
    const call = value as (...args: unknown[]) => unknown;
    return [
      name,
      (...args: unknown[]): unknown => {
        calls.names.push(name);
        return call(...args);
      },
    ];
  });
  return Object.fromEntries(watched) as Record<string, unknown>;
});

const host = new TestEngine();
const lines = 100;
const samples = 100;
const bands = 60;
const filter = { window: 5, degree: 2, derivative: 1 } as const;
const at = Array.from({ length: lines * samples }, (_, k) => ({
  line: Math.floor(k / samples),
  sample: k % samples,
}));
let cubeId = '';

beforeAll(async () => {
  writeEnvi(host.folder, 'source', variedCube('int16', [lines, samples, bands]), { interleave: 'bip' });
  cubeId = (await host.open('source.img')).cubeId;
  // Threads and the compiler are warm.
  await host.export('spectra', cubeId, 'first.csv', { at: at.slice(0, 50), filter });
  await host.replay('first.csv.recipe.json');
});
afterAll(() => host.close());

/** Processor time of this thread alone, in microseconds: other threads and programs do not change it. */
function ownTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** The most that this thread computed in one turn of its event loop while something was under way. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let under = true;
  let longest = 0;
  const watch = async (): Promise<void> => {
    let last = ownTime();
    while (under) {
      await turn();
      const now = ownTime();
      longest = Math.max(longest, now - last);
      last = now;
    }
  };
  const watching = watch();
  try {
    await work();
  } finally {
    under = false;
    await watching;
  }
  return longest;
}

/** The same where the work is done on this thread. */
const longestTurnHere = (work: () => void): Promise<number> =>
  longestTurn(async () => {
    await turn();
    work();
  });

describe('the engine thread', () => {
  it('calls no synchronous function of the file system in exports and replays', async () => {
    const order = { at: at.slice(0, 200), filter };
    const { grants } = host.engine;
    const jobs = [
      { kind: 'export', parameters: host.exportOrder('spectra', cubeId, 'quiet.csv', order) },
      { kind: 'export', parameters: host.exportOrder('cube', cubeId, 'quiet.dat', { format: 'envi' }) },
      {
        kind: 'export',
        parameters: host.exportOrder('image', cubeId, 'quiet.png', {
          format: 'png',
          image: { kind: 'filtered', parameters: { bandIndex: 4, filter } },
        }),
      },
      {
        kind: 'replay',
        parameters: {
          recipe: grants.grantRead(host.at('first.csv.recipe.json')).grantId,
          target: grants.grantWrite(host.at('again.csv')).grantId,
          replace: true,
        },
      },
    ];
    // The watch sees calls: making these grants was some.
    expect(calls.names).toContain('realpathSync');
    calls.names.length = 0;
    for (const { kind, parameters } of jobs) await host.job(kind, parameters);
    expect(calls.names).toEqual([]);
    expect(readFileSync(host.at('again.csv')).equals(readFileSync(host.at('first.csv')))).toBe(true);
  });

  it('goes on while a CSV of 10,000 pixels is written, which has the text of its pieces', async () => {
    const during = await longestTurn(() => host.export('spectra', cubeId, 'large.csv', { at, filter }));
    const places = at.map(({ line, sample }): [number, number] => [line, sample]);
    const read = [];
    for (let k = 0; k < places.length; k += 500) {
      read.push(await host.spectra(cubeId, places.slice(k, k + 500), filter));
    }
    const [frame] = read;
    if (frame === undefined) throw new Error('Nothing was read.');
    const pixels: PixelSpectrum[] = read.flatMap((part) => part.pixels);
    let text = '';
    const here = await longestTurnHere(() => {
      const columns = [bandPieces(frame), pixelPieces(pixels, true)];
      text = Array.from({ length: bands + 1 }, (_, row) =>
        csvRow(columns.map((pieces) => pieces[row] ?? '')),
      ).join('');
    });
    expect(readFileSync(host.at('large.csv'), 'utf8') === text).toBe(true);
    expect(during / here).toBeLessThan(0.25);
  });

  it('goes on while a recipe of 20 MiB is read and refused', async () => {
    const recipe = JSON.parse(readFileSync(host.at('first.csv.recipe.json'), 'utf8')) as object;
    const wavelengthsNm = Array.from({ length: 1_000_000 }, (_, k) => 400 + k / 3 + 1e-6);
    const text = recipeText({ ...recipe, open: { wavelengthsNm } } as Parameters<typeof recipeText>[0]);
    expect(text.length).toBeGreaterThan(20 * 1024 * 1024);
    writeFileSync(host.at('large.recipe.json'), text);
    let refused: unknown;
    const during = await longestTurn(async () => {
      refused = await refusalOf(host.replay('large.recipe.json', 'refused.csv'));
    });
    expect(refused).toMatchObject({ code: 'malformed-file', file: 'large.recipe.json' });
    const here = await longestTurnHere(() => {
      parseRecipe(readFileSync(host.at('large.recipe.json'), 'utf8'), 'large.recipe.json');
    });
    expect(during / here).toBeLessThan(0.25);
  });
});
