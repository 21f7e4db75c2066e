import { expect, test } from 'vitest';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { firstSettings, type CubeView } from '../../store/cubeView.ts';
import {
  commandText,
  planExport,
  suggestedName,
  type ExportChoice,
  type ExportSource,
} from './exportPlan.ts';

const info = {
  file: 'a scene.tif',
  lines: 100,
  samples: 50,
  bands: 20,
  dataType: 'int16',
  images: [],
  wavelengthsNm: Array.from({ length: 20 }, (_, band) => 400 + 10 * band),
  bandIsGood: Array(20).fill(true),
  segments: [{ firstBandIndex: 0, lastBandIndex: 19, direction: 'rising', stepNm: 10 }],
} as unknown as OpenCubeAnswer['info'];
const view: CubeView = {
  mode: 'derivative',
  bandIndex: 4,
  rgb: [6, 4, 2],
  pixel: { line: 3, sample: 7 },
  tab: 'spectrum',
};
const source: ExportSource = {
  cube: { cubeId: 'x', info, options: {}, classes: null } as unknown as OpenCubeAnswer,
  view,
  settings: firstSettings(info),
  limits: [{ low: -1, high: 1 }],
};
const choice = (change: Partial<ExportChoice>): ExportChoice => ({
  what: 'image',
  variant: 'derivative',
  format: 'geotiff',
  bands: '1-20',
  withPins: true,
  ...change,
});

test('the image that is shown, with its size and the same as a command', () => {
  const plan = planExport(source, choice({ format: 'png' }));
  expect(plan).toMatchObject({
    output: {
      kind: 'image',
      parameters: { format: 'png', colouring: { colourMap: 'blue-red', low: -1, high: 1 } },
    },
    precision: 'most',
  });
  if (typeof plan === 'string') throw new Error(plan);
  expect(commandText(plan.words)).toBe(
    "image 'a scene.tif' --band 5 --window 11 --degree 2 --derivative 2 --axis wavelength --colour-map blue-red --range -1,1",
  );
  expect(planExport(source, choice({}))).toMatchObject({
    bytes: 20_000,
    precision: 'exact',
    shape: '100 × 50, float32',
  });
  expect(suggestedName(source, choice({}))).toBe('a scene_b005_d2.tif');
  const rgb = { ...source, view: { ...view, mode: 'rgb' as const } };
  expect(planExport(rgb, choice({ format: 'npy' }))).toContain('NPY holds one plane');
  expect(planExport(rgb, choice({}))).toMatchObject({
    bytes: 60_000,
    words: ['image', 'a scene.tif', '--rgb', '7,5,3'],
  });
});

test('the cube: as it is in its own type, filtered as float32, some of its bands', () => {
  const plain = planExport(source, choice({ what: 'cube', variant: 'plain' }));
  expect(plain).toMatchObject({
    bytes: 200_000,
    shape: '100 × 50 × 20, int16',
    words: ['export', 'a scene.tif'],
  });
  const some = planExport(
    source,
    choice({ what: 'cube', variant: 'smoothed', format: 'envi', bands: '2, 5-6' }),
  );
  expect(some).toMatchObject({
    bytes: 60_000,
    output: { parameters: { format: 'envi', bandIndexes: [1, 4, 5], filter: { derivative: 0 } } },
  });
  expect(planExport(source, choice({ what: 'cube', bands: '0' }))).toBe('Bands go from 1 to 20.');
  const settings = { ...source.settings, filter: { ...source.settings.filter, derivative: 0 } };
  expect(planExport({ ...source, settings }, choice({ what: 'cube' }))).toContain('derivative is 0');
});

test('the spectrum needs a pixel', () => {
  expect(planExport(source, choice({ what: 'spectrum', format: 'csv' }))).toMatchObject({
    output: { kind: 'spectra', parameters: { at: [{ line: 3, sample: 7 }] } },
    precision: 'about',
  });
  expect(
    planExport({ ...source, view: { ...view, pixel: null } }, choice({ what: 'spectrum', format: 'csv' })),
  ).toContain('No pixel');
});

test('the pins come along, each pixel once', () => {
  const pins = [
    { number: 1, line: 3, sample: 7 },
    { number: 3, line: 9, sample: 1 },
  ];
  const pinned = { ...source, settings: { ...source.settings, pins } };
  const asked = choice({ what: 'spectrum', format: 'csv' });
  const plan = planExport(pinned, asked);
  if (typeof plan === 'string') throw new Error(plan);
  expect(plan.output.parameters).toMatchObject({
    at: [
      { line: 3, sample: 7 },
      { line: 9, sample: 1 },
    ],
  });
  expect(plan.shape).toBe('20 bands of 2 pixels');
  expect(commandText(plan.words)).toContain('--at 3,7 --at 9,1');
  expect(suggestedName(pinned, asked)).toBe('a scene_line3_sample7_and_1_pin.csv');
  expect(planExport(pinned, { ...asked, withPins: false })).toMatchObject({
    output: { parameters: { at: [{ line: 3, sample: 7 }] } },
  });
});
