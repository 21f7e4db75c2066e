import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aggregateDensity, aggregatePosterior } from '../src/engine/learning/vae/describe.ts';
import { calibrate } from '../src/engine/calibration/calibrate.ts';
import { decimals, measured, place } from '../src/engine/calibration/svgText.ts';
import { k1Camera, k2Poses, k3Shift, seen } from '../src/engine/calibration/testBoards.ts';
import type { CalibrationModel } from '../src/engine/contract/calibration.ts';

// `node scripts/guidePictures.ts`: the pictures of the guide that are computed, docs/guide/pictures/*.svg.

const colours = { text: '#1b1f24', dim: '#575e68', line: '#8a8f98', x: '#b4590f', y: '#0b6e77' };

function svg(width: number, height: number, title: string, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="13" fill="${colours.text}">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="24" y="30" font-size="16" font-weight="600">${title}</text>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${place(x)}" y="${place(y)}" ${more}>${words}</text>`;

/** One f, two pixel densities: the sensor of 112.5 x 100 px/mm behind a lens of 8 mm. */
function twoDensities(): string {
  const [left, top, side] = [420, 80, 216];
  const columns = Array.from({ length: 10 }, (_, i) => `M${left + (side * i) / 9} ${top}v${side}`);
  const rows = Array.from({ length: 9 }, (_, i) => `M${left} ${top + (side * i) / 8}h${side}`);
  return svg(680, 380, 'One lens, one f; two pixel densities, two numbers in K', [
    `<path d="M40 188H340" stroke="${colours.line}" stroke-dasharray="5 4"/>`,
    `<ellipse cx="120" cy="188" rx="13" ry="76" fill="#d8eaec" stroke="${colours.y}"/>`,
    `<path d="M300 90V286" stroke="${colours.text}" stroke-width="4"/>`,
    `<path d="M120 306H300M120 300v12M300 300v12" stroke="${colours.text}"/>`,
    text(210, 326, 'f = 8 mm', 'text-anchor="middle" font-weight="600"'),
    text(120, 100, 'lens', 'text-anchor="middle"'),
    text(300, 80, 'sensor', 'text-anchor="middle"'),
    `<path d="${[...columns, ...rows].join('')}" stroke="${colours.line}" fill="none"/>`,
    text(left, 66, 'the sensor from the front, 80 × 80 µm', `fill="${colours.dim}"`),
    text(left, 318, 'mx = 112.5 px/mm: fx = f mx = 900 px', `fill="${colours.x}" font-weight="600"`),
    text(left, 342, 'my = 100 px/mm: fy = f my = 800 px', `fill="${colours.y}" font-weight="600"`),
    text(24, 362, 'pixels 8.89 µm wide and 10 µm high', `fill="${colours.dim}"`),
  ]);
}

const points = seen(k1Camera, k2Poses, undefined, k3Shift);

/** fx / mx and fy / my with one standard deviation, fitted apart and as one. */
function focalTest(): string {
  const { models, test } = calibrate({ points, density: [112.5, 100], distortion: 'none' });
  const [free, single] = models as [CalibrationModel, CalibrationModel];
  const x = (mm: number): number => 250 + (mm - 7.9) * 2200;
  const rows = [
    { name: 'two: fx / mx', f: free.fMmAxes?.x, colour: colours.x },
    { name: 'two: fy / my', f: free.fMmAxes?.y, colour: colours.y },
    { name: 'one: f', f: single.fMmAxes?.y, colour: colours.text },
  ];
  const ticks = [7.9, 7.95, 8, 8.05];
  return svg(680, 290, 'Do the data ask for two focal lengths?', [
    ...ticks.map(
      (tick) =>
        `<path d="M${place(x(tick))} 56V214" stroke="#e3e5e8"/>${text(x(tick), 232, tick.toFixed(2), 'text-anchor="middle"')}`,
    ),
    text(x(7.975), 252, 'focal length, mm (bars: ± 1 standard deviation)', 'text-anchor="middle"'),
    ...rows.flatMap(({ name, f, colour }, i) => {
      if (f === undefined) return [];
      const y = 84 + 52 * i;
      const [a, b] = [place(x(f.value - f.sd)), place(x(f.value + f.sd))];
      return [
        text(24, y - 2, name, `fill="${colour}" font-weight="600"`),
        text(24, y + 16, measured(f.value, f.sd, 'mm')),
        `<path d="M${a} ${y}H${b}M${a} ${y - 7}v14M${b} ${y - 7}v14" stroke="${colour}" stroke-width="2"/><circle cx="${place(x(f.value))}" cy="${y}" r="5" fill="${colour}"/>`,
      ];
    }),
    text(
      24,
      278,
      `F = ${decimals(test?.F, 2)}, p = ${decimals(test?.p, 2)}: one focal length is enough.`,
      'font-weight="600"',
    ),
  ]);
}

/** What the single model does with mx = my although the pixels are not square; exact points. */
function wrongConstants(): string {
  const [model] = calibrate({
    points: seen(k1Camera, k2Poses),
    focal: 'single',
    distortion: 'none',
  }).models as [CalibrationModel];
  const [u, v] = [40 + model.cx / 2, 60 + model.cy / 2];
  const facts = [
    ['true', '900, 800 px', '(360, 240)', '0 px'],
    [
      'mx = my',
      `${decimals(model.fy, 0)} px`,
      `(${decimals(model.cx, 0)}, ${decimals(model.cy, 0)})`,
      `${decimals(model.rms, 2)} px`,
    ],
  ];
  const names = ['', 'fx, fy', 'centre', 'RMS'];
  return svg(680, 340, 'A wrong mx / my: the principal point runs away', [
    `<rect x="40" y="60" width="360" height="240" fill="#f8f9fa" stroke="${colours.line}"/>`,
    `<path d="M220 180L${place(u)} ${place(v)}" stroke="${colours.x}" stroke-width="2" stroke-dasharray="6 4"/>`,
    `<circle cx="220" cy="180" r="6" fill="${colours.y}"/><circle cx="${place(u)}" cy="${place(v)}" r="6" fill="${colours.x}"/>`,
    text(230, 198, 'true centre', `fill="${colours.y}"`),
    text(u, v - 12, 'fitted with mx = my', `fill="${colours.x}" text-anchor="middle"`),
    text(40, 320, 'image of 720 × 480 px', `fill="${colours.dim}"`),
    ...names.map((name, i) => text(424, 116 + 28 * i, name, `fill="${colours.dim}"`)),
    ...facts.flatMap((column, k) =>
      column.map((words, i) =>
        text(480 + 96 * k, 116 + 28 * i, words, `fill="${k === 0 ? colours.y : colours.x}"`),
      ),
    ),
  ]);
}

const normal = (x: number, mean: number, variance: number): number =>
  Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

/** Two samples with one Gaussian each, their mixture, and the Gaussian with the mixture's moments: not the same. */
function oneASample(): string {
  const samples = { latent: 1, mu: Float32Array.of(-1, 1), sigma: Float32Array.of(0.5, 0.5) };
  const { mean, covariance } = aggregatePosterior(samples.mu, samples.sigma, 1);
  const variance = covariance[0]?.[0] ?? NaN;
  const x = (z: number): number => 340 + 84 * z;
  const y = (density: number): number => 300 - 560 * density;
  const curve = (density: (z: number) => number): string =>
    Array.from({ length: 161 }, (_, k) => -3.5 + (7 * k) / 160)
      .map((z, k) => `${k === 0 ? 'M' : 'L'}${place(x(z))} ${place(y(density(z)))}`)
      .join('');
  const drawn = (path: string, colour: string, more = ''): string =>
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" ${more}/>`;
  const middle = aggregateDensity(samples, [0]);
  return svg(680, 400, 'One Gaussian a sample; of all samples only a mixture', [
    `<path d="M40 300H640" stroke="${colours.line}"/>`,
    ...[-3, -2, -1, 0, 1, 2, 3].map((z) =>
      text(x(z), 318, String(z), `text-anchor="middle" fill="${colours.dim}"`),
    ),
    drawn(
      curve((z) => normal(z, -1, 0.25) / 2),
      colours.x,
      'stroke-dasharray="6 4"',
    ),
    drawn(
      curve((z) => normal(z, 1, 0.25) / 2),
      colours.x,
      'stroke-dasharray="6 4"',
    ),
    drawn(
      curve((z) => aggregateDensity(samples, [z])),
      colours.y,
    ),
    drawn(
      curve((z) => normal(z, mean[0] ?? 0, variance)),
      colours.line,
      'stroke-dasharray="2 4"',
    ),
    text(x(-2.55), y(0.3), 'sample 1: N(−1, .25)', `text-anchor="middle" fill="${colours.x}"`),
    text(x(2.55), y(0.3), 'sample 2: N(1, .25)', `text-anchor="middle" fill="${colours.x}"`),
    text(
      24,
      346,
      `line: the mixture of both (halves dashed); its density at 0 is ${decimals(middle, 3)}`,
      `fill="${colours.y}"`,
    ),
    text(
      24,
      366,
      `dotted: one Gaussian with the same mean 0 and variance ${decimals(variance, 2)}; ${decimals(normal(0, 0, variance), 3)} at 0`,
      `fill="${colours.dim}"`,
    ),
    text(
      24,
      386,
      'Training pulls each sample towards N(0, 1) and lets the spectra pull it back.',
      `fill="${colours.dim}"`,
    ),
  ]);
}

/** The pictures by file name. */
export const guidePictures = (): Record<string, string> => ({
  'two-densities.svg': twoDensities(),
  'focal-test.svg': focalTest(),
  'one-a-sample.svg': oneASample(),
  'wrong-densities.svg': wrongConstants(),
});

export const picturesFolder = join(import.meta.dirname, '../docs/guide/pictures');

if (import.meta.main) {
  mkdirSync(picturesFolder, { recursive: true });
  for (const [name, picture] of Object.entries(guidePictures()))
    writeFileSync(join(picturesFolder, name), picture);
}
