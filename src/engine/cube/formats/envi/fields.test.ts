import { describe, expect, it } from 'vitest';
import type { DataType } from '../../../base/dataTypes.ts';
import type { CubeDescription } from '../../cube.ts';
import { testNeighbourhood } from '../testNeighbourhood.ts';
import { enviFormat } from './open.ts';
import { headerText } from './testHeader.ts';

/** The description of 2 lines x 3 samples x 4 bands with these fields. */
async function describeWith(changes: Record<string, string | undefined>): Promise<CubeDescription> {
  const files = testNeighbourhood('x.hdr', { 'x.hdr': headerText(changes), 'x.dat': { size: 384 } });
  const { description } = await enviFormat.open(files, {});
  const assumptions = description.assumptions.filter(({ field }) => field !== 'file size');
  return { ...description, assumptions };
}

const wavelengths = (cube: CubeDescription): unknown[] =>
  cube.bandRecords.map(({ wavelengthNm }) => wavelengthNm);
const widths = (cube: CubeDescription): unknown[] => cube.bandRecords.map(({ fwhmNm }) => fwhmNm);
const good = (cube: CubeDescription): unknown[] => cube.bandRecords.map((band) => band.good);
const fieldsAssumed = (cube: CubeDescription): string[] => cube.assumptions.map(({ field }) => field);

describe('wavelengths', () => {
  it.each([
    ['Nanometers', '{450, 550.5, 650, 850}', [450, 550.5, 650, 850]],
    ['Nanometer', '{450, 550.5, 650, 850}', [450, 550.5, 650, 850]],
    ['nm', '[450. 550.5 650. 850.]', [450, 550.5, 650, 850]],
    ['Micrometers', '{0.45, 0.56, 1.0051, 2.5}', [450, 560, 1005.1, 2500]],
    ['um', '{0.45, 0.56, 1.0051, 2.5}', [450, 560, 1005.1, 2500]],
    ['µm', '{0.45, 0.56, 1.0051, 2.5}', [450, 560, 1005.1, 2500]],
    ['Millimeters', '{0.0007, 0.0008, 0.0009, 0.001}', [700, 800, 900, 1000]],
    ['Centimeters', '{0.00007, 0.00008, 0.00009, 0.0001}', [700, 800, 900, 1000]],
    ['Meters', '{7e-7, 8e-7, 9e-7, 1e-6}', [700, 800, 900, 1000]],
    ['Angstroms', '{4500, 5500.5, 6500, 8500}', [450, 550.05, 650, 850]],
    ['Wavenumber', '{10000, 5000, 2500, 1000}', [1000, 2000, 4000, 10000]],
    ['cm^-1', '{10000, 5000, 2500, 1000}', [1000, 2000, 4000, 10000]],
    // Wavelength = 299 792 458 m/s / frequency.
    ['GHz', '{299792.458, 149896.229, 29979.2458, 2997.92458}', [1000, 2000, 10000, 100000]],
    ['MHz', '{299792458, 149896229, 29979245.8, 2997924.58}', [1000, 2000, 10000, 100000]],
  ])('%s', async (unit, list, nm) => {
    const cube = await describeWith({ 'wavelength units': unit, wavelength: list });
    expect(wavelengths(cube)).toEqual(nm);
    expect(cube.wavelengthUnits).toBe(unit);
    expect(cube.assumptions).toEqual([]);
  });

  it.each([
    [undefined, '{450, 550, 650, 850}', 450, 'Nanometers'],
    [undefined, '{0.45, 0.55, 0.65, 0.85}', 450, 'Micrometers'],
    ['Unknown', '{450, 550, 650, 850}', 450, 'Nanometers'],
    ['', '{2.5, 8, 10, 12}', 2500, 'Micrometers'],
    // The rule says "above 100": 100 micrometres it is.
    ['Unknown', '{100, 110, 120, 130}', 100_000, 'Micrometers'],
  ])('unit %s with %s is judged by the smallest value', async (unit, list, first, assumed) => {
    const cube = await describeWith({ 'wavelength units': unit, wavelength: list });
    expect(wavelengths(cube)[0]).toBe(first);
    expect(cube.assumptions).toMatchObject([{ field: 'wavelength units', value: assumed }]);
  });

  it('are none where the unit is Index', async () => {
    const cube = await describeWith({
      'wavelength units': 'Index',
      wavelength: '{1, 2, 3, 4}',
      fwhm: '{1, 1, 1, 1}',
    });
    expect(wavelengths(cube)).toEqual([null, null, null, null]);
    expect(widths(cube)).toEqual([null, null, null, null]);
    expect(cube.assumptions).toMatchObject([{ field: 'wavelength', value: 'ignored' }]);
  });

  it('of another number than the bands are ignored, with both lengths', async () => {
    const cube = await describeWith({ 'wavelength units': 'nm', wavelength: '{450, 550, 650}' });
    expect(wavelengths(cube)).toEqual([null, null, null, null]);
    expect(cube.assumptions).toMatchObject([{ field: 'wavelength', value: 'ignored' }]);
    expect(cube.assumptions[0]?.why).toContain('3 entries, the cube 4 bands');
  });

  it('that are no numbers are missing in their band only', async () => {
    const cube = await describeWith({ 'wavelength units': 'nm', wavelength: '{450, n/a, nan, 850}' });
    expect(wavelengths(cube)).toEqual([450, null, null, 850]);
    expect(cube.assumptions).toMatchObject([{ field: 'wavelength' }]);
    expect(cube.assumptions[0]?.why).toContain('bands 2, 3');
  });

  it('are read under misspelt keys, and that is said', async () => {
    const cube = await describeWith({ wavelengths: '{450, 550, 650, 850}', wavelength_unts: 'nm' });
    expect(wavelengths(cube)).toEqual([450, 550, 650, 850]);
    expect(fieldsAssumed(cube)).toEqual(['wavelength', 'wavelength units']);
  });
});

describe('widths', () => {
  it('are lengths in the same unit', async () => {
    const cube = await describeWith({
      'wavelength units': 'um',
      wavelength: '{0.45, 0.55, 0.65, 0.85}',
      fwhm: '{0.0101, 0.01, 0.02, 0.02}',
    });
    expect(widths(cube)).toEqual([10.1, 10, 20, 20]);
  });

  it('are taken by the slope in inverse units: 1e7 / k² nm per cm^-1', async () => {
    const cube = await describeWith({
      'wavelength units': 'Wavenumber',
      wavelength: '{10000, 5000, 2000, 1000}',
      fwhm: '{4, 4, 4, 4}',
    });
    expect(widths(cube)).toEqual([0.4, 1.6, 10, 40]);
  });

  it('of another number than the bands are ignored', async () => {
    const cube = await describeWith({ 'wavelength units': 'nm', fwhm: '{10, 10}' });
    expect(widths(cube)).toEqual([null, null, null, null]);
    expect(fieldsAssumed(cube)).toEqual(['fwhm']);
  });
});

describe('bad bands', () => {
  it.each([
    ['{1, 0, 1, 1}', [true, false, true, true], []],
    ['{1.0, 0.0, 1.000, 1}', [true, false, true, true], []],
    ['{1, 0, 2, x}', [true, false, true, true], ['bbl']],
    ['{1, 0}', [true, true, true, true], ['bbl']],
    [undefined, [true, true, true, true], []],
  ])('%s', async (bbl, expected, assumed) => {
    const cube = await describeWith({ bbl });
    expect(good(cube)).toEqual(expected);
    expect(fieldsAssumed(cube)).toEqual(assumed);
  });
});

describe('data ignore value in the type of the file', () => {
  it.each([
    ['1', '255', 255],
    ['1', '256', null],
    ['1', '-1', null],
    ['2', '-9999', -9999],
    ['2', '-9999.0', -9999],
    ['2', '-9.999e3', -9999],
    ['2', '-9999.5', null],
    ['2', 'nan', null],
    ['12', '65535', 65535],
    ['4', '-3.40282347e+38', -3.4028234663852886e38],
    ['4', '0.1', Math.fround(0.1)],
    ['4', '-1.7976931348623157e+308', null],
    ['4', '1e-60', null],
    ['4', 'NaN', NaN],
    ['4', '-inf', -Infinity],
    ['5', '-1.7976931348623157e+308', -1.7976931348623157e308],
    ['6', '0.1', Math.fround(0.1)],
    ['14', '-9223372036854775808', -(2n ** 63n)],
    ['14', '9223372036854775808', null],
    ['14', '9007199254740993', 9007199254740993n],
    ['15', '18446744073709551615', 2n ** 64n - 1n],
    ['15', '1e19', 10n ** 19n],
    ['1', 'none', null],
    ['1', '', null],
  ])('type %s: %s', async (code, text, value) => {
    const cube = await describeWith({ 'data type': code, 'data ignore value': text });
    expect(cube.bandRecords.map(({ noData }) => noData)).toEqual([value, value, value, value]);
    expect(fieldsAssumed(cube)).toEqual(value === null && text !== '' ? ['data ignore value'] : []);
  });
});

describe('scale and offset', () => {
  const scales = (cube: CubeDescription): unknown[] =>
    cube.bandRecords.map(({ scale, offset }) => [scale, offset]);
  const gains = '{0.5, 1, 2, 4}';

  it.each([
    [{}, [null, null], []],
    [{ 'reflectance scale factor': '10000' }, [1 / 10000, null], []],
    [{ 'reflectance scale factor': '10000.0' }, [1 / 10000, null], []],
    [{ 'reflectance scale factor': '3' }, [1 / 3, null], []],
    [{ 'reflectance scale factor': '0' }, [null, null], ['reflectance scale factor']],
    [{ 'reflectance scale factor': 'ten' }, [null, null], ['reflectance scale factor']],
    [{ 'data gain values': gains }, [0.5, null], []],
    [{ 'data gain values': gains, 'data offset values': '{-1, 0, 0, 0}' }, [0.5, -1], []],
    [{ 'data offset values': '{-1, 0, 0, 0}' }, [null, -1], []],
    [{ 'data gain values': '{0.5}' }, [null, null], ['data gain values']],
    [{ 'data gain values': '{0.5, a, b, 1}' }, [null, null], ['data gain values']],
    [
      { 'data gain values': gains, 'reflectance scale factor': '10000' },
      [0.5, null],
      ['reflectance scale factor'],
    ],
    [
      {
        'data gain values': '{1, 1, 1, 1}',
        'data offset values': '{0, 0, 0, 0}',
        'reflectance scale factor': '100',
      },
      [0.01, null],
      [],
    ],
    [{ 'data reflectance gain values': gains }, [null, null], []],
  ])('%o', async (changes, first, assumed) => {
    const cube = await describeWith(changes);
    expect(scales(cube)[0]).toEqual(first);
    expect(fieldsAssumed(cube)).toEqual(assumed);
  });

  it('keeps reflectance gains as metadata', async () => {
    const cube = await describeWith({ 'data reflectance gain values': gains });
    expect(cube.metadata).toEqual({ 'data reflectance gain values': '0.5, 1, 2, 4' });
  });
});

describe('default bands', () => {
  it.each([
    ['{4, 2, 1}', [3, 1, 0], []],
    ['{2}', [1], []],
    ['{4.0, 2.0, 1.0}', [3, 1, 0], []],
    ['{2, 1, 0}', null, ['default bands']],
    ['{5, 2, 1}', null, ['default bands']],
    ['{1, 2}', null, ['default bands']],
    ['{red}', null, ['default bands']],
    [undefined, null, []],
  ])('%s', async (text, expected, assumed) => {
    const cube = await describeWith({ 'default bands': text });
    expect(cube.defaultBands).toEqual(expected);
    expect(fieldsAssumed(cube)).toEqual(assumed);
  });
});

describe('classes', () => {
  it('have names and colours', async () => {
    const { classes } = await describeWith({
      'file type': 'ENVI Classification',
      classes: '2',
      'class names': '{Unclassified, Tree}',
      'class lookup': '{0, 0, 0, 40, 120, 40}',
    });
    expect(classes).toEqual([
      { name: 'Unclassified', rgb: [0, 0, 0] },
      { name: 'Tree', rgb: [40, 120, 40] },
    ]);
  });

  it('are numbered where only their count is stated', async () => {
    const { classes } = await describeWith({ classes: '3' });
    expect(classes).toEqual(['Class 0', 'Class 1', 'Class 2'].map((name) => ({ name, rgb: null })));
  });

  it('follow the names where the count differs, and drop a colour list that does not fit', async () => {
    const cube = await describeWith({
      classes: '5',
      'class names': '{a, b}',
      'class lookup': '{0, 0, 999, 1, 1, 1}',
    });
    expect(cube.classes).toEqual([
      { name: 'a', rgb: null },
      { name: 'b', rgb: null },
    ]);
    expect(fieldsAssumed(cube)).toEqual(['classes', 'class lookup']);
    expect((await describeWith({ classes: '1e99' })).classes).toBeNull();
  });
});

describe('names and metadata', () => {
  it('ignores band names of another number', async () => {
    const cube = await describeWith({ 'band names': '{a, b}' });
    expect(cube.bandRecords.map(({ name }) => name)).toEqual([null, null, null, null]);
    expect(cube.assumptions[0]?.why).toContain('2 entries, the cube 4 bands');
  });

  it('keeps what has no field of its own', async () => {
    const cube = await describeWith({
      'X Start': '20',
      'y start': '30',
      solar_irradiance: '{1, 2}',
      'sun elevation': '',
    });
    expect(cube.metadata).toEqual({ 'x start': '20', 'y start': '30', 'solar irradiance': '1, 2' });
    expect(cube.bandRecords[0]?.time).toBeNull();
  });

  it('takes a time in ISO 8601 only', async () => {
    expect((await describeWith({ 'acquisition time': '2020-01-02' })).bandRecords[3]?.time).toBe(
      '2020-01-02',
    );
    const cube = await describeWith({ 'acquisition time': 'Tuesday noon' });
    expect(cube.bandRecords[3]?.time).toBeNull();
    expect(cube.metadata['acquisition time']).toBe('Tuesday noon');
  });

  it.each(['uint8', 'int16'] satisfies DataType[])('opens %s without any optional field', async (type) => {
    const cube = await describeWith({ 'data type': type === 'uint8' ? '1' : '2', 'file type': undefined });
    expect(cube.assumptions).toEqual([]);
    expect(cube.dataType).toBe(type);
  });
});
