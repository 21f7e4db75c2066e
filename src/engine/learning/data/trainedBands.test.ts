import { describe, expect, it } from 'vitest';
import { plainBand } from '../../cube/cube.ts';
import { trainedBands, type DescribedBands } from './trainedBands.ts';

const trained = {
  names: ['band 1', 'band 3'],
  columns: 2,
  bands: 4,
  wavelengthsNm: [500, 700],
  spectrum: null,
};

const cube = (wavelengths: readonly (number | null)[], bad: readonly number[] = []): DescribedBands => ({
  file: 'scene.dat',
  bandRecords: wavelengths.map((wavelengthNm, k) => ({ ...plainBand, wavelengthNm, good: !bad.includes(k) })),
});

const notesOf = (of: DescribedBands): string[] => trainedBands(trained, of, 'The model').notes;

describe('the bands of a trained model', () => {
  it('are those of their numbers, without a note on the same sensor', () => {
    const found = trainedBands(trained, cube([500, 600, 700.5, 800]), 'The model');
    expect(found).toEqual({ bands: [0, 2], notes: [] });
    const unnamed = { ...trained, names: [], bands: null };
    expect(trainedBands(unnamed, cube([500, 600, 700], [1]), 'The model').bands).toEqual([0, 2]);
    expect(trainedBands(unnamed, cube([500, 700], [1]), 'The model').bands).toEqual([0, 1]);
  });

  it('come with what may make them others', () => {
    expect(notesOf(cube([500, 600, 705, 800]))).toEqual([
      'Bands of scene.dat lie up to 5.0 nm away from those that the model was trained on.',
    ]);
    expect(notesOf(cube([null, null, null, null, null]))).toEqual([
      'The model was trained on a cube of 4 bands; scene.dat has 5: the same numbers may be other bands.',
      'Wavelengths could not be compared: scene.dat has none.',
    ]);
    expect(notesOf(cube([500, 600, null, 800], [2]))).toEqual([
      'scene.dat marks bands as bad that the model takes: band 3.',
      'Wavelengths could not be compared: scene.dat has none for some bands.',
    ]);
  });

  it('are refused of a cube without them', () => {
    expect(() => trainedBands(trained, cube([500, 600]), 'The model')).toThrow(
      'The model takes band 3; scene.dat has 2.',
    );
    expect(() => trainedBands({ ...trained, names: [] }, cube([500]), 'The classifier')).toThrow(
      'The classifier takes 2 columns; scene.dat has 1 bands, of which 1 are good.',
    );
  });
});
