import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibrate.ts';
import { k1Camera, k2Poses, k3Shift, seen } from '../testBoards.ts';
import { wavelengthSvg } from '../wavelengthSvg.ts';
import { calibrationReport } from './calibrationReport.ts';
import { arrowFactor, photoFigures } from './photoFigure.ts';
import { viewBars } from './viewBars.ts';

const hostile = '<b>&"x".jpg';
const k3 = seen(k1Camera, k2Poses, undefined, k3Shift);
const points = { ...k3, views: [...k3.views, { name: hostile, object: [], image: [] }] };
const answer = calibrate({ points, density: [112.5, 100], distortion: 'none' });
const page = calibrationReport({ answer, points, pictures: new Map(), title: 'A <title> & more' });
const svgs = (html: string): string[] => html.match(/<svg[^]*?<\/svg>/g) ?? [];

describe('the page of a calibration', () => {
  it('holds the numbers of the answer', () => {
    expect(page).toContain('<td class="n">897.21</td><td class="n">4.65</td>');
    expect(page).toContain('<td class="n">798.02</td><td class="n">4.10</td>');
    expect(page).toContain('f = 7.9802 ± 0.0410 mm');
    expect(page).toContain('<b>RMS 0.2912 px</b>');
    expect(page).toContain('<b>p = 0.365</b>');
    expect(page).toContain('1 and 356</b>');
    expect(page.indexOf('One focal length is enough')).toBeLessThan(page.indexOf('The camera matrix K'));
  });

  it('is self-contained, escaped and well-formed', () => {
    expect(page).not.toMatch(/<script|src="http|href="http|NaN|\bnull\b|undefined|Infinity/);
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    expect(page).not.toContain('<b>&"x"');
    expect(page).toContain('<b>&lt;b&gt;&amp;&quot;x&quot;.jpg</b>: no board was found in it');
    expect(svgs(page).length).toBeGreaterThan(6);
    for (const svg of svgs(page)) expect(XMLValidator.validate(svg)).toBe(true);
    expect(calibrationReport({ answer, points, pictures: new Map(), title: 'A <title> & more' })).toBe(page);
  });

  it('draws bars in proportion', () => {
    const widths = [...viewBars(answer).matchAll(/class="rms" x="228" y="[\d.]+" width="([\d.]+)"/g)].map(
      ([, width]) => Number(width),
    );
    const rms = answer.views.flatMap((view) => (view.rms === null ? [] : [view.rms]));
    expect(widths).toHaveLength(4);
    widths.forEach((width, i) =>
      expect(width / Math.max(...widths)).toBeCloseTo((rms[i] as number) / Math.max(...rms), 3),
    );
  });

  it('ends arrows at the corner plus the enlarged residual', () => {
    const factor = arrowFactor(answer);
    const html = photoFigures({ answer, points, pictures: new Map() });
    expect(html).toContain(`${factor} times enlarged`);
    const [, path = ''] = /class="arrows" d="([^"]+)"/.exec(html) ?? [];
    const [, u, v, x, y] = (/^M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)/.exec(path) ?? []).map(Number);
    const [du, dv] = answer.models[0]?.views[0]?.residuals[0] ?? [NaN, NaN];
    const [cornerU, cornerV] = points.views[0]?.image[0] ?? [];
    expect(u).toBeCloseTo(cornerU ?? NaN, 1);
    expect(v).toBeCloseTo(cornerV ?? NaN, 1);
    expect((x ?? NaN) - (u ?? NaN)).toBeCloseTo(du * factor, 1);
    expect((y ?? NaN) - (v ?? NaN)).toBeCloseTo(dv * factor, 1);
  });

  it('takes photos only as data of pixels', () => {
    const photo = (dataUrl: string): string =>
      photoFigures({
        answer,
        points,
        pictures: new Map([['view 1', { width: 720, height: 480, dataUrl }]]),
      });
    expect(photo('data:image/png;base64,AAAA')).toContain('href="data:image/png;base64,AAAA"');
    expect(photo('https://example.org/a.png')).not.toContain('<image');
    expect(photo('data:image/png;base64,AA"onload="x')).not.toContain('<image');
  });

  it('stops at sixty photos and bears an answer without views', () => {
    const many = Array.from({ length: 3000 }, (_, i) => ({ ...points.views[0], name: `v${i}` }));
    const views = many.map(({ name }) => ({ ...answer.views[0], name }));
    const big = calibrationReport({
      answer: { ...answer, views: views as typeof answer.views },
      points: { ...points, views: many as typeof points.views },
      pictures: new Map(),
      title: 'many',
    });
    expect(big).toContain('The first 60 of 3000 views are drawn');
    expect(big.match(/aria-label="Corners of /g)).toHaveLength(60);
    const empty = calibrationReport({
      answer: { ...answer, views: [], models: [], test: null },
      points: { ...points, views: [] },
      pictures: new Map(),
      title: '',
    });
    expect(empty).toContain('No model was fitted.');
    expect(empty).not.toMatch(/NaN|\bnull\b|undefined/);
  });
});

describe('K over the wavelength', () => {
  const band = (number: number, nm: number | null): Parameters<typeof wavelengthSvg>[0]['bands'][number] => ({
    band: number,
    wavelengthNm: nm,
    models: answer.models,
  });
  it('draws one band, several, and none', () => {
    for (const bands of [[], [band(3, 550)], [band(1, 450), band(2, 650)]]) {
      const svg = wavelengthSvg({ bands });
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(svg).not.toMatch(/NaN|undefined|null/);
      expect(svg.match(/<circle/g) ?? []).toHaveLength(4 * bands.length);
    }
    expect(wavelengthSvg({ bands: [band(3, 550)] })).toContain('550 nm (band 3): fx = 897.21 ± 4.65 px');
    expect(wavelengthSvg({ bands: [band(3, 550)], focal: 'single' })).toContain('fy = 798.02 ± 4.10 px');
  });
  it('goes by the band where a wavelength is missing', () => {
    const svg = wavelengthSvg({ bands: [band(1, 450), band(2, null)] });
    expect(svg).toContain('>band</text>');
    expect(svg).not.toContain('nm');
  });
});
