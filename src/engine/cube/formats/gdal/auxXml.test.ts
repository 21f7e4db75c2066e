import { describe, expect, it } from 'vitest';
import type { OpenedCube } from '../../cube.ts';
import { enviFormat } from '../envi/open.ts';
import { headerText } from '../envi/testHeader.ts';
import { testNeighbourhood } from '../testNeighbourhood.ts';
import { parseAuxXml, withAuxXml } from './auxXml.ts';

async function openWith(xml: string, header: Record<string, string> = {}): Promise<OpenedCube> {
  const files = testNeighbourhood('x.dat', {
    'x.dat': new Uint8Array(24),
    'x.hdr': headerText(header),
    'x.dat.aux.xml': xml,
  });
  return withAuxXml(await enviFormat.open(files, {}), files, {});
}

const band = (number: number, inner: string): string =>
  `<PAMRasterBand band="${number}">${inner}</PAMRasterBand>`;

describe('parseAuxXml', () => {
  it('reads bands, roles, domains and entities as GDAL writes them', async () => {
    const xml = `<?xml version="1.0"?>
<PAMDataset>
  <Metadata domain="ENVI"><MDI key="bands">4</MDI></Metadata>
  <PAMRasterBand band="2">
    <Description>a &lt; b</Description><NoDataValue le_hex_equiv="0000">-9.99900000000000E+03</NoDataValue>
    <Scale>0.5</Scale><Offset> 3 </Offset><UnitType>K</UnitType>
    <Metadata><MDI key="wavelength">500</MDI><MDI key="wavelength_units">nm</MDI></Metadata>
  </PAMRasterBand>
</PAMDataset>`;
    const { items, noData } = await parseAuxXml(xml);
    expect(noData).toEqual(new Map([[1, '-9.99900000000000E+03']]));
    expect(items).toEqual([
      { name: 'bands', sample: null, domain: 'ENVI', role: '', value: '4' },
      { name: 'wavelength', sample: 1, domain: '', role: '', value: '500' },
      { name: 'wavelength_units', sample: 1, domain: '', role: '', value: 'nm' },
      { name: 'Description', sample: 1, domain: '', role: 'description', value: 'a < b' },
      { name: 'Scale', sample: 1, domain: '', role: 'scale', value: '0.5' },
      { name: 'Offset', sample: 1, domain: '', role: 'offset', value: '3' },
      { name: 'UnitType', sample: 1, domain: '', role: 'unittype', value: 'K' },
    ]);
  });

  it('passes over what is of another form', async () => {
    expect(
      (await parseAuxXml('<PAMDataset><PAMRasterBand band="x"/><A><B/></A></PAMDataset>')).items,
    ).toEqual([]);
    expect((await parseAuxXml('<Other/>')).items).toEqual([]);
  });
});

describe('withAuxXml', () => {
  it('is not part of a cube that it adds nothing to', async () => {
    const { files, description } = await openWith('<PAMDataset><Histograms/></PAMDataset>');
    expect(files).toHaveLength(2);
    expect(description.assumptions).toEqual([]);
  });

  it('fills single bands, wavelengths included, and says where from', async () => {
    const metadata =
      '<Metadata><MDI key="wavelength">500</MDI><MDI key="wavelength_units">nm</MDI></Metadata>';
    const { files, description } = await openWith(
      `<PAMDataset>${band(2, `<NoDataValue>7</NoDataValue>${metadata}`)}${band(9, '<Scale>2</Scale>')}</PAMDataset>`,
    );
    expect(files.map(({ name }) => name)).toEqual(['x.dat', 'x.hdr', 'x.dat.aux.xml']);
    expect(description.bandRecords.map(({ noData }) => noData)).toEqual([null, 7, null, null]);
    expect(description.bandRecords[1]?.wavelengthNm).toBe(500);
    expect(description.assumptions).toEqual([
      { field: 'noDataValue', value: '7', why: 'Stated in x.dat.aux.xml only for bands 2.' },
      { field: 'wavelengthsNm', value: '500', why: 'Stated in x.dat.aux.xml only for bands 2.' },
    ]);
  });

  it('keeps what the file itself states and says that the sidecar differs', async () => {
    const xml = `<PAMDataset>${[1, 2, 3, 4].map((number) => band(number, '<NoDataValue>7</NoDataValue>')).join('')}</PAMDataset>`;
    const { description } = await openWith(xml, { 'data ignore value': '5' });
    expect(description.bandRecords.map(({ noData }) => noData)).toEqual([5, 5, 5, 5]);
    expect(description.assumptions).toMatchObject([{ field: 'noDataValue', value: 'from the file' }]);
    expect((await openWith(xml, { 'data ignore value': '7' })).description.assumptions).toEqual([]);
  });

  it('says where a value cannot be used', async () => {
    const { description } = await openWith(
      `<PAMDataset>${band(1, '<NoDataValue>-1</NoDataValue>')}</PAMDataset>`,
    );
    expect(description.bandRecords[0]?.noData).toBeNull();
    expect(description.assumptions[0]?.why).toContain('no value of type uint8 equals it');
  });

  it('says what it had to guess or leave out, where the file itself leaves it open', async () => {
    const all = (inner: (number: number) => string): string =>
      `<PAMDataset>${[1, 2, 3, 4].map((number) => band(number, inner(number))).join('')}</PAMDataset>`;
    const item = (value: string): string => `<Metadata><MDI key="wavelength">${value}</MDI></Metadata>`;
    const noUnit = all((number) => item(`0.4${number}`));
    const guessed = (await openWith(noUnit)).description;
    expect(guessed.bandRecords[0]?.wavelengthNm).toBeCloseTo(410);
    expect(guessed.assumptions).toContainEqual({
      field: 'wavelengthUnits',
      value: 'Micrometers',
      why: 'In x.dat.aux.xml: The band metadata state no unit; the smallest wavelength is 0.41, not above 100.',
    });
    const unusable = (await openWith(all(() => `${item('many')}<Scale>0</Scale><Offset>x</Offset>`)))
      .description;
    expect(unusable.assumptions.map(({ field }) => field)).toEqual(['wavelengthsNm', 'scale', 'offset']);
    // Where the file states wavelengths, those of the sidecar do not count.
    const stated = { 'wavelength units': 'nm', wavelength: '{ 410, 420, 430, 440 }' };
    expect((await openWith(noUnit, stated)).description.assumptions).toEqual([]);
  });

  it.each([
    ['not XML', 'PAMDataset'],
    ['a broken tag', '<PAMDataset><PAMRasterBand band="1"'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><PAMDataset/>'],
  ])('a sidecar that is %s is said and never an error', async (_, xml) => {
    const { description, files } = await openWith(xml);
    expect(description.assumptions).toMatchObject([{ field: 'x.dat.aux.xml', value: 'ignored' }]);
    expect(files).toHaveLength(2);
  });
});
