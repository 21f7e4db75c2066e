import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import {
  demoClassMapCube,
  demoNoDataValue,
  demoRecipe,
  demoScene,
  demoSceneCube,
  type DemoScene,
} from './demoScene.ts';
import { demoAbundances } from './demoSceneLandscape.ts';
import { demoMaterials, materialReflectance } from './demoSceneMaterials.ts';

const standard = demoScene(demoRecipe());
const clean = demoScene(demoRecipe({ noise: false }));
const small = { lines: 30, samples: 40 };

const storedAt = ({ recipe, stored }: DemoScene, line: number, sample: number): number[] =>
  Array.from(
    { length: recipe.bands },
    (_, band) => stored[(line * recipe.bands + band) * recipe.samples + sample] ?? NaN,
  );

const sha256 = (scene: DemoScene): string => createHash('sha256').update(scene.stored).digest('hex');

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CubelensError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('bands', () => {
  const { wavelengthsNm, fwhmNm, bandIsGood, bandNames } = standard;
  const steps = wavelengthsNm.slice(1).map((nm, i) => nm - (wavelengthsNm[i] ?? NaN));

  it('are 160 in two detectors, of which the second starts 30 nm back', () => {
    expect(wavelengthsNm).toHaveLength(160);
    expect(fwhmNm).toHaveLength(160);
    expect(steps.filter((step) => step < 0)).toEqual([-30]);
    expect(steps.indexOf(-30)).toBe(79);
    expect([wavelengthsNm[0], wavelengthsNm[79], wavelengthsNm[80], wavelengthsNm[159]]).toEqual([
      400, 953, 923, 1713,
    ]);
    expect([bandNames[79], bandNames[80]]).toEqual(['VNIR 80', 'SWIR 1']);
  });

  it('lie 4 to 10 nm apart, growing in the first detector and even in the second', () => {
    const forward = steps.filter((step) => step > 0);
    expect(Math.min(...forward)).toBeCloseTo(4, 9);
    expect(Math.max(...forward)).toBeCloseTo(10, 9);
    expect(steps.slice(80).every((step) => step === 10)).toBe(true);
    // Each step is 6/78 nm more than the one before, but for the rounding to 0.001 nm.
    for (let i = 1; i < 79; i += 1) {
      expect(Math.abs((steps[i] ?? 0) - (steps[i - 1] ?? 0) - 6 / 78)).toBeLessThan(0.0021);
    }
  });

  it('are bad at the water vapour: bands 125 to 132, 1363 to 1433 nm', () => {
    const bad = bandIsGood.flatMap((good, band) => (good ? [] : [band + 1]));
    expect(bad).toEqual([125, 126, 127, 128, 129, 130, 131, 132]);
    expect([wavelengthsNm[124], wavelengthsNm[131]]).toEqual([1363, 1433]);
  });
});

describe('material spectra', () => {
  it('are plausible reflectances at every band', () => {
    for (const material of demoMaterials) {
      for (const nm of standard.wavelengthsNm) {
        const value = materialReflectance(material, nm, 0);
        expect(value).toBeGreaterThan(0.008);
        expect(value).toBeLessThan(0.6);
      }
    }
  });

  it('have the derivatives that central differences of order 4 give', () => {
    const anyMaterial = fc.constantFrom(...demoMaterials);
    fc.assert(
      fc.property(anyMaterial, fc.double({ min: 390, max: 1800, noNaN: true }), (material, nm) => {
        const r = (offset: number, order: 0 | 1): number => materialReflectance(material, nm + offset, order);
        const h = 0.25;
        for (const order of [0, 1] as const) {
          const numeric =
            (r(-2 * h, order) - 8 * r(-h, order) + 8 * r(h, order) - r(2 * h, order)) / (12 * h);
          const exact = materialReflectance(material, nm, order === 0 ? 1 : 2);
          expect(Math.abs(numeric - exact)).toBeLessThan(1e-8 * (order === 0 ? 1 : 0.1));
        }
      }),
    );
  });

  it('are known at the centre of an absorption: second derivative of a lone Gaussian is depth / sigma^2', () => {
    const road = demoMaterials[3];
    if (road === undefined) throw new Error('no road');
    // 1690 nm: depth 0.022, sigma 24; the next feature is 480 nm away.
    expect(materialReflectance(road, 1690, 2)).toBeCloseTo(0.022 / 24 ** 2, 15);
    expect(materialReflectance(road, 1690, 1)).toBeCloseTo(3e-5, 15);
    expect(materialReflectance(road, 1690, 0)).toBeCloseTo(0.12 + 3e-5 * 1290 - 0.022, 12);
  });
});

describe('the picture', () => {
  const { abundances, classMap, recipe } = standard;

  it('has abundances from 0 to 1 with sum 1 in every pixel', () => {
    let worst = 0;
    for (let pixel = 0; pixel < recipe.lines * recipe.samples; pixel += 1) {
      const mixture = abundances.subarray(pixel * 5, pixel * 5 + 5);
      worst = Math.max(worst, Math.abs(mixture.reduce((sum, share) => sum + share, 0) - 1));
      if (mixture.some((share) => !(share >= 0 && share <= 1))) throw new Error(`pixel ${pixel}`);
    }
    expect(worst).toBeLessThan(1e-14);
  });

  it('is smooth: between neighbours on a line sampled four times as finely no share moves by more than 0.3', () => {
    const samples = 1280;
    const fine = demoAbundances(demoRecipe({ lines: 48, samples, bands: 4 }));
    let largest = 0;
    for (let i = 0; i + 5 < fine.length; i += 1) {
      if (Math.floor(i / 5) % samples === samples - 1) continue;
      largest = Math.max(largest, Math.abs((fine[i + 5] ?? 0) - (fine[i] ?? 0)));
    }
    expect(largest).toBeLessThan(0.3);
  });

  it('shows every material on at least 3 % of the pixels, and pure pixels of each', () => {
    for (let material = 0; material < 5; material += 1) {
      const share = classMap.filter((c) => c === material + 1).length / classMap.length;
      expect(share).toBeGreaterThan(0.03);
      const purest = abundances.reduce((best, a, i) => (i % 5 === material ? Math.max(best, a) : best), 0);
      expect(purest).toBeGreaterThan(0.93);
    }
  });

  it('has class 0 and stored 65535 in a triangle at the top right, and nowhere else', () => {
    const { lines, samples, bands } = recipe;
    // Legs of 24 pixels: 24 + 23 + ... + 1 = 300.
    expect(classMap.filter((c) => c === 0)).toHaveLength(300);
    for (let line = 0; line < lines; line += 1) {
      for (let sample = 0; sample < samples; sample += 1) {
        const corner = samples - sample + line <= 24;
        expect(classMap[line * samples + sample] === 0).toBe(corner);
        if (!corner) continue;
        expect(storedAt(standard, line, sample).every((v) => v === demoNoDataValue)).toBe(true);
        expect(standard.noiseFreeSpectrum(line, sample, 0).every(Number.isNaN)).toBe(true);
      }
    }
    expect(standard.stored.filter((v) => v === demoNoDataValue)).toHaveLength(300 * bands);
  });
});

describe('stored values', () => {
  it('are the noise-free reflectance x 10000, rounded, where noise is off', () => {
    const { lines, samples } = clean.recipe;
    for (let line = 0; line < lines; line += 7) {
      for (let sample = 0; sample < samples; sample += 5) {
        if (clean.classMap[line * samples + sample] === 0) continue;
        const expected = Array.from(clean.noiseFreeSpectrum(line, sample, 0), (r) => Math.round(r * 10_000));
        expect(storedAt(clean, line, sample)).toEqual(expected);
      }
    }
  });

  it('carry normal noise of 10 counts (and 1/12 of rounding), 200 in bad bands, independent between bands', () => {
    const good = { count: 0, sum: 0, squares: 0, neighbours: 0, beyond: 0 };
    const bad = { count: 0, squares: 0 };
    const { lines, samples } = standard.recipe;
    for (let line = 0; line < lines; line += 3) {
      for (let sample = 0; sample < samples; sample += 3) {
        // Water is so dark that the large noise of bad bands meets the limit at 0.
        if ((standard.classMap[line * samples + sample] ?? 0) < 2) continue;
        const truth = standard.noiseFreeSpectrum(line, sample, 0);
        const noise = storedAt(standard, line, sample).map((v, band) => v - (truth[band] ?? NaN) * 10_000);
        for (const [band, n] of noise.entries()) {
          if (standard.bandIsGood[band] === true) {
            good.count += 1;
            good.sum += n;
            good.squares += n * n;
            if (band > 0 && band < 124) good.neighbours += n * (noise[band - 1] ?? 0);
            if (Math.abs(n) > 20) good.beyond += 1;
          } else if ((truth[band] ?? 0) > 0.1) {
            bad.count += 1;
            bad.squares += n * n;
          }
        }
      }
    }
    // About 1.1 million good values: standard errors 0.01, 0.14, 0.0002.
    expect(good.count).toBeGreaterThan(1_000_000);
    expect(Math.abs(good.sum / good.count)).toBeLessThan(0.04);
    expect(Math.abs(good.squares / good.count - (100 + 1 / 12))).toBeLessThan(0.6);
    expect(Math.abs(good.neighbours / good.squares)).toBeLessThan(0.005);
    expect(Math.abs(good.beyond / good.count - 0.0455)).toBeLessThan(0.002);
    expect(bad.count).toBeGreaterThan(10_000);
    expect(Math.abs(Math.sqrt(bad.squares / bad.count) / 200 - 1)).toBeLessThan(0.02);
  });

  it('are the same for the same recipe, other for another seed', () => {
    const again = demoScene(demoRecipe());
    expect(sha256(again)).toBe(sha256(standard));
    expect(again.classMap).toEqual(standard.classMap);
    const one = demoScene(demoRecipe({ ...small, seed: 1 }));
    expect(sha256(demoScene(demoRecipe({ ...small, seed: 1 })))).toBe(sha256(one));
    expect(sha256(demoScene(demoRecipe({ ...small, seed: 2 })))).not.toBe(sha256(one));
  });

  it('keep noise apart from no data at any noise', () => {
    const wild = demoScene(demoRecipe({ ...small, noiseSigma: 1, badBandNoiseFactor: 1000 }));
    const noData = wild.stored.filter((v) => v === demoNoDataValue);
    expect(noData).toHaveLength(wild.classMap.filter((c) => c === 0).length * 160);
  });
});

describe('noiseFreeSpectrum', () => {
  it('mixes the materials’ exact derivatives by their abundances', () => {
    const pixel = 100 * 320 + 200;
    for (const order of [0, 1, 2] as const) {
      const spectrum = standard.noiseFreeSpectrum(100, 200, order);
      for (const [band, nm] of standard.wavelengthsNm.entries()) {
        const mixed = demoMaterials.reduce(
          (sum, material, m) =>
            sum + (standard.abundances[pixel * 5 + m] ?? NaN) * materialReflectance(material, nm, order),
          0,
        );
        expect(spectrum[band]).toBeCloseTo(mixed, 15);
      }
    }
  });

  it('refuses pixels outside the scene', () => {
    for (const [line, sample] of [
      [-1, 0],
      [240, 0],
      [0, 320],
      [0.5, 0],
      [NaN, 0],
    ] as const) {
      expect(codeOf(() => standard.noiseFreeSpectrum(line, sample, 0))).toBe('out-of-range');
    }
  });
});

describe('recipe', () => {
  it('takes other sizes: the same map and range of wavelengths, the overlap kept', () => {
    for (const bands of [4, 5, 40, 321]) {
      const scene = demoScene(demoRecipe({ ...small, bands }));
      expect(scene.stored).toHaveLength(30 * 40 * bands);
      const half = Math.floor(bands / 2);
      expect(scene.wavelengthsNm).toHaveLength(bands);
      expect(scene.wavelengthsNm[half]).toBe((scene.wavelengthsNm[half - 1] ?? NaN) - 30);
      expect(scene.wavelengthsNm.at(-1)).toBe(1713);
    }
    expect(demoScene(demoRecipe({ lines: 1, samples: 1, noDataCorner: 0 })).classMap[0]).toBeGreaterThan(0);
  });

  it('refuses numbers that make no scene', () => {
    expect(codeOf(() => demoRecipe({ lines: 0 }))).toBe('invalid-request');
    expect(codeOf(() => demoRecipe({ samples: 1.5 }))).toBe('invalid-request');
    expect(codeOf(() => demoRecipe({ bands: 3 }))).toBe('invalid-request');
    expect(codeOf(() => demoRecipe({ seed: 2 ** 60 }))).toBe('invalid-request');
    expect(codeOf(() => demoRecipe({ noiseSigma: NaN }))).toBe('invalid-request');
    expect(codeOf(() => demoRecipe({ lines: 60_000, samples: 60_000 }))).toBe('resource-exhausted');
  });
});

describe('as cubes', () => {
  it('describes the scene with band records, map and layout over the same memory', () => {
    const { description, layout, files } = demoSceneCube(standard);
    expect(description).toMatchObject({
      format: 'memory',
      lines: 240,
      samples: 320,
      bands: 160,
      dataType: 'uint16',
      interleave: 'bil',
      headerOffset: 0,
      wavelengthUnits: 'Nanometers',
      geoTransform: [368_000, 10, 0, 5_808_000, 0, -10],
    });
    expect(description.bandRecords).toHaveLength(160);
    expect(description.bandRecords[130]).toEqual({
      name: 'SWIR 51',
      wavelengthNm: 1423,
      fwhmNm: 12,
      good: false,
      noData: 65535,
      scale: 0.0001,
      offset: null,
      unit: 'reflectance',
      time: null,
    });
    const shown = description.defaultBands?.map((band) => standard.wavelengthsNm[band] ?? NaN) ?? [];
    for (const [i, nm] of [640, 550, 470].entries()) {
      expect(Math.abs((shown[i] ?? NaN) - nm)).toBeLessThan(4);
    }
    expect(layout).toMatchObject({ kind: 'raw', lines: 240, samples: 320, bands: 160, headerOffset: 0 });
    const source = files[0];
    expect(source?.kind === 'memory' && source.buffer === standard.stored.buffer).toBe(true);
    expect(standard.stored.byteLength).toBe(240 * 320 * 160 * 2);
  });

  it('describes the class map with six classes', () => {
    const { description, layout } = demoClassMapCube(standard);
    expect(description).toMatchObject({ bands: 1, dataType: 'uint8', lines: 240, samples: 320 });
    expect(description.classes?.map(({ name }) => name)).toEqual([
      'No data',
      'Water',
      'Crop',
      'Soil',
      'Road',
      'Trees',
    ]);
    expect(layout.kind === 'raw' && layout.source.kind === 'memory' && layout.source.buffer).toBe(
      standard.classMap.buffer,
    );
  });

  it('names the coordinate system as the EPSG list does', () => {
    interface Listed {
      wkid: number;
      wkt: string;
    }
    const list = createRequire(import.meta.url)('@esri/proj-codes/pe_list_projcs.json') as {
      ProjectedCoordinateSystems: Listed[];
    };
    const listed = list.ProjectedCoordinateSystems.find(({ wkid }) => wkid === 32633);
    expect(demoSceneCube(standard).description.crs).toMatchObject({ epsg: 32633, wkt: listed?.wkt });
  });
});
