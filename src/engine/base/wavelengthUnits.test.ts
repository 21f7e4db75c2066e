import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromNm, recogniseUnit, toNm, wavelengthUnits, widthFromNm, widthToNm } from './wavelengthUnits.ts';

describe('toNm', () => {
  it.each([
    [0.45, 'Micrometers', 450],
    [0.56, 'Micrometers', 560],
    [1.0051, 'Micrometers', 1005.1],
    [0.41824, 'Micrometers', 418.24],
    [418.24, 'Nanometers', 418.24],
    [0.0007, 'Millimeters', 700],
    [0.00007, 'Centimeters', 700],
    [5.5e-7, 'Meters', 550],
    [5500.5, 'Angstroms', 550.05],
    [10000, 'Wavenumber', 1000],
    [299792.458, 'GHz', 1000],
    [299792458, 'MHz', 1000],
  ] as const)('%d %s is %d nm', (value, unit, nm) => {
    expect(toNm(value, unit)).toBe(nm);
    expect(fromNm(nm, unit)).toBe(value);
  });

  it('gives no wavelength where there is none', () => {
    expect(toNm(NaN, 'Nanometers')).toBeNull();
    expect(toNm(Infinity, 'Micrometers')).toBeNull();
    expect(toNm(0, 'Wavenumber')).toBeNull();
    expect(toNm(-5, 'GHz')).toBeNull();
    expect(toNm(1e300, 'Meters')).toBeNull();
  });

  it('shifts every thousandth of a micrometre to a whole number of nanometres', () => {
    for (let nm = 1; nm <= 3000; nm++) expect(toNm(Number(`${nm}e-3`), 'Micrometers')).toBe(nm);
  });
});

describe('widthToNm', () => {
  it('shifts lengths', () => {
    expect(widthToNm(0.0101, 0.5, 'Micrometers')).toBe(10.1);
    expect(widthFromNm(10.1, 500, 'Micrometers')).toBe(0.0101);
  });

  it('takes the slope for inverse units: 1e7 / 10000^2 nm per cm^-1', () => {
    expect(widthToNm(4, 10000, 'Wavenumber')).toBe(0.4);
    expect(widthFromNm(0.4, 1000, 'Wavenumber')).toBeCloseTo(4, 12);
    expect(widthToNm(1, 0, 'Wavenumber')).toBeNull();
    expect(widthToNm(-1, 500, 'Nanometers')).toBeNull();
  });

  it('comes back through nanometres', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1e4, noNaN: true }),
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        fc.constantFrom(...wavelengthUnits),
        (value, width, unit) => {
          const nm = toNm(value, unit) ?? NaN;
          expect((fromNm(nm, unit) ?? NaN) / value).toBeCloseTo(1, 12);
          const back = widthFromNm(widthToNm(width, value, unit) ?? NaN, nm, unit) ?? NaN;
          expect(back / width).toBeCloseTo(1, 12);
        },
      ),
    );
  });
});

describe('recogniseUnit', () => {
  it.each([
    ['Micrometers', 'Micrometers'],
    ['um', 'Micrometers'],
    ['\u00b5m', 'Micrometers'],
    ['\u03bcm', 'Micrometers'],
    ['Microns', 'Micrometers'],
    ['micron', 'Micrometers'],
    ['nm', 'Nanometers'],
    ['Nanometer', 'Nanometers'],
    [' NANOMETERS ', 'Nanometers'],
    ['nanometres', 'Nanometers'],
    ['mm', 'Millimeters'],
    ['cm', 'Centimeters'],
    ['m', 'Meters'],
    ['Angstroms', 'Angstroms'],
    ['\u00c5', 'Angstroms'],
    ['\u212b', 'Angstroms'],
    ['Wavenumber', 'Wavenumber'],
    ['cm-1', 'Wavenumber'],
    ['cm^-1', 'Wavenumber'],
    ['cm\u207b\u00b9', 'Wavenumber'],
    ['GHz', 'GHz'],
    ['mhz', 'MHz'],
  ])('%s is %s', (text, unit) => {
    expect(recogniseUnit(text)).toBe(unit);
  });

  it.each(['Index', 'Unknown', '', 's', 'reflectance', 'n'.repeat(1000)])('%s is none', (text) => {
    expect(recogniseUnit(text)).toBeNull();
  });
});
