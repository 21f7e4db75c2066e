import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBandMetadata } from './bandRecords.ts';
import { parseGdalMetadata } from './metadataItems.ts';

const read = (xml: string, bands: number): ReturnType<typeof readBandMetadata> =>
  readBandMetadata(parseGdalMetadata(`<GDALMetadata>${xml}</GDALMetadata>`), bands, null);

const item = (name: string, sample: number, text: string, domain = ''): string =>
  `<Item name="${name}" sample="${sample}"${domain === '' ? '' : ` domain="${domain}"`}>${text}</Item>`;

describe('parseGdalMetadata', () => {
  it('reads names, bands, domains, roles and entities', () => {
    const xml = `<GDALMetadata>
      <Item name="A &amp; B">x &lt; y &#956;m &#x3bc;</Item>
      <Item name='SCALE' sample='2' role='scale'>0.5</Item>
      <Item sample="0" name="E" domain="IMAGERY"/>
      <Other name="no">item</Other><Item sample="1">nameless</Item><Item name="bad" sample="-1">1</Item>
    </GDALMetadata>`;
    expect(parseGdalMetadata(xml)).toEqual([
      { name: 'A & B', sample: null, domain: '', role: '', value: 'x < y \u03bcm \u03bc' },
      { name: 'SCALE', sample: 2, domain: '', role: 'scale', value: '0.5' },
      { name: 'E', sample: 0, domain: 'IMAGERY', role: '', value: '' },
    ]);
  });

  it('takes any text without an error', () => {
    const piece = fc.constantFrom(
      '<Item',
      ' name="',
      "'",
      '"',
      '=',
      '>',
      '/>',
      '</Item>',
      'x',
      ' ',
      '&#',
      ';',
      '&amp;',
      'sample="1"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(Array.isArray(parseGdalMetadata(pieces.join('')))).toBe(true);
      }),
    );
  });

  it('goes over hostile megabytes once', () => {
    for (const text of ['<Item ', '<Item name="', '<Item a=', '<Item name="a">', "a='<", '   ', 'aaaa']) {
      parseGdalMetadata('<Item ' + text.repeat(1_000_000));
    }
  });
});

describe('readBandMetadata', () => {
  it('reads wavelength, width, unit, goodness, scale, offset, name and unit of the values', () => {
    const { records, wavelengthUnits, assumptions } = read(
      item('wavelength', 0, '0.45') +
        item('wavelength_units', 0, 'Micrometers') +
        item('fwhm', 0, '0.0065') +
        item('bbl', 0, '0') +
        item('wavelength', 1, '0.46') +
        item('wavelength_units', 1, 'Micrometers') +
        item('bbl', 1, '1.0') +
        '<Item name="SCALE" sample="1" role="scale">0.0001</Item><Item name="OFFSET" sample="1" role="offset">-0.1</Item>' +
        '<Item name="DESCRIPTION" sample="1" role="description">second</Item><Item name="UNITTYPE" sample="1" role="unittype">W</Item>',
      2,
    );
    expect(wavelengthUnits).toBe('Micrometers');
    expect(assumptions).toEqual([]);
    expect(records).toEqual([
      {
        name: null,
        wavelengthNm: 450,
        fwhmNm: 6.5,
        good: false,
        noData: null,
        scale: null,
        offset: null,
        unit: null,
        time: null,
      },
      {
        name: 'second',
        wavelengthNm: 460,
        fwhmNm: null,
        good: true,
        noData: null,
        scale: 0.0001,
        offset: -0.1,
        unit: 'W',
        time: null,
      },
    ]);
  });

  it('takes the own entry of a list that is repeated in every band (Tanager)', () => {
    const list = '{400, 500, 600}';
    const { records } = read(
      [0, 1, 2].map((i) => item('wavelength', i, list) + item('wavelength_units', i, 'nm')).join(''),
      3,
    );
    expect(records.map(({ wavelengthNm }) => wavelengthNm)).toEqual([400, 500, 600]);
  });

  it('reads the ENVI domain of the file, and Band_n names', () => {
    const { records } = read(
      '<Item name="wavelength" domain="ENVI">{ 400 , 500 }</Item><Item name="wavelength_units" domain="ENVI">Nanometers</Item>' +
        '<Item name="bbl" domain="ENVI">{1, 0}</Item><Item name="Band_1">blue</Item><Item name="Band_2">green</Item>',
      2,
    );
    expect(records.map(({ name, wavelengthNm, good }) => [name, wavelengthNm, good])).toEqual([
      ['blue', 400, true],
      ['green', 500, false],
    ]);
  });

  it('reads the IMAGERY domain, in micrometres', () => {
    const { records } = read(
      item('CENTRAL_WAVELENGTH_UM', 0, '0.443', 'IMAGERY') + item('FWHM_UM', 0, '0.007', 'IMAGERY'),
      1,
    );
    expect(records[0]).toMatchObject({ wavelengthNm: 443, fwhmNm: 7 });
  });

  it('reads band names as a last resort', () => {
    const { records, wavelengthUnits } = read(
      '<Item name="DESCRIPTION" sample="0" role="description">band 1 (418.24 Nanometers)</Item>',
      1,
    );
    expect(records[0]?.wavelengthNm).toBe(418.24);
    expect(wavelengthUnits).toBe('Nanometers');
  });

  it('prefers band metadata and reports who disagrees', () => {
    const { records, assumptions } = read(
      item('wavelength', 0, '450') +
        item('wavelength_units', 0, 'nm') +
        item('CENTRAL_WAVELENGTH_UM', 0, '0.46', 'IMAGERY'),
      1,
    );
    expect(records[0]?.wavelengthNm).toBe(450);
    expect(assumptions).toMatchObject([{ field: 'wavelengthsNm', value: 'from the band metadata' }]);
    expect(assumptions[0]?.why).toContain('460');
  });

  it('lets rounding of IMAGERY pass', () => {
    const xml =
      item('wavelength', 0, '450.4') +
      item('wavelength_units', 0, 'nm') +
      item('CENTRAL_WAVELENGTH_UM', 0, '0.450', 'IMAGERY');
    expect(read(xml, 1).assumptions).toEqual([]);
  });

  it.each([
    ['450', 450, 'Nanometers'],
    ['0.45', 450, 'Micrometers'],
  ])('guesses the unit of %s and says so', (text, nm, unit) => {
    const { records, assumptions, wavelengthUnits } = read(item('wavelength', 0, text), 1);
    expect(records[0]?.wavelengthNm).toBe(nm);
    expect(wavelengthUnits).toBeNull();
    expect(assumptions).toMatchObject([{ field: 'wavelengthUnits', value: unit }]);
  });

  it('does not take band numbers (unit Index) for wavelengths', () => {
    const { records, assumptions } = read(
      item('wavelength', 0, '1') + item('wavelength_units', 0, 'Index'),
      1,
    );
    expect(records[0]?.wavelengthNm).toBeNull();
    expect(assumptions).toMatchObject([{ field: 'wavelengthsNm', value: 'none' }]);
  });

  it('keeps the metadata of the file and its time', () => {
    const { metadata, records } = read(
      '<Item name="start_time">2022-07-24 10:45:26</Item><Item name="k" domain="D">v</Item>',
      1,
    );
    expect(metadata).toEqual([
      ['start_time', '2022-07-24 10:45:26'],
      ['D:k', 'v'],
    ]);
    expect(records[0]?.time).toBe('2022-07-24T10:45:26');
  });
});
