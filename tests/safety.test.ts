import type { JobSnapshot } from '../src/engine/contract/jobs.ts';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, TestEngine } from './testEngine.ts';
import { variedCube, writeEnvi } from './testCubes.ts';

/** Inputs are never replaced, other people's files neither, and what fails or is cancelled leaves nothing behind. */

const host = new TestEngine(1);
afterAll(() => host.close());

const cube = variedCube('uint16', [5, 6, 7]);
const listed = (folder = '.'): string[] => readdirSync(host.at(folder)).sort();

describe('targets', () => {
  let cubeId = '';
  beforeAll(async () => {
    writeEnvi(host.folder, 'input', cube);
    cubeId = (await host.open('input.img')).cubeId;
  });

  const refused = async (
    target: string,
    order: object = { format: 'envi' },
    file = target,
  ): Promise<void> => {
    const before = listed();
    const contents = [readFileSync(host.at('input.img')), readFileSync(host.at('input.hdr'))];
    const problem = await refusalOf(host.export('cube', cubeId, target, order));
    expect(problem).toMatchObject({ code: 'invalid-request', file });
    expect(listed()).toEqual(before);
    expect(readFileSync(host.at('input.img')).equals(contents[0] ?? Buffer.alloc(0))).toBe(true);
    expect(readFileSync(host.at('input.hdr')).equals(contents[1] ?? Buffer.alloc(0))).toBe(true);
  };

  it('the input itself, its header, or a name whose header is the input’s', async () => {
    await refused('input.img');
    await refused('input.img', { format: 'geotiff' });
    await refused('input.hdr', { format: 'geotiff' });
    await refused('input.dat', { format: 'envi' }, 'input.hdr');
  });

  it('links to the input, symbolic and hard', async () => {
    symlinkSync(host.at('input.img'), host.at('soft.tif'));
    await refused('soft.tif', { format: 'geotiff' });
    linkSync(host.at('input.img'), host.at('hard.tif'));
    await refused('hard.tif', { format: 'geotiff' });
    symlinkSync(host.at('input.hdr'), host.at('linked.hdr'));
    await refused('linked.dat', { format: 'envi' }, 'linked.hdr');
  });

  it('beside an ENVI input a picture or a GeoTIFF of the same name is no clash', async () => {
    await host.export('cube', cubeId, 'input.tif', { format: 'geotiff' });
    await host.export('image', cubeId, 'input.png', {
      format: 'png',
      image: { kind: 'band', parameters: { bandIndex: 0 } },
    });
    expect(listed()).toContain('input.png');
  });

  it('an existing file, where replacing is not allowed', async () => {
    writeFileSync(host.at('there.tif'), 'old');
    const problem = await refusalOf(host.export('cube', cubeId, 'there.tif', { format: 'geotiff' }, false));
    expect(problem).toMatchObject({ code: 'invalid-request', field: 'replace', file: 'there.tif' });
    expect(readFileSync(host.at('there.tif'), 'utf8')).toBe('old');
    expect(existsSync(host.at('there.tif.recipe.json'))).toBe(false);
    writeFileSync(host.at('header.hdr'), 'old');
    const header = await refusalOf(host.export('cube', cubeId, 'header.dat', { format: 'envi' }, false));
    expect(header).toMatchObject({ code: 'invalid-request', field: 'replace', file: 'header.hdr' });
  });

  it('the header of another cube', async () => {
    writeEnvi(host.folder, 'other', cube);
    await refused('other.dat', { format: 'envi' }, 'other.hdr');
    // Its own old output is replaced, header and all.
    await host.export('cube', cubeId, 'mine.dat', { format: 'envi' });
    await host.export('cube', cubeId, 'mine.dat', { format: 'envi', interleave: 'bip' });
    expect((await host.open('mine.dat')).info.interleave).toBe('bip');
    unlinkSync(host.at('mine.dat'));
    await host.export('cube', cubeId, 'mine.dat', { format: 'envi' });
  });

  it('a header that is not the own one of a data file that exists', async () => {
    // The header states the size of the .img: the .dat beside it is another file.
    writeEnvi(host.folder, 'shared', cube);
    writeFileSync(host.at('shared.dat'), 'not a cube');
    const header = readFileSync(host.at('shared.hdr'));
    await refused('shared.dat', { format: 'envi' }, 'shared.hdr');
    expect(readFileSync(host.at('shared.hdr')).equals(header)).toBe(true);

    for (const [stem, text] of [
      ['esri', 'NROWS 5\nNCOLS 6\nNBANDS 7\n'],
      ['sidecar', header.toString().replace(/file type = .*|$/, '\nfile type = TIFF')],
    ] as const) {
      writeFileSync(host.at(`${stem}.hdr`), text);
      await refused(`${stem}.dat`, { format: 'envi' }, `${stem}.hdr`);
      writeFileSync(host.at(`${stem}.dat`), 'some data');
      await refused(`${stem}.dat`, { format: 'envi' }, `${stem}.hdr`);
      expect(readFileSync(host.at(`${stem}.hdr`), 'utf8')).toBe(text);
    }
  });

  it('its own header is replaced, also where its data file was cut or another file has the stem', async () => {
    await host.export('cube', cubeId, 'own.dat', { format: 'envi' });
    writeFileSync(host.at('own.bin'), 'something else');
    await host.export('cube', cubeId, 'own.dat', { format: 'envi', bandIndexes: [0] });
    truncateSync(host.at('own.dat'), 3);
    unlinkSync(host.at('own.bin'));
    await host.export('cube', cubeId, 'own.dat', { format: 'envi' });
    expect((await host.open('own.dat')).info.bands).toBe(7);
  });

  it('a data file named as a header, a folder in the way', async () => {
    await refused('strange.hdr');
    mkdirSync(host.at('folder.hdr'));
    await refused('folder.dat', { format: 'envi' }, 'folder.hdr');
    mkdirSync(host.at('way.tif.recipe.json'));
    await refused('way.tif', { format: 'geotiff' }, 'way.tif.recipe.json');
  });

  it('a name too long for its temporary file', async () => {
    const before = listed();
    const name = `${'x'.repeat(245)}.tif`;
    expect(await refusalOf(host.export('cube', cubeId, name, { format: 'geotiff' }))).toMatchObject({
      code: 'invalid-request',
    });
    expect(listed()).toEqual(before);
  });
});

describe('work that does not come to its end', () => {
  // 150 x 200 pixels of 200 bands: several chunks, one after the other on one thread.
  const lines = 150;
  const samples = 200;
  const bands = 200;
  const order = { format: 'geotiff', filter: { window: 11, degree: 2, derivative: 2 } };
  const large = (stem: string): void => {
    mkdirSync(host.at(stem));
    const header = [
      'ENVI',
      `samples = ${samples}`,
      `lines = ${lines}`,
      `bands = ${bands}`,
      'data type = 12',
      'interleave = bsq',
      'byte order = 0',
    ];
    writeFileSync(host.at(`${stem}/cube.hdr`), header.join('\n'));
    writeFileSync(host.at(`${stem}/cube.img`), Buffer.alloc(lines * samples * bands * 2, 7));
  };

  const pixels = 10_000;
  const at = Array.from({ length: pixels }, (_, k) => ({
    line: Math.floor(k / samples),
    sample: k % samples,
  }));
  const outputs = {
    cube: { ending: 'tif', total: lines * samples, parameters: order },
    spectra: { ending: 'csv', total: pixels, parameters: { at, filter: order.filter } },
  };

  /** Starts the export of a large cube and gives its job when its pixels begin to be written, or read for a CSV. */
  async function begun(
    stem: string,
    target: string,
    kind: keyof typeof outputs = 'cube',
  ): Promise<JobSnapshot> {
    const { total, parameters } = outputs[kind];
    const { cubeId } = await host.open(`${stem}/cube.img`);
    const { grantId } = host.engine.grants.grantWrite(host.at(target));
    const { jobId } = await host.start('export', {
      cubeId,
      target: grantId,
      replace: true,
      output: { kind, parameters },
    });
    const job = await host.until(jobId, (now) => now.total === total);
    expect(job).toMatchObject({ state: 'running', total });
    expect(job.done).toBeLessThan(job.total);
    return job;
  }

  it.each(['cube', 'spectra'] as const)(
    '%s cancelled: no new file, no temporary one, the old output untouched',
    async (kind) => {
      const folder = `cancel_${kind}`;
      const out = `${folder}/out.${outputs[kind].ending}`;
      large(folder);
      writeFileSync(host.at(out), 'old');
      const before = listed(folder);
      const { jobId } = await begun(folder, out, kind);
      expect(listed(folder).some((name) => name.endsWith('.part'))).toBe(true);
      await host.fetch(`/jobs/${jobId}`, { method: 'DELETE' });
      const ended = await host.until(jobId, () => false);
      expect(ended).toMatchObject({ state: 'cancelled', result: null, error: { code: 'cancelled' } });
      expect(listed(folder)).toEqual(before);
      expect(readFileSync(host.at(out), 'utf8')).toBe('old');
      // The engine works on.
      expect(
        (await host.spectra((await host.open(`${folder}/cube.img`)).cubeId, [[0, 0]])).pixels[0]?.stored[0],
      ).toBe(0x0707);
    },
  );

  it.each([
    [
      'vanished',
      (file: string) => {
        unlinkSync(file);
      },
      'not-found',
    ],
    [
      'cut off',
      (file: string) => {
        truncateSync(file, 1000);
      },
      'malformed-file',
    ],
  ] as const)('the input %s', async (name, harm, code) => {
    large(name);
    const { jobId } = await begun(name, `${name}/out.tif`);
    harm(host.at(`${name}/cube.img`));
    const ended = await host.until(jobId, () => false);
    expect(ended).toMatchObject({ state: 'failed', error: { code, file: 'cube.img' } });
    expect(listed(name).filter((one) => !one.startsWith('cube.'))).toEqual([]);
  });

  it('the input of a CSV cut off', async () => {
    large('cut_csv');
    const { jobId } = await begun('cut_csv', 'cut_csv/out.csv', 'spectra');
    truncateSync(host.at('cut_csv/cube.img'), 1000);
    const ended = await host.until(jobId, () => false);
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'malformed-file', file: 'cube.img' } });
    expect(listed('cut_csv').filter((one) => !one.startsWith('cube.'))).toEqual([]);
  });

  it('the target’s folder removed', async () => {
    large('removed');
    mkdirSync(host.at('removed_out'));
    const { jobId } = await begun('removed', 'removed_out/out.tif');
    rmSync(host.at('removed_out'), { recursive: true });
    const ended = await host.until(jobId, () => false);
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'not-found', file: 'out.tif' } });
    expect(existsSync(host.at('removed_out'))).toBe(false);
  });

  it('closing the engine cancels and cleans up', async () => {
    const other = new TestEngine(1);
    try {
      large('closing');
      const { cubeId } = await other.open(host.at('closing/cube.img'));
      const { grantId } = other.engine.grants.grantWrite(other.at('out.tif'));
      const { jobId } = await other.start('export', {
        cubeId,
        target: grantId,
        output: { kind: 'cube', parameters: order },
      });
      await other.until(jobId, ({ total }) => total === lines * samples);
      await other.engine.close();
      expect(readdirSync(other.folder)).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('absurd parameters', () => {
  let cubeId = '';
  beforeAll(async () => {
    writeEnvi(host.folder, 'plain', cube);
    cubeId = (await host.open('plain.img')).cubeId;
  });

  it.each([
    [{ format: 'jpeg' }, 'invalid-request', 'format'],
    [{ format: 'envi', bandIndexes: [] }, 'invalid-request', 'bandIndexes'],
    [{ format: 'envi', bandIndexes: [0, -1] }, 'invalid-request', 'bandIndexes.1'],
    [{ format: 'envi', bandIndexes: [7] }, 'out-of-range', 'band'],
    [{ format: 'envi', interleave: 'bsp' }, 'invalid-request', 'interleave'],
    [{ format: 'envi', filter: { window: 10 } }, 'invalid-request', 'window'],
    [{ format: 'envi', filter: { window: 1 } }, 'invalid-request', 'window'],
    [{ format: 'envi', filter: { window: 103 } }, 'invalid-request', 'window'],
    [{ format: 'envi', filter: { window: 9 } }, 'invalid-request', 'window'],
    [{ format: 'envi', filter: { window: 3, degree: 3 } }, 'invalid-request', 'degree'],
    [{ format: 'envi', filter: { degree: 7 } }, 'invalid-request', 'degree'],
    [{ format: 'envi', filter: { degree: 1, derivative: 2 } }, 'invalid-request', 'derivative'],
    [{ format: 'envi', filter: { derivative: -1 } }, 'invalid-request', 'derivative'],
    [{ format: 'envi', filter: { edge: 'nan' } }, 'invalid-request', 'edge'],
    [{ format: 'envi', filter: { window: 5, axis: 'wavelength' } }, 'invalid-request', undefined],
    [{ format: 'envi', colour: 'red' }, 'invalid-request', undefined],
  ])('cube %o', async (order, code, field) => {
    const before = listed();
    const problem = await refusalOf(host.export('cube', cubeId, 'absurd.dat', order));
    expect(problem.code).toBe(code);
    if (field !== undefined) expect(problem.field).toBe(field);
    expect(listed()).toEqual(before);
  });

  it.each([
    [{ format: 'png', image: { kind: 'stored', parameters: { bandIndex: 0 } } }, 'invalid-request', 'stored'],
    [{ format: 'npy', image: { kind: 'band', parameters: { bandIndex: 7 } } }, 'out-of-range', 'band'],
    [{ format: 'png', image: { kind: 'band', parameters: { bandIndex: 7 } } }, 'out-of-range', 'band'],
    [
      { format: 'geotiff', image: { kind: 'composite', parameters: { bandIndexes: [0, 7, 1] } } },
      'out-of-range',
      'band',
    ],
    [{ format: 'envi', image: { kind: 'stored', parameters: { bandIndex: 7 } } }, 'out-of-range', 'band'],
    [
      { format: 'npy', image: { kind: 'composite', parameters: { bandIndexes: [0, 1] } } },
      'invalid-request',
      'image.parameters.bandIndexes',
    ],
    [
      { format: 'npy', image: { kind: 'band', parameters: { bandIndexes: [0, 1, 2] } } },
      'invalid-request',
      'image.parameters.bandIndex',
    ],
    [
      { format: 'npy', image: { kind: 'filtered', parameters: { bandIndex: 0 } } },
      'invalid-request',
      'image.parameters.filter',
    ],
    [
      { format: 'npy', image: { kind: 'band', parameters: { bandIndex: 0, filter: { window: 3 } } } },
      'invalid-request',
      'image.parameters',
    ],
    [
      {
        format: 'png',
        image: { kind: 'band', parameters: { bandIndex: 0 } },
        colouring: { colourMap: 'jet' },
      },
      'invalid-request',
      'colouring.colourMap',
    ],
  ])('image %o', async (order, code, field) => {
    const before = listed();
    expect(await refusalOf(host.export('image', cubeId, 'absurd.out', order))).toMatchObject({ code, field });
    expect(listed()).toEqual(before);
  });

  it('spectra outside the image', async () => {
    for (const [at, field] of [
      [{ line: 5, sample: 0 }, 'line'],
      [{ line: 0, sample: 6 }, 'sample'],
    ] as const) {
      expect(await refusalOf(host.export('spectra', cubeId, 'absurd.csv', { at: [at] }))).toMatchObject({
        code: 'out-of-range',
        field,
      });
    }
    expect(listed()).not.toContain('absurd.csv');
  });
});
