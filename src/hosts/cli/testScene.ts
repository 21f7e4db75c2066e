import type { TestRun } from './testRun.ts';

// For tests only: a small cube of three classes with its class map.

export const lines = 30;
export const samples = 40;
export const bands = 6;
/** Three classes as upright stripes of five samples, taken in turn; the two first lines are not labelled. */
export const classOf = (sample: number): number => Math.floor(sample / 5) % 3;
const means = [
  [1000, 1200, 1500, 3000, 3200, 3300],
  [1100, 900, 500, 300, 200, 100],
  [1500, 1900, 2300, 2600, 2900, 3100],
];

/** Writes the scene with so many bands and lines; the pixel at line 4, sample 7 has no value. */
export function sceneCube(test: TestRun, name: string, bandCount = bands, lineCount = lines): void {
  let state = 1;
  // Park and Miller's generator; the sum of four is nearly normal, of variance 1/3.
  const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const noise = (): number => uniform() + uniform() + uniform() + uniform() - 2;
  test.cube(name, {
    lines: lineCount,
    samples,
    bands: bandCount,
    stored: (line, sample, band) =>
      line === 4 && sample === 7
        ? 0
        : Math.round((means[classOf(sample)]?.[band % bands] ?? 0) + 70 * noise() + 200),
    header: [
      'data ignore value = 0',
      `wavelength = { ${Array.from({ length: bandCount }, (_, k) => 500 + 50 * k).join(', ')} }`,
      'wavelength units = Nanometers',
      'map info = { UTM, 1, 1, 500000, 5000000, 30, 30, 33, North, WGS-84 }',
    ],
  });
}

/** Writes map.dat with header. */
export function sceneMap(test: TestRun): void {
  test.cube('map', {
    lines,
    samples,
    bands: 1,
    stored: (line, sample) => (line < 2 ? 0 : classOf(sample) + 1),
    header: ['file type = ENVI Classification', 'classes = 4', 'class names = { none, Tree, Water, Dry }'],
  });
}

/** The code that each pixel must get. */
export const truth = Array.from({ length: lines * samples }, (_, p) =>
  p === 4 * samples + 7 ? 0 : classOf(p % samples) + 1,
);
