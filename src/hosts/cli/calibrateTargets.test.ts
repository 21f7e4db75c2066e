import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRun } from './testRun.ts';

const data = resolve(process.env['CUBELENS_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'));
const photos = join(data, 'calibration_opencv');
const test = new TestRun();

beforeAll(() => {
  if (!existsSync(photos)) return;
  mkdirSync(test.at('photos'));
  for (const n of [1, 2, 3]) copyFileSync(join(photos, `left0${n}.jpg`), test.at(`photos/left0${n}.jpg`));
});

afterAll(() => test.close());

describe.skipIf(!existsSync(photos))('calibrate: refused before anything is written', () => {
  it('an undistorted photo that would replace an input leaves no report behind', async () => {
    mkdirSync(test.at('same'));
    copyFileSync(join(photos, 'left01.jpg'), test.at('same/a.jpg'));
    copyFileSync(join(photos, 'left02.jpg'), test.at('same/a_undistorted.png'));
    const args = ['--board', '9x6', '--out', '@same.yml', '--undistort', '@same'];
    const ran = await test.run(['calibrate', '@same', ...args]);
    expect(ran.stderr).toContain('a_undistorted.png would replace a_undistorted.png, an input');
    expect([ran.code, existsSync(test.at('same.yml'))]).toEqual([2, false]);
  });

  it('a recipe edited to a board that no request may ask for is at fault, not Cubelens', async () => {
    await test.run(['calibrate', '@photos', '--board', '9x6', '--out', '@k.yml']);
    const recipe = JSON.parse(readFileSync(test.at('k.yml.recipe.json'), 'utf8')) as {
      parameters: { source: { board: number[] } };
    };
    recipe.parameters.source.board = [1_000_000, 1_000_000];
    writeFileSync(test.at('huge.recipe.json'), JSON.stringify(recipe));
    const ran = await test.run(['replay', '@huge.recipe.json', '--out', '@again.yml']);
    expect(ran.stderr).toContain('source.board.0');
    expect(ran.code).toBe(4);
  });
});
