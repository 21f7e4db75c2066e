import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoRecipe, demoScene } from '../src/engine/cube/demoScene.ts';
import { buildAxis } from '../src/engine/spectral/axis.ts';
import { filterSpectrum } from '../src/engine/spectral/filterSpectrum.ts';
import { designOperator } from '../src/engine/spectral/operator.ts';

// The table of docs/guide/demo-scene.md: how far the second derivative of one pixel lies from the exact one.

const line = 40;
const sample = 100;
const scene = demoScene(demoRecipe({ noise: false }));
const noisy = demoScene(demoRecipe({}));
const { wavelengthsNm, bandIsGood } = scene;
const { samples } = scene.recipe;
const settings = {
  window: 11,
  degree: 4,
  derivative: 2,
  axis: 'wavelength',
  edge: 'fit',
  gap: 'refit',
} as const;
const operator = designOperator(buildAxis({ kind: 'wavelength', wavelengthsNm, bandIsGood }), settings);

/** Reflectances of the pixel as the scene's file holds them: rounded to 1/10000. */
const read = (): Float64Array =>
  Float64Array.from(
    wavelengthsNm,
    (_, band) => (noisy.stored[(line * wavelengthsNm.length + band) * samples + sample] ?? NaN) / 10_000,
  );

test('the guide tells the differences as they are', () => {
  const exact = scene.noiseFreeSpectrum(line, sample, 2);
  const { result: derivative, edge } = filterSpectrum(operator, read());
  const { result: noiseFree } = filterSpectrum(operator, scene.noiseFreeSpectrum(line, sample, 0));
  const good = Array.from(bandIsGood.keys()).filter((band) => bandIsGood[band] === true);
  const inner = good.filter((band) => edge[band] !== true);
  const ends = good.filter((band) => edge[band] === true);
  const row = (title: string, bands: number[], values: ArrayLike<number>): string => {
    const sizes = bands.map((band) => ({
      band,
      size: Math.abs((values[band] ?? NaN) - (exact[band] ?? NaN)),
    }));
    sizes.sort((a, b) => a.size - b.size);
    const largest = sizes.at(-1) ?? { band: 0, size: NaN };
    const typical = (sizes[sizes.length >> 1]?.size ?? NaN).toExponential(1);
    const at = `at ${(wavelengthsNm[largest.band] ?? NaN).toFixed(0)} nm`;
    return `  ${title.padEnd(40)}  ${typical.padStart(9)}  ${largest.size.toExponential(1).padStart(9)}  ${at.padStart(10)}`;
  };
  const guide = readFileSync(join(import.meta.dirname, '../docs/guide/demo-scene.md'), 'utf8');
  for (const text of [
    row(`${inner.length} bands inside the segments`, inner, derivative),
    row('  had there been no noise', inner, noiseFree),
    row(`${ends.length} bands at the segments' ends`, ends, derivative),
    row('  had there been no noise', ends, noiseFree),
    row('The exact 2nd derivative itself', good, new Float64Array(exact.length)),
  ]) {
    expect(guide).toContain(text);
  }
});
