import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CubeDescription } from '../../cube.ts';
import { testNeighbourhood, type TestFiles } from '../testNeighbourhood.ts';
import { enviFormat } from './open.ts';

const data = path.resolve(process.env['CUBELENS_DATA'] ?? '../shared/data');
const isHere = existsSync(data);

/** A real folder: headers as they are, of the other files only the sizes. */
async function openReal(folder: string, name: string): Promise<CubeDescription> {
  const files: TestFiles = {};
  for (const one of readdirSync(path.join(data, folder))) {
    const file = path.join(data, folder, one);
    files[one] = one.endsWith('.hdr') ? readFileSync(file) : { size: statSync(file).size };
  }
  return (await enviFormat.open(testNeighbourhood(name, files), {})).description;
}

// Facts from the data folder's README.
describe('real headers', () => {
  it.skipIf(!isHere)('Salton Sea, int16 BIP', async () => {
    const cube = await openReal('salton_sea', 'salton_sea_aviris_int16.hdr');
    expect(cube).toMatchObject({
      file: 'salton_sea_aviris_int16.bip',
      lines: 51,
      samples: 56,
      bands: 224,
      dataType: 'int16',
      interleave: 'bip',
      byteOrder: 'little',
      wavelengthUnits: 'Nanometers',
      assumptions: [],
    });
    expect(cube.bandRecords[0]).toMatchObject({
      wavelengthNm: 365.9136593,
      fwhmNm: 9.8521,
      noData: -9999,
      scale: 1e-4,
    });
    expect(cube.bandRecords[223]?.wavelengthNm).toBe(2496.2236593);
    expect(cube.bandRecords.filter((band) => !band.good)).toHaveLength(20);
  });

  it.skipIf(!isHere)('Salton Sea, float32 big-endian BSQ, by its data file', async () => {
    const cube = await openReal('salton_sea', 'salton_sea_aviris_float32_be.bsq');
    expect(cube).toMatchObject({
      dataType: 'float32',
      interleave: 'bsq',
      byteOrder: 'big',
      bands: 224,
      assumptions: [],
    });
    expect(cube.bandRecords[0]).toMatchObject({ wavelengthNm: 365.9136593, noData: null, scale: null });
  });

  it.skipIf(!isHere)('corn kernel, without byte order and offset', async () => {
    const cube = await openReal('corn_kernel', 'corn-kernel-hyperspectral.raw');
    expect(cube).toMatchObject({ lines: 31, samples: 43, bands: 580, dataType: 'uint16', interleave: 'bil' });
    expect(cube.bandRecords[0]?.wavelengthNm).toBe(366.551);
    expect(cube.bandRecords[579]?.wavelengthNm).toBe(1048.421);
    expect(cube.assumptions.map(({ field }) => field)).toEqual(['header offset', 'byte order']);
  });

  it.skipIf(!isHere)('Jasper Ridge, names without wavelengths', async () => {
    const cube = await openReal('jasper_ridge', 'jasper_ridge_aviris.hdr');
    expect(cube).toMatchObject({
      lines: 100,
      samples: 100,
      bands: 198,
      dataType: 'uint16',
      interleave: 'bil',
    });
    expect(cube.bandRecords[0]).toMatchObject({ name: 'AVIRIS channel 4', wavelengthNm: null, good: true });
    expect(cube.metadata['sensor type']).toBe('AVIRIS');
  });

  it.skipIf(!isHere)('class maps', async () => {
    const jasper = await openReal('jasper_ridge', 'jasper_ridge_classes.img');
    expect(jasper.classes?.map(({ name }) => name)).toEqual(['unlabelled', 'Tree', 'Water', 'Dirt', 'Road']);
    expect(jasper.classes?.[1]?.rgb).toEqual([40, 120, 40]);
    const pines = await openReal('indian_pines', 'indian_pines_gt.hdr');
    expect(pines).toMatchObject({ lines: 145, samples: 145, bands: 1, dataType: 'uint8' });
    expect(pines.classes).toHaveLength(17);
  });
});
