import type { PixelSpectrum, SpectrumResult } from '../contract/spectra.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandPieces, csvRow, pixelPieces, type SpectraCsvOptions } from './csv.ts';

const filter = {
  window: 5,
  degree: 2,
  derivative: 2,
  axis: 'wavelength',
  edge: 'fit',
  gap: 'refit',
} as const;

const pixel: PixelSpectrum = {
  line: 12,
  sample: 34,
  stored: [1, '9007199254740993', null],
  values: [0.1, 1e-7, null],
  smoothed: [0.30000000000000004, -0, null],
  derivative: [1e21, -2.5, null],
  edge: [true, false, false],
};

const result: SpectrumResult = {
  filter,
  wavelengthsNm: [418.24, null, 429.294],
  bandIsGood: [true, true, false],
  units: { values: '', smoothed: '', derivative: '1/nm^2' },
  notes: [],
  assumptions: [],
  pixels: [pixel],
};

/** The whole text, the pixels one by one. */
function spectraCsv(whole: SpectrumResult, options: SpectraCsvOptions = {}): string {
  const columns = [
    bandPieces(whole, options),
    ...whole.pixels.map((one) => pixelPieces([one], whole.filter !== null)),
  ];
  return (columns[0] ?? []).map((_, row) => csvRow(columns.map((pieces) => pieces[row] ?? ''))).join('');
}

/** Rows and cells by RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) throw new Error('not RFC 4180');
    const raw = match[1] ?? '';
    rows.at(-1)?.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (match[2] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('CSV of spectra', () => {
  it('has a header row and one row a band, null as empty cells, numbers exact', () => {
    const p = 'line12_sample34_';
    expect(spectraCsv(result)).toBe(
      [
        `band,wavelength_nm,good,${p}stored,${p}value,${p}smoothed,${p}derivative,${p}edge`,
        '1,418.24,true,1,0.1,0.30000000000000004,1e+21,true',
        '2,,true,9007199254740993,1e-7,-0,-2.5,false',
        '3,429.294,false,,,,,false',
        '',
      ].join('\r\n'),
    );
  });

  it('without a filter: stored and value only; several pixels side by side', () => {
    const raw = { ...pixel, smoothed: null, derivative: null, edge: [false, false, false] };
    const rows = parse(
      spectraCsv({ ...result, filter: null, wavelengthsNm: null, pixels: [raw, { ...raw, line: 0 }] }),
    );
    expect(rows[0]).toEqual([
      'band',
      'wavelength_nm',
      'good',
      'line12_sample34_stored',
      'line12_sample34_value',
      'line0_sample34_stored',
      'line0_sample34_value',
    ]);
    expect(rows[1]).toEqual(['1', '', 'true', '1', '0.1', '1', '0.1']);
  });

  it('complex stored values are re+imi', () => {
    const stored: PixelSpectrum['stored'] = [
      [1.5, -2],
      [-3, 0.25],
      [0, -0],
    ];
    const rows = parse(spectraCsv({ ...result, pixels: [{ ...pixel, stored }] }));
    expect(rows.slice(1).map((row) => row[3])).toEqual(['1.5-2i', '-3+0.25i', '0-0i']);
  });

  it('band names cannot become formulas and are quoted where they must be', () => {
    const bandNames = ['=HYPERLINK("http://x")', 'red, "broad"\nsecond line', null];
    const rows = parse(spectraCsv(result, { bandNames }));
    expect(rows.map((row) => row[1])).toEqual([
      'name',
      `'=HYPERLINK("http://x")`,
      'red, "broad"\nsecond line',
      '',
    ]);
  });

  it('any names and numbers come back', () => {
    const names = fc.tuple(fc.string(), fc.string(), fc.string());
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(names, fc.tuple(doubles, doubles, doubles), (bandNames, values) => {
        const rows = parse(spectraCsv({ ...result, pixels: [{ ...pixel, values }] }, { bandNames }));
        expect(rows).toHaveLength(4);
        rows.slice(1).forEach((row, i) => {
          expect(Number(row[5])).toBe(values[i]);
          expect([bandNames[i], `'${bandNames[i]}`]).toContain(row[1]);
          expect(row[1]).not.toMatch(/^\s*[=+\-@\t\r]/);
        });
      }),
    );
  });
});
