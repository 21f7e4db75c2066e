import { expect, it } from 'vitest';
import { latentSvg, lossSvg } from './svg.ts';

it('says how many dimensions the picture of a training leaves out', () => {
  const epochOf = (epoch: number, latent: number) => ({
    epoch,
    elbo: -epoch,
    reconstruction: epoch,
    klPerDimension: Array.from({ length: latent }, (_, k) => k),
    beta: 1,
    noiseVariance: 1,
  });
  const training = (latent: number): string =>
    lossSvg({
      rows: 10,
      validationRows: 0,
      epochs: [epochOf(1, latent), epochOf(2, latent), epochOf(3, latent)],
      stop: 'epochs',
      backends: [],
      keptEpoch: 3,
      eigenvalues: [],
      meanVariance: 1,
      notes: [],
    });
  expect(training(10)).toContain('>and 2 more<');
  expect(training(10)).not.toContain('KL of z9');
  expect(training(8)).not.toContain('more<');
  const across = [...training(2).matchAll(/text-anchor="middle" fill="#5b6470">([^<]+)</g)];
  // Of both plots; epochs are whole.
  expect(across.map(([, tick]) => tick)).toEqual(['1', '2', '3', '1', '2', '3']);
});

it('says how many classes the scatter does not name', () => {
  const rows = 15;
  const numbers = Float32Array.from({ length: 2 * rows }, (_, k) => k);
  const dimensions = [0, 1].map((index) => ({ index, kl: 1, active: true }));
  const names = Array.from({ length: rows }, (_, k) => `class ${k}`);
  const ofRow = Int32Array.from({ length: rows }, (_, k) => k);
  const svg = latentSvg({ rows, latent: 2, mu: numbers, sigma: numbers }, { dimensions }, { ofRow, names });
  expect(svg).toContain('>and 3 more<');
  expect(svg).not.toContain('class 12');
});
