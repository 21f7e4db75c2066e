import { describe, expect, it } from 'vitest';
import { asCubelensError } from '../base/errors.ts';
import type { BandRecord, CubeDescription } from '../cube/cube.ts';
import { bandAtWavelength, completeFilter } from './defaults.ts';

const cubeOf = (wavelengthsNm: (number | null)[], bad: readonly number[] = []): CubeDescription => ({
  file: 'x.img',
  format: 'memory',
  images: [],
  imageId: 'x',
  lines: 1,
  samples: 1,
  bands: wavelengthsNm.length,
  dataType: 'uint8',
  interleave: 'bsq',
  byteOrder: 'little',
  headerOffset: 0,
  bandRecords: wavelengthsNm.map((wavelengthNm, band): BandRecord => ({
    name: null,
    wavelengthNm,
    fwhmNm: 8,
    good: !bad.includes(band),
    noData: null,
    scale: null,
    offset: null,
    unit: null,
    time: null,
  })),
  wavelengthUnits: null,
  geoTransform: null,
  crs: null,
  geoKeys: null,
  joinIndexes: [],
  defaultBands: null,
  classes: null,
  metadata: {},
  assumptions: [],
});

const codeOf = (work: () => unknown): string => {
  try {
    return String(work());
  } catch (thrown) {
    const { code, place } = asCubelensError(thrown);
    return `${code} ${place.field}`;
  }
};

describe('a filter that leaves things out', () => {
  const waves = cubeOf([400, 410, 420]);
  it('is none without window, degree and derivative', () => {
    expect(completeFilter(waves, {}, 'image')).toBeNull();
    expect(codeOf(() => completeFilter(waves, { edge: 'nan' }, 'image'))).toBe('invalid-request edge');
    expect(codeOf(() => completeFilter(waves, { axis: 'band', gap: 'strict' }, 'spectrum'))).toBe(
      'invalid-request axis',
    );
  });

  it.each([
    ['image', { window: 7 }, [7, 2, 0]],
    ['image', { degree: 3 }, [11, 3, 0]],
    ['image', { derivative: 1 }, [11, 2, 1]],
    ['spectrum', { window: 7 }, [7, 2, 2]],
    ['spectrum', { degree: 1 }, [11, 1, 1]],
    ['spectrum', { degree: 4 }, [11, 4, 2]],
    ['spectrum', { degree: 4, derivative: 0 }, [11, 4, 0]],
  ] as const)('%s %o', (purpose, asked, [window, degree, derivative]) => {
    const rest = { edge: 'fit', gap: 'refit' };
    expect(completeFilter(waves, asked, purpose)).toEqual({
      window,
      degree,
      derivative,
      axis: 'wavelength',
      ...rest,
    });
    expect(completeFilter(cubeOf([null, null]), asked, purpose)?.axis).toBe('band');
  });
});

describe('the band of a wavelength', () => {
  // Two detectors that overlap; band 3 (410 again) is bad.
  const cube = cubeOf([400, 410, 420, 410, 415, 425, 435], [3]);
  it.each([
    [400, 0],
    [404.9, 0],
    [405, 0],
    [412, 1],
    // 415 lies in both: the nearest wins.
    [416, 4],
    // 417.5 is as far from 420 (band 3) as from 415 (band 5): the lower number.
    [417.5, 2],
    [390, 0],
    [445, 6],
  ])('%d nm', (nm, bandIndex) => {
    expect(bandAtWavelength(cube, nm)).toBe(bandIndex);
  });

  it('farther than a step from all good bands there is none', () => {
    expect(codeOf(() => bandAtWavelength(cube, 389.9))).toBe('out-of-range wavelength');
    expect(codeOf(() => bandAtWavelength(cube, 445.1))).toBe('out-of-range wavelength');
    expect(codeOf(() => bandAtWavelength(cubeOf([null]), 500))).toBe('invalid-request wavelength');
    expect(codeOf(() => bandAtWavelength(cubeOf([500], [0]), 500))).toBe('out-of-range wavelength');
  });
});
