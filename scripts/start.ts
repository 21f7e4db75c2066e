import type { SpectrumResult } from '../src/engine/contract/spectra.ts';
import type { FilterSettings } from '../src/engine/contract/filter.ts';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { demoRecipe, demoScene, type DemoScene } from '../src/engine/cube/demoScene.ts';
import { buildAxis } from '../src/engine/spectral/axis.ts';
import { filterSpectrum } from '../src/engine/spectral/filterSpectrum.ts';
import { designOperator } from '../src/engine/spectral/operator.ts';
import { runCommandLine } from '../src/hosts/cli/run.ts';

// `npm start [-- FOLDER]` until there is a window: the main job on the demo scene, by the command line's own commands.

/** A command that failed; what it printed has been shown. */
class Failed extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('A command failed.');
    this.exitCode = exitCode;
  }
}

const columns = 80;
const defaultFolder = 'cubelens-demo';
/** A pixel of crop in the demo scene: line and sample from 0. */
const pixel = { line: 40, sample: 100 };
const filterOptions = ['--window', '11', '--degree', '4', '--derivative', '2'];
/** Where the table below shows the spectrum: green, chlorophyll, the red edge, water. */
const shownNm = [500, 552, 600, 640, 676, 700, 718, 736, 975, 1063, 1193, 1293, 1503];

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The command under way cleans up and ends; npm passes the same signal on once more.
    interrupt.abort();
  });
}

// `npm start | head` closes the pipe early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 70);
});

try {
  await main(process.argv[2] ?? defaultFolder);
} catch (thrown) {
  if (thrown instanceof Failed) process.exitCode = thrown.exitCode;
  else {
    console.error(
      `npm start: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
    );
    console.error('This is a bug of Cubelens: please report it.');
    process.exitCode = 70;
  }
}

async function main(wanted: string): Promise<void> {
  const started = resolve('.');
  const folder = writableFolder(wanted);
  // Commands then stand in the report as they can be typed in this folder.
  process.chdir(folder);
  say('Cubelens has no window yet. This runs its main job in the terminal, on a made');
  say('scene whose exact spectra are known.');
  say(`Folder: ${folder}`);

  await step('The scene: 240 lines x 320 samples x 160 bands, two detectors that overlap', [
    ['demo', '--out', 'scene.dat'],
    ['info', 'scene.dat'],
  ]);
  await showSpectrum();
  await step('Its second derivative at 676 nm as an image: numbers and colours', [
    ['image', 'scene.dat', '--wavelength', '676', ...filterOptions, '--out', 'derivative-676nm.tif'],
    ['image', 'scene.dat', '--wavelength', '676', ...filterOptions, '--out', 'derivative-676nm.png'],
  ]);
  await step('The derivative cube of bands 45 to 65', [
    ['export', 'scene.dat', ...filterOptions, '--bands', '45-65', '--out', 'derivative-cube.dat'],
  ]);
  await step('The image again, from the recipe beside it', [
    ['replay', 'derivative-676nm.tif.recipe.json', '--out', 'again-676nm.tif'],
  ]);
  compareBytes('derivative-676nm.tif', 'again-676nm.tif');
  sayNext(relative(started, folder));
}

/** The folder where it can be written, else a new temporary one; says so. */
function writableFolder(wanted: string): string {
  try {
    mkdirSync(wanted, { recursive: true });
    accessSync(wanted, constants.W_OK | constants.X_OK);
    return resolve(wanted);
  } catch (thrown) {
    const { code = 'no reason given' } = thrown as NodeJS.ErrnoException;
    const folder = mkdtempSync(join(tmpdir(), 'cubelens-demo-'));
    say(`The folder ${basename(wanted)} cannot be written here (${code}): a temporary one is used.`);
    say('');
    return folder;
  }
}

/** Says a title, runs commands one after the other and shows each with its output. */
async function step(title: string, commands: readonly (readonly string[])[]): Promise<void> {
  sayTitle(title);
  for (const argv of commands) {
    sayCommand(argv);
    sayIndented(await run(argv));
  }
}

/** Runs one command and gives its standard output. Throws `Failed` where it fails. */
async function run(argv: readonly string[]): Promise<string> {
  const output: string[] = [];
  const exitCode = await runCommandLine(argv, {
    stdout: { write: (text) => output.push(text) },
    stderr: process.stderr,
    interrupt: interrupt.signal,
  });
  if (exitCode !== 0) throw new Failed(exitCode);
  return output.join('');
}

async function showSpectrum(): Promise<void> {
  const { line, sample } = pixel;
  sayTitle(`The spectrum of one pixel: line ${line}, sample ${sample}, a field of crop`);
  const command = ['spectrum', 'scene.dat', '--at', `${line},${sample}`, ...filterOptions, '--json'];
  sayCommand(command);
  const result = JSON.parse(await run(command)) as SpectrumResult;
  const scene = demoScene(demoRecipe({ noise: false }));
  const exact = scene.noiseFreeSpectrum(line, sample, 2);
  sayTable(scene, result, exact);
  sayDifferences(scene, result, exact);
}

function sayTable(
  { wavelengthsNm }: DemoScene,
  { pixels: [read] }: SpectrumResult,
  exact: Float64Array,
): void {
  say('');
  say('  band       nm   value  smoothed  2nd derivative  exact, without noise');
  for (const nm of shownNm) {
    const band = nearest(wavelengthsNm, nm);
    const cells = [
      String(band + 1).padStart(4),
      (wavelengthsNm[band] ?? NaN).toFixed(2).padStart(7),
      (read?.values[band] ?? NaN).toFixed(4).padStart(6),
      (read?.smoothed?.[band] ?? NaN).toFixed(5).padStart(8),
      (read?.derivative?.[band] ?? NaN).toExponential(3).padStart(14),
      (exact[band] ?? NaN).toExponential(3).padStart(20),
    ];
    say(`  ${cells.join('  ')}`);
  }
  say('  Values are reflectance, derivatives reflectance per square nanometre.');
}

/** How far the derivative lies from the exact one, and how much of that is not the noise. */
function sayDifferences(scene: DemoScene, result: SpectrumResult, exact: Float64Array): void {
  const [read] = result.pixels;
  const { filter } = result;
  if (read === undefined || filter === null) return;
  const noiseFree = derivativeWithoutNoise(scene, filter);
  const good = read.edge.flatMap((_, band) => (result.bandIsGood[band] === true ? [band] : []));
  const inner = good.filter((band) => read.edge[band] !== true);
  const ends = good.filter((band) => read.edge[band] === true);
  const row = (title: string, bands: readonly number[], derivative: ArrayLike<number | null>): void => {
    const sizes = bands.map((band) => ({
      band,
      size: Math.abs((derivative[band] ?? NaN) - (exact[band] ?? NaN)),
    }));
    sizes.sort((a, b) => a.size - b.size);
    const largest = sizes.at(-1) ?? { band: 0, size: NaN };
    const cells = [
      title.padEnd(40),
      (sizes[sizes.length >> 1]?.size ?? NaN).toExponential(1).padStart(9),
      largest.size.toExponential(1).padStart(9),
      `at ${(scene.wavelengthsNm[largest.band] ?? NaN).toFixed(0)} nm`.padStart(10),
    ];
    say(`  ${cells.join('  ')}`);
  };
  const derivative = read.derivative ?? [];
  say('');
  say('  Difference from the exact 2nd derivative    typical    largest');
  row(`${inner.length} bands inside the segments`, inner, derivative);
  row('  had there been no noise', inner, noiseFree);
  row(`${ends.length} bands at the segments' ends`, ends, derivative);
  row('  had there been no noise', ends, noiseFree);
  row('The exact 2nd derivative itself', good, new Float64Array(exact.length));
  say('  Typical is the median. The noise is 0.001 of reflectance. The rest comes from');
  say('  any such filter: over 11 bands a polynomial of degree 4 cannot quite follow');
  say('  the steepest place of this spectrum, the red edge. Try other windows.');
}

/** The same filter on the pixel's exact reflectances. */
function derivativeWithoutNoise(scene: DemoScene, filter: FilterSettings): Float64Array {
  const { wavelengthsNm, bandIsGood } = scene;
  const operator = designOperator(buildAxis({ kind: filter.axis, wavelengthsNm, bandIsGood }), filter);
  return filterSpectrum(operator, scene.noiseFreeSpectrum(pixel.line, pixel.sample, 0)).result;
}

function compareBytes(first: string, second: string): void {
  const same = readFileSync(first).equals(readFileSync(second));
  sayIndented(
    same
      ? `Both files have the same ${statSync(first).size} bytes.\n`
      : `${first} and ${second} differ: this is a bug of Cubelens, please report it.\n`,
  );
  if (!same) throw new Failed(70);
}

function sayNext(folder: string): void {
  sayTitle('Next');
  say(`The files are in ${folder === '' ? '.' : folder}`);
  say('Open the PNG in any viewer, the TIFF and the cube in QGIS, ENVI or GDAL.');
  say('');
  say('With a cube of your own (an ENVI header or data file, or a GeoTIFF):');
  say('  npm run build');
  say('  npx cubelens info CUBE');
  say('  npx cubelens spectrum CUBE --at 100,100 --derivative 2');
  say('  npx cubelens image CUBE --band 50 --derivative 2 --out derivative.png');
  say('  npx cubelens help');
  say('The guide is in docs/guide/index.md.');
}

function nearest(wavelengthsNm: readonly number[], nm: number): number {
  const distances = wavelengthsNm.map((centre) => Math.abs(centre - nm));
  return distances.indexOf(Math.min(...distances));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function sayTitle(title: string): void {
  say(`\n${title}\n`);
}

/** The command as it can be typed, cut at options where it is long. */
function sayCommand(argv: readonly string[]): void {
  let row = '  $ cubelens';
  argv.forEach((word, place) => {
    const value = argv[place + 1];
    const pair =
      word.startsWith('--') && value !== undefined && !value.startsWith('--') ? `${word} ${value}` : word;
    if (row.length + pair.length + 3 > columns) {
      say(`${row} \\`);
      row = '     ';
    }
    row += ` ${word}`;
  });
  say(row);
}

/** Rows two columns in; what is too long goes on in the next row at a blank. */
function sayIndented(text: string): void {
  for (const row of text.trimEnd().split('\n')) {
    let rest = `  ${row}`.trimEnd();
    while (rest.length > columns && rest.lastIndexOf(' ', columns) > 4) {
      const cut = rest.lastIndexOf(' ', columns);
      say(rest.slice(0, cut));
      rest = `    ${rest.slice(cut + 1)}`;
    }
    say(rest);
  }
}
