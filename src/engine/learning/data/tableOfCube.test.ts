import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cubes, type Cube } from '../../cube/cubes.ts';
import { headerText } from '../../cube/formats/envi/testHeader.ts';
import { Grants } from '../../io/grants.ts';
import { testFolder } from '../../io/testFolder.ts';
import { ThreadPool } from '../../workers/pool.ts';
import { tableOfCube, type CubeTableOptions } from './tableOfCube.ts';

const folder = testFolder();
const workerUrl = new URL('./testDataWorker.ts', import.meta.url);
const pools = [1, 2].map((threads) => new ThreadPool({ workerUrl, threads }));
const [pool, twoThreads] = pools as [ThreadPool, ThreadPool];
const cubes = new Cubes(pool, 1e6);
const [lines, samples, bands] = [90, 400, 64];

/** Writes an ENVI cube of int16, band after band, and opens it. */
function made(
  name: string,
  size: readonly [number, number, number],
  value: (line: number, sample: number, band: number) => number,
  header: Record<string, string | undefined> = {},
  into = cubes,
): Promise<Cube> {
  const [rows, columns, planes] = size;
  const numbers = new Int16Array(rows * columns * planes);
  for (let k = 0; k < numbers.length; k++) {
    const pixel = k % (rows * columns);
    numbers[k] = value(Math.floor(pixel / columns), pixel % columns, Math.floor(k / (rows * columns)));
  }
  writeFileSync(join(folder.path, `${name}.dat`), new Uint8Array(numbers.buffer));
  const fields = { lines: `${rows}`, samples: `${columns}`, bands: `${planes}`, 'data type': '2', ...header };
  writeFileSync(join(folder.path, `${name}.hdr`), headerText(fields));
  return into.open(new Grants().grantRead(join(folder.path, `${name}.hdr`)), {}, 'me');
}

const value = (line: number, sample: number, band: number): number =>
  band === 0 ? line : band === 1 ? sample : (line * 31 + sample * 7 + band * 13) % 1000;
const list = (one: (band: number) => unknown): string =>
  `{${Array.from({ length: bands }, (_, band) => String(one(band))).join(', ')}}`;
const classMapHeader = {
  'file type': 'ENVI Classification',
  classes: '4',
  'class names': '{none, water, Unlabelled, road}',
};
let cube: Cube;
let map: Cube;
const options = (more: Partial<CubeTableOptions> = {}): CubeTableOptions => ({
  pool,
  cubes,
  cube,
  seed: 1,
  ...more,
});

beforeAll(async () => {
  cube = await made('scene', [lines, samples, bands], value, {
    bbl: list((band) => (band === 5 ? 0 : 1)),
    wavelength: list((band) => 400 + 10 * band),
    'wavelength units': 'Nanometers',
    'data gain values': list((band) => (band === 2 ? 0.5 : 1)),
    'data offset values': list((band) => (band === 2 ? 100 : 0)),
    'data ignore value': '777',
  });
  map = await made('map', [lines, samples, 1], (line, sample) => (line + sample) % 5, classMapHeader);
});
afterAll(async () => {
  await Promise.all(pools.map((one) => one.close()));
  folder.remove();
});

const isMissing = (line: number, sample: number): boolean =>
  Array.from({ length: bands }, (_, band) => band).some(
    (band) => band !== 5 && value(line, sample, band) === 777,
  );

describe('a table of a cube', () => {
  it('holds every complete pixel, scaled, with its position', async () => {
    const seen: number[] = [];
    const table = await tableOfCube(options({ onProgress: (done) => seen.push(done) }));
    expect(seen.length).toBeGreaterThan(1);
    expect(table.columns).toBe(bands - 1);
    expect(table.names.slice(4, 6)).toEqual(['band 5', 'band 7']);
    expect(table.wavelengthsNm?.slice(4, 6)).toEqual([440, 460]);
    expect(table.classes).toBeNull();
    let missing = 0;
    for (let k = 0; k < lines * samples; k++)
      missing += isMissing(Math.floor(k / samples), k % samples) ? 1 : 0;
    expect(missing).toBeGreaterThan(0);
    expect(table.rows).toBe(lines * samples - missing);
    expect(table.values).toHaveLength(table.rows * table.columns);
    expect(table.notes).toEqual([
      'Bad bands left out: 1.',
      `Pixels left out for want of a value in a good band: ${missing}.`,
    ]);
    for (let row = 0; row < table.rows; row += 97) {
      const [line = 0, sample = 0] = table.positions?.subarray(2 * row, 2 * row + 2) ?? [];
      const own = [...table.values.subarray(row * table.columns, (row + 1) * table.columns)];
      const expected = Array.from({ length: bands }, (_, band) => value(line, sample, band));
      expected[2] = 0.5 * (expected[2] ?? 0) + 100;
      expect(own).toEqual(expected.filter((_, band) => band !== 5));
    }
  });

  it('is an even sample of a large scene: the same for the seed whatever the threads', async () => {
    const table = await tableOfCube(options({ most: 1000 }));
    expect(table.rows).toBeGreaterThan(900);
    expect(table.rows).toBeLessThanOrEqual(1000);
    expect(table.notes).toContain(`Of ${lines * samples} pixels, 1000 are taken, spread evenly.`);
    // A tenth of the lines has about a tenth of the rows.
    const counts = Array.from({ length: 10 }, () => 0);
    for (let row = 0; row < table.rows; row++) {
      const tenth = Math.floor((table.positions?.[2 * row] ?? 0) / (lines / 10));
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - table.rows / 10)).toBeLessThan(25);
    const others = new Cubes(twoThreads, 0);
    others.take(cube, 'me');
    const again = await tableOfCube(options({ most: 1000, pool: twoThreads, cubes: others }));
    expect(again).toEqual(table);
    expect((await tableOfCube(options({ most: 1000, seed: 2 }))).positions).not.toEqual(table.positions);
  });

  it('leaves out pixels with a fill value that the header does not declare, and says what to do', async () => {
    const filled = await made('filled', [4, 5, 2], (line, sample) => (line === 1 && sample < 3 ? 1000 : 2), {
      'data gain values': '{1e28, 1e28}',
    });
    const table = await tableOfCube(options({ cube: filled }));
    expect(table.rows).toBe(17);
    expect(table.values.every((one) => one < 1e30)).toBe(true);
    expect(table.notes).toEqual([
      'Pixels left out for a value beyond 1e30, which is no measurement: 3. Declare it in the header, as "data ignore value".',
    ]);
  });

  it('takes classes of a map; code 0 and what is called unlabelled are none', async () => {
    const table = await tableOfCube(options({ most: 2000, classMap: { cube: map } }));
    expect(table.classes?.names).toEqual(['water', 'road']);
    for (let row = 0; row < table.rows; row++) {
      const [line = 0, sample = 0] = table.positions?.subarray(2 * row, 2 * row + 2) ?? [];
      expect(table.classes?.ofRow[row]).toBe([-1, 0, -1, 1, -1][(line + sample) % 5]);
    }
    expect(table.notes.at(-1)).toMatch(
      /^Pixels whose class map.dat does not name: \d+; they count as unlabelled.$/,
    );
    const only = await tableOfCube(options({ most: 500, classMap: { cube: map }, onlyClassed: true }));
    expect(only.rows).toBeGreaterThan(400);
    expect([...(only.classes?.ofRow ?? [])].every((one) => one >= 0)).toBe(true);
    expect(only.notes).toContain(
      `Of ${(lines * samples * 2) / 5} pixels with a class, 500 are taken, spread evenly.`,
    );
  });
});

describe('a table of a cube is refused', () => {
  it('for a class map of another size, naming both', async () => {
    const other = await made('other', [4, 5, 1], () => 1, classMapHeader);
    await expect(tableOfCube(options({ classMap: { cube: other } }))).rejects.toMatchObject({
      code: 'invalid-request',
      message: `The class map other.dat has 4 lines x 5 samples, but scene.dat has ${lines} x ${samples}.`,
      place: { remedy: expect.any(String) },
    });
  });

  it('for what is no class map, and for one without classes', async () => {
    await expect(tableOfCube(options({ classMap: { cube } }))).rejects.toMatchObject({
      message: 'scene.dat is no class map: it names no classes.',
    });
    const empty = await made('empty', [lines, samples, 1], () => 0, {
      ...classMapHeader,
      classes: '1',
      'class names': '{none}',
    });
    await expect(tableOfCube(options({ classMap: { cube: empty } }))).rejects.toMatchObject({
      message: 'empty.dat has no class but the one of unlabelled pixels.',
    });
  });

  it('where no pixel is complete, and where it is cancelled', async () => {
    const gone = await made('gone', [4, 5, 2], () => 3, { 'data ignore value': '3' });
    await expect(tableOfCube(options({ cube: gone }))).rejects.toMatchObject({ code: 'degenerate' });
    await expect(tableOfCube(options({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
