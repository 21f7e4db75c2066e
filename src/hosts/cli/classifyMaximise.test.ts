import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MaximiseAnswer } from '../../engine/contract/maximise.ts';
import { TestRun } from './testRun.ts';
import { classOf, lines, samples, sceneCube, sceneMap, truth } from './testScene.ts';

const test = new TestRun();
afterAll(() => test.close());

beforeAll(async () => {
  sceneCube(test, 'scene');
  sceneCube(test, 'narrow', 4);
  sceneMap(test);
  const train = 'classify train @scene.dat --classes @map.dat --widths 32 --out'.split(' ');
  await test.json([...train, '@model']);
  await test.json([...train, '@placed', '--aux', 'position', '--epochs', '5']);
});

const bytes = (name: string): Buffer => readFileSync(test.at(name));
const mixed = (spectra: readonly (readonly number[])[], shares: readonly number[]): number[] =>
  (spectra[0] ?? []).map((_, k) =>
    spectra.reduce((sum, one, c) => sum + (shares[c] ?? 0) * (one[k] ?? 0), 0),
  );

describe('maximise of a saved classifier', () => {
  const maximise = (...more: string[]): Promise<MaximiseAnswer> =>
    test.json<MaximiseAnswer>(['maximise', '@model', ...more]);

  it('raises the class within the range of the scene and names the nearest pixel', async () => {
    const { best, range, scene, output } = await maximise(
      ...['--output', 'Water', '--starts', '4', '--nearest', '@scene.dat'],
    );
    expect([output, scene?.className, scene?.classes]).toEqual([1, 'Water', ['Tree', 'Water', 'Dry']]);
    await test.json(['classify', 'apply', '@model', '@scene.dat', '--out', '@p.csv']);
    // No pixel of the scene is as much of its class.
    const rows = bytes('p.csv')
      .toString()
      .split('\r\n')
      .filter((row) => row.includes('Water'));
    const most = Math.max(...rows.map((row) => Number(row.split(',')[3])));
    expect(best.value).toBeGreaterThan(Math.max(0.95, most));
    best.point.forEach((value, k) => {
      expect(value).toBeGreaterThanOrEqual(range[k]?.[0] ?? NaN);
      expect(value).toBeLessThanOrEqual(range[k]?.[1] ?? NaN);
    });
    // The scene's own range: class means and noise.
    expect(range[5]?.[0]).toBeGreaterThan(100);
    expect(range[5]?.[1]).toBeLessThan(3800);
    const { nearest, spectrum = [] } = scene ?? {};
    expect(classOf(nearest?.sample ?? 0)).toBe(1);
    const stored = bytes('scene.dat');
    const distances = truth.map((code, p) =>
      code === 0
        ? Infinity
        : Math.hypot(
            ...spectrum.map((value, k) => stored.readUInt16LE(2 * (k * lines * samples + p)) - value),
          ),
    );
    const least = distances.reduce((low, one) => Math.min(low, one));
    expect(nearest?.distance).toBeCloseTo(least, 3);
    expect(distances.indexOf(least)).toBe((nearest?.line ?? 0) * samples + (nearest?.sample ?? 0));
  });

  it('holds the spectrum to the mixtures of the class means', async () => {
    const { best, free, scene, starts } = await maximise('--output', '2', '--hull', '--starts', '12');
    expect([free, starts.length, scene?.className]).toEqual(['shares', 12, 'Dry']);
    expect(best.point.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(best.point.every((share) => share >= 0)).toBe(true);
    const facts = JSON.parse(bytes('model/cubelens.json').toString()) as { meanSpectra: number[][] };
    mixed(facts.meanSpectra, best.point).forEach((value, k) => {
      expect(scene?.spectrum[k]).toBeCloseTo(value, 6);
    });
    expect(best.value).toBeGreaterThan(0.9);
  });

  it('puts the auxiliary input in the middle of its range', async () => {
    const ran = await test.run(
      'maximise @placed/model.json --output Tree --starts 2 --nearest @scene.dat'.split(' '),
    );
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^fixed +auxiliary = 14\.5, 19\.5$/m);
    expect(ran.stdout).toMatch(/^class +Tree \(output 0\)$/m);
    expect(ran.stdout).toMatch(/^nearest pixel +line \d+, sample \d+ of scene\.dat/m);
  });

  it.each([
    [['@model', '--output', 'Fire'], 'no class "Fire"'],
    [['@model', '--hull', '--range', '0,1'], 'does not go with the hull'],
    [['@model', '--nearest', '@narrow.dat', '--hull'], 'takes band 5'],
    [['--example', 'interior', '--hull'], 'says nothing of a scene'],
    [['--example', 'interior', '--output', 'Fire'], 'have no names'],
  ] as [string[], string][])('refuses %j', async (args, message) => {
    const ran = await test.run(['maximise', ...args]);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(message);
  });

  it('refuses weights that are not those of its facts', async () => {
    const damaged = bytes('model/group1-shard1of1.bin');
    damaged.writeUInt8(damaged.readUInt8(2) ^ 1, 2);
    mkdirSync(test.at('damaged'));
    for (const name of ['model.json', 'cubelens.json'])
      copyFileSync(test.at(`model/${name}`), test.at(`damaged/${name}`));
    writeFileSync(test.at('damaged/group1-shard1of1.bin'), damaged);
    const ran = await test.run('maximise @damaged --output Water --starts 1'.split(' '));
    expect([ran.code, ran.stdout]).toEqual([4, '']);
    expect(ran.stderr).toContain('group1-shard1of1.bin holds other weights than those it was saved with');
  });
});
