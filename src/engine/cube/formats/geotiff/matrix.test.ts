import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  dataTypes,
  isComplexType,
  newStoredArray,
  type DataType,
  type StoredArray,
} from '../../../base/dataTypes.ts';
import { layoutOf, openBytes, readStored } from './testFiles.ts';
import { writeTiff, type TestCompression, type TestImage } from './testWriter.ts';

// Odd sizes that no block divides.
const lines = 21;
const samples = 37;
const bands = 3;

/** [line][sample][band]; the bits of a value depend on its position, so that no two neighbours are mixed up unseen. */
function testPixels(dataType: DataType): StoredArray {
  const pixels = newStoredArray(dataType, lines * samples * bands);
  for (let i = 0; i < pixels.length; i++) {
    const value = (i % 113) * 7 - 300;
    if (pixels instanceof BigInt64Array) pixels[i] = BigInt(value) * (2n ** 53n + 1n);
    else if (pixels instanceof BigUint64Array)
      pixels[i] = BigInt.asUintN(64, BigInt(value) * (2n ** 53n + 1n));
    else pixels[i] = dataType.includes('int') ? value : i % 50 === 0 ? NaN : value / 8;
  }
  return pixels;
}

/** The window of these pixels as [band][line][sample]. */
function expected(
  pixels: StoredArray,
  dataType: DataType,
  window: { line0: number; sample0: number; lines: number; samples: number },
  wanted: readonly number[],
): StoredArray {
  const parts = isComplexType(dataType) ? 2 : 1;
  const out = newStoredArray(dataType, window.lines * window.samples * wanted.length);
  let to = 0;
  for (const band of wanted) {
    for (let l = 0; l < window.lines; l++) {
      for (let s = 0; s < window.samples; s++) {
        const from = (((window.line0 + l) * samples + window.sample0 + s) * bands + band) * parts;
        for (let part = 0; part < parts; part++) out[to++] = pixels[from + part] as never;
      }
    }
  }
  return out;
}

const whole = { line0: 0, sample0: 0, lines, samples };
const inner = { line0: 5, sample0: 9, lines: 13, samples: 20 };

async function check(image: TestImage, options: Parameters<typeof writeTiff>[1]): Promise<void> {
  const bytes = writeTiff([image], options);
  const cube = await openBytes(bytes);
  expect(cube.description).toMatchObject({ dataType: image.dataType, lines, samples, bands });
  expect(cube.description.interleave).toBe(image.planar === 'contiguous' ? 'bip' : 'bsq');
  const layout = layoutOf(cube);
  for (const [window, wanted] of [
    [whole, [0, 1, 2]],
    [inner, [2, 0]],
    [{ line0: 20, sample0: 36, lines: 1, samples: 1 }, [1]],
    [{ line0: 3, sample0: 0, lines: 6, samples }, [1, 1]],
  ] as const) {
    const got = await readStored(bytes, layout, window, wanted);
    const want = expected(image.pixels, image.dataType, window, wanted);
    expect(Buffer.compare(bytesIn(got), bytesIn(want))).toBe(0);
  }
}

const bytesIn = (array: StoredArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const predictors = (compression: TestCompression, dataType: DataType): (1 | 2 | 3)[] => {
  if (compression === 'none' || compression === 'packbits') return [1];
  const list: (1 | 2 | 3)[] = [1];
  if (bytesOf(dataType) <= 8) list.push(2);
  if (dataType.startsWith('float')) list.push(3);
  return list;
};

describe.each(dataTypes)('%s', (dataType) => {
  const pixels = testPixels(dataType);
  describe.each(['none', 'lzw', 'lzwOld', 'deflate', 'packbits', 'zstd'] as const)('%s', (compression) => {
    it.each(predictors(compression, dataType))('predictor %d, every layout', async (predictor) => {
      for (const planar of ['contiguous', 'separate'] as const) {
        for (const blocks of [{ tile: { lines: 16, samples: 16 } }, { stripLines: 4 }, {}]) {
          for (const big of [false, true]) {
            for (const byteOrder of ['little', 'big'] as const) {
              const base = { lines, samples, bands, dataType, pixels, planar, compression, predictor };
              await check({ ...base, ...blocks }, { big, byteOrder });
            }
          }
        }
      }
    });
  });
});

it('reads reversed bits (FillOrder 2), compressed or not', async () => {
  const dataType = 'uint16';
  const pixels = testPixels(dataType);
  for (const compression of ['none', 'lzw', 'deflate'] as const) {
    const base = { lines, samples, bands, dataType, pixels, compression } as const;
    await check({ ...base, planar: 'contiguous', predictor: 1, fillOrder: 2 }, { byteOrder: 'big' });
  }
});
