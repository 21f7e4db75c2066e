import fc from 'fast-check';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, Refused, refusalOf, TestEngine } from './testEngine.ts';
import { variedCube, writeEnvi } from './testCubes.ts';

/** A recipe makes its output again to the byte, or says why it cannot. */

const host = new TestEngine();
const cube = variedCube('int16', [6, 7, 9]);
const filter = { window: 5, degree: 2, derivative: 1 };
let cubeId = '';

beforeAll(async () => {
  writeEnvi(host.folder, 'source', cube, { interleave: 'bil' });
  cubeId = (await host.open('source.img', { noData: -32768, scale: 0.5 })).cubeId;
});
afterAll(() => host.close());

const bytes = (name: string): Buffer => readFileSync(host.at(name));
const edited = (
  recipe: string,
  change: (recipe: Record<string, unknown>) => object,
  name = 'edited.recipe.json',
): string => {
  const json = JSON.parse(bytes(recipe).toString()) as Record<string, unknown>;
  writeFileSync(host.at(name), JSON.stringify(change(json)));
  return name;
};

const orders = {
  'cube.dat': ['cube', { format: 'envi', filter }],
  'cube.tif': ['cube', { format: 'geotiff', bandIndexes: [8, 1] }],
  'image.png': [
    'image',
    { format: 'png', image: { kind: 'filtered', parameters: { bandIndex: 4, filter } } },
  ],
  'image.npy': [
    'image',
    { format: 'npy', image: { kind: 'composite', parameters: { bandIndexes: [4, 2, 0] } } },
  ],
  'spectra.csv': ['spectra', { at: [{ line: 1, sample: 2 }], filter }],
} as const;

describe('replay', () => {
  it.each(Object.keys(orders) as (keyof typeof orders)[])(
    '%s: the same bytes beside the recipe and elsewhere',
    async (name) => {
      const [kind, order] = orders[name];
      const made = await host.export(kind, cubeId, name, order);
      const before = made.files.map((file) => [file, bytes(file)] as const);
      for (const file of made.files) if (!file.endsWith('.recipe.json')) rmSync(host.at(file));
      const again = await host.replay(`${name}.recipe.json`);
      expect(again).toEqual(made);
      for (const [file, content] of before) expect([file, bytes(file).equals(content)]).toEqual([file, true]);

      mkdirSync(host.at(`away_${name}`));
      await host.replay(`${name}.recipe.json`, `away_${name}/${name}`);
      for (const [file, content] of before) {
        if (!file.endsWith('.recipe.json')) expect(bytes(`away_${name}/${file}`).equals(content)).toBe(true);
      }
      // From the other folder the inputs' relative paths are others, and lead to the same files.
      const away = JSON.parse(bytes(`away_${name}/${name}.recipe.json`).toString()) as {
        inputs: { path: string }[];
      };
      expect(away.inputs.map(({ path }) => path)).toEqual(['../source.img', '../source.hdr']);
      const thence = await host.replay(`away_${name}/${name}.recipe.json`);
      expect(thence).toEqual(made);
    },
  );

  it('a recipe holds no path of this machine, no time, and its open options', async () => {
    await host.export('cube', cubeId, 'kept.dat', { format: 'envi' });
    const text = bytes('kept.dat.recipe.json').toString();
    expect(text).not.toContain(host.folder);
    const recipe = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(recipe)).toEqual(['version', 'kind', 'parameters', 'open', 'output', 'inputs']);
    expect(recipe).toMatchObject({ kind: 'cube', open: { noData: -32768, scale: 0.5 }, output: 'kept.dat' });
    expect(recipe['inputs']).toMatchObject([
      { path: 'source.img', size: 6 * 7 * 9 * 2 },
      { path: 'source.hdr' },
    ]);
  });

  it.each(['cube', 'classes'] as const)('the demo scene (%s) needs no file', async (part) => {
    const scene = await host.demo({ lines: 9, samples: 11, bands: 24 }, part);
    await host.export('cube', scene.cubeId, `demo_${part}.dat`, { format: 'envi' });
    const before = bytes(`demo_${part}.dat`);
    rmSync(host.at(`demo_${part}.dat`));
    await host.replay(`demo_${part}.dat.recipe.json`);
    expect(bytes(`demo_${part}.dat`).equals(before)).toBe(true);
  });

  it('refuses to replace where that is not allowed', async () => {
    await host.export('cube', cubeId, 'stays.tif', { format: 'geotiff' });
    const problem = await refusalOf(host.replay('stays.tif.recipe.json', 'stays.tif', false));
    expect(problem).toMatchObject({ code: 'invalid-request', field: 'replace', file: 'stays.tif' });
  });
});

describe('a recipe that may be read', () => {
  it('gives no right to write beside it: the target is asked for', async () => {
    await host.export('cube', cubeId, 'only.dat', { format: 'envi' });
    rmSync(host.at('only.dat'));
    const { grantId } = host.engine.grants.grantRead(host.at('only.dat.recipe.json'));
    for (const target of [undefined, null, grantId]) {
      const parameters = { recipe: grantId, target, replace: true };
      const response = await host.post('/jobs', { kind: 'replay', parameters });
      expect([target, response.ok]).toEqual([target, false]);
      expect(await response.json()).toMatchObject(
        target === grantId ? { code: 'access-denied' } : { code: 'invalid-request', field: 'target' },
      );
    }
    expect(readdirSync(host.folder)).not.toContain('only.dat');
  });
});

describe('inputs that are no longer what they were', () => {
  const remade = async (stem: string): Promise<void> => {
    writeEnvi(host.folder, stem, cube);
    const opened = await host.open(`${stem}.img`);
    await host.export('cube', opened.cubeId, `${stem}_out.dat`, { format: 'envi', filter });
  };

  it('one byte changed', async () => {
    await remade('changed');
    const before = bytes('changed_out.dat');
    const content = bytes('changed.img');
    content[17] = (content[17] ?? 0) ^ 1;
    writeFileSync(host.at('changed.img'), content);
    const problem = await refusalOf(host.replay('changed_out.dat.recipe.json'));
    expect(problem).toMatchObject({ code: 'malformed-file', file: 'changed.img', field: 'sha256' });
    expect(bytes('changed_out.dat').equals(before)).toBe(true);
  });

  it('longer, or with another header', async () => {
    await remade('longer');
    writeFileSync(host.at('longer.img'), Buffer.concat([bytes('longer.img'), Buffer.from([0])]));
    expect(await refusalOf(host.replay('longer_out.dat.recipe.json'))).toMatchObject({
      code: 'malformed-file',
      field: 'size',
    });
    await remade('header');
    writeFileSync(host.at('header.hdr'), `${bytes('header.hdr').toString()}; a comment\n`);
    expect(await refusalOf(host.replay('header_out.dat.recipe.json'))).toMatchObject({
      code: 'malformed-file',
      file: 'header.hdr',
    });
  });

  it('missing', async () => {
    await remade('missing');
    renameSync(host.at('missing.img'), host.at('gone.img'));
    expect(await refusalOf(host.replay('missing_out.dat.recipe.json'))).toMatchObject({
      code: 'not-found',
      file: 'missing.img',
    });
  });

  it('read with another header than recorded', async () => {
    await remade('second');
    writeFileSync(host.at('second.img.hdr'), bytes('second.hdr'));
    expect(await refusalOf(host.replay('second_out.dat.recipe.json'))).toMatchObject({
      code: 'malformed-file',
    });
  });
});

describe('recipes that are none', () => {
  beforeAll(async () => {
    await host.export('cube', cubeId, 'good.dat', { format: 'envi', filter });
    await host.export('image', cubeId, 'good.npy', {
      format: 'npy',
      image: { kind: 'band', parameters: { bandIndex: 0 } },
    });
  });

  it.each([
    ['malformed-file', 'parameters.filter.window', { window: 4 }],
    ['malformed-file', 'parameters.filter.degree', { degree: 9 }],
    ['malformed-file', 'parameters.filter.derivative', { derivative: 3 }],
    ['malformed-file', 'parameters.filter.window', { window: 101 }],
    ['malformed-file', 'parameters.filter.axis', { axis: 'time' }],
    ['malformed-file', 'parameters.filter.axis', { axis: 'wavelength' }],
  ])('%s: %s of %o', async (code, _field, change) => {
    const name = edited('good.dat.recipe.json', (recipe) => {
      const parameters = recipe['parameters'] as { filter: object };
      return { ...recipe, parameters: { ...parameters, filter: { ...parameters.filter, ...change } } };
    });
    expect(await refusalOf(host.replay(name))).toMatchObject({ code, file: name });
  });

  it.each([
    ['malformed-file', { output: '../x.dat' }],
    ['malformed-file', { output: '/tmp/x.dat' }],
    ['malformed-file', { output: 'sub/x.dat' }],
    ['malformed-file', { output: '..' }],
    ['malformed-file', { output: '.hidden' }],
    ['malformed-file', { parameters: {} }],
    ['malformed-file', { parameters: null }],
    ['malformed-file', { open: { bandIsGood: [true] } }],
    ['malformed-file', { open: { noData: 0.5 } }],
    ['malformed-file', { inputs: [{ scene: { part: 'sky' } }] }],
    ['malformed-file', { inputs: [{ scene: { recipe: { lines: -1 } } }] }],
    ['unsupported-format', { kind: 'hologram' }],
    ['unsupported-format', { kind: '__proto__' }],
  ])('%s: %o', async (code, change) => {
    const before = readdirSync(host.folder).filter((name) => !name.startsWith('edited'));
    const name = edited('good.dat.recipe.json', (recipe) => ({ ...recipe, ...change }));
    expect(await refusalOf(host.replay(name))).toMatchObject({ code, file: name });
    expect(readdirSync(host.folder).filter((one) => !one.startsWith('edited'))).toEqual(before);
  });

  it('a band that is not there', async () => {
    const name = edited('good.npy.recipe.json', (recipe) => {
      const parameters = recipe['parameters'] as object;
      return { ...recipe, parameters: { ...parameters, recipe: { kind: 'band', bandIndex: 9 } } };
    });
    expect(await refusalOf(host.replay(name, 'x.npy'))).toMatchObject({ code: 'malformed-file', file: name });
  });

  it('damaged anywhere: refused in words, never as a bug of ours', async () => {
    const text = bytes('good.dat.recipe.json').toString();
    const codes = ['malformed-file', 'not-found', 'access-denied', 'unsupported-format'];
    mkdirSync(host.at('fuzz'));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.nat(4),
        fc.string({ maxLength: 3 }),
        async (at, remove, insert) => {
          const damaged = text.slice(0, at) + insert + text.slice(at + remove);
          writeFileSync(host.at('fuzz.recipe.json'), damaged);
          try {
            await host.replay('fuzz.recipe.json', 'fuzz/out.dat');
          } catch (thrown) {
            if (!(thrown instanceof Refused)) throw thrown;
            expect({ damaged, codes, code: thrown.problem.code }).toEqual({
              damaged,
              codes,
              code: expect.toBeOneOf(codes),
            });
          }
          expect(readdirSync(host.at('fuzz')).filter((name) => name.endsWith('.part'))).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('a folder, and a recipe that is not there', async () => {
    mkdirSync(host.at('folder.recipe.json'));
    expect(await refusalOf(host.replay('folder.recipe.json'))).toMatchObject({ code: 'not-found' });
  });
});

describe('what stays open', () => {
  it('a cube opened for the replay alone is closed again', async () => {
    const fresh = new TestEngine();
    try {
      const { cubeId } = await fresh.demo({ lines: 12, samples: 10, bands: 8 });
      await fresh.export('cube', cubeId, 'scene.dat', { format: 'envi' });
      await fresh.fetch(`/cubes/${cubeId}`, { method: 'DELETE' });
      await fresh.replay('scene.dat.recipe.json', 'again.dat');
      const { cubes } = await answerOf<{ cubes: unknown[] }>(await fresh.fetch('/cubes'));
      expect(cubes).toEqual([]);
    } finally {
      await fresh.close();
    }
  });

  it('a cube that a person has open stays open', async () => {
    const fresh = new TestEngine();
    try {
      const { cubeId } = await fresh.demo({ lines: 12, samples: 10, bands: 8 });
      await fresh.export('cube', cubeId, 'scene.dat', { format: 'envi' });
      await fresh.replay('scene.dat.recipe.json', 'again.dat');
      const { cubes } = await answerOf<{ cubes: { cubeId: string }[] }>(await fresh.fetch('/cubes'));
      expect(cubes.map((cube) => cube.cubeId)).toEqual([cubeId]);
    } finally {
      await fresh.close();
    }
  });

  it('a cube closed during its export is written to the end', async () => {
    const fresh = new TestEngine(1);
    try {
      const { cubeId } = await fresh.demo({ lines: 120, samples: 300, bands: 150 });
      const { grantId } = fresh.engine.grants.grantWrite(fresh.at('late.dat'));
      const { jobId } = await fresh.start('export', {
        cubeId,
        target: grantId,
        output: { kind: 'cube', parameters: { format: 'envi', filter: { derivative: 1 } } },
      });
      expect((await fresh.fetch(`/cubes/${cubeId}`, { method: 'DELETE' })).status).toBe(204);
      expect((await fresh.fetch(`/cubes/${cubeId}`)).status).toBe(404);
      const job = await fresh.until(jobId, () => false);
      expect(job.state).toBe('done');
      expect(statSync(fresh.at('late.dat')).size).toBe(120 * 300 * 150 * 4);
    } finally {
      await fresh.close();
    }
  });
});
