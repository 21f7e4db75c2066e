import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf } from '../../../base/dataTypes.ts';
import { CubelensError } from '../../../base/errors.ts';
import { layoutOf, openBytes, readStored } from './testFiles.ts';
import { writeTiff, type TestImage } from './testWriter.ts';

const pixels = Uint16Array.from({ length: 9 * 11 * 3 }, (_, i) => i * 37);
const base = { lines: 9, samples: 11, bands: 3, dataType: 'uint16', pixels, planar: 'contiguous' } as const;
const metadata =
  '<GDALMetadata><Item name="wavelength" sample="0">450</Item><Item name="wavelength_units" sample="0">nm</Item></GDALMetadata>';
const tags: TestImage['tags'] = [
  { tag: 33550, type: 12, values: [30, 30, 0] },
  { tag: 33922, type: 12, values: [0, 0, 0, 1, 2, 0] },
  { tag: 34735, type: 3, values: [1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32633] },
  { tag: 42112, type: 2, values: metadata },
  { tag: 42113, type: 2, values: '0' },
];

const seeds = (['none', 'lzw', 'lzwOld', 'deflate', 'packbits', 'zstd'] as const).flatMap((compression) => {
  const predictor = compression === 'none' || compression === 'packbits' ? 1 : 2;
  const strips: TestImage = { ...base, compression, predictor, stripLines: 4, tags };
  const tiles: TestImage = {
    ...base,
    compression,
    predictor,
    planar: 'separate',
    tile: { lines: 8, samples: 8 },
    tags,
  };
  return [writeTiff([strips]), writeTiff([tiles, strips], { big: true, byteOrder: 'big' })];
});

/** Opens and reads up to 64 lines and samples of up to four bands, as a view would. */
async function openAndRead(bytes: Uint8Array): Promise<void> {
  const cube = await openBytes(bytes);
  const layout = layoutOf(cube);
  // Blocks are bounded by what the file can hold: 32768 bytes for each byte of it (ZSTD) at most.
  const { blockLines, blockSamples, compression } = layout.image;
  if (compression !== 1)
    expect(blockLines * blockSamples * bytesOf(layout.dataType)).toBeLessThanOrEqual(2 ** 30);
  const window = {
    line0: 0,
    sample0: 0,
    lines: Math.min(64, layout.lines),
    samples: Math.min(64, layout.samples),
  };
  const bands = Array.from({ length: Math.min(4, layout.bands) }, (_, i) => i);
  await readStored(bytes, layout, window, bands, cube.description.bandRecords[0]?.noData ?? null);
}

async function onlyOurErrors(bytes: Uint8Array): Promise<void> {
  try {
    await openAndRead(bytes);
  } catch (thrown) {
    if (!(thrown instanceof CubelensError) || thrown.code === 'internal') throw thrown;
    expect(['malformed-file', 'unsupported-format']).toContain(thrown.code);
  }
}

const interesting = fc.constantFrom(0, 1, 2, 7, 127, 128, 254, 255);
const mutation = fc.tuple(fc.nat(), fc.oneof(interesting, fc.integer({ min: 0, max: 255 })));

it('reads every seed', async () => {
  for (const bytes of seeds) await openAndRead(bytes);
});

it('mutated files give a CubelensError or pixels', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(mutation, { minLength: 1, maxLength: 8 }),
      async (seed, changes) => {
        const bytes = seed.slice();
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        await onlyOurErrors(bytes);
      },
    ),
    { numRuns: 3000 },
  );
});

it('mutated directories give a CubelensError or pixels', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      async (seed, changes) => {
        const bytes = seed.slice();
        // The first directory stands after the first image's blocks: the header names its place.
        const view = new DataView(bytes.buffer);
        const start = bytes[2] === 42 ? view.getUint32(4, true) : Number(view.getBigUint64(8, false));
        for (const [at, value] of changes) bytes[start + (at % (bytes.length - start))] = value;
        await onlyOurErrors(bytes);
      },
    ),
    { numRuns: 3000 },
  );
});

it('cut files give a CubelensError or pixels', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (seed, share) => {
        await onlyOurErrors(seed.slice(0, Math.floor(seed.length * share)));
      },
    ),
    { numRuns: 300 },
  );
});
