import type {
  Colouring,
  ExportParameters,
  FilterSettings,
  OpenCubeAnswer,
} from '../../../src/engine/contract/index.ts';
import { parseBands } from '../../store/bandList.ts';
import {
  displayOf,
  imageOf,
  isFilterable,
  type CubeSettings,
  type CubeView,
  type Limits,
  type Pixel,
} from '../../store/cubeView.ts';
import { withoutPin } from '../../store/pins.ts';

export type ExportWhat = 'image' | 'cube' | 'spectrum';
export type CubeVariant = 'plain' | 'smoothed' | 'derivative';
export type ExportFormat = 'geotiff' | 'envi' | 'npy' | 'png' | 'csv';

/** What a person chose in the dialog. */
export interface ExportChoice {
  what: ExportWhat;
  variant: CubeVariant;
  format: ExportFormat;
  /** "1-224", "1,5,10-20": bands of the cube, by number. */
  bands: string;
  /** Whether the pins' spectra come along with that of the pixel. */
  withPins: boolean;
}

/** What it is made of: the cube as it is shown now. */
export interface ExportSource {
  cube: OpenCubeAnswer;
  view: CubeView;
  settings: CubeSettings;
  /** Colours' limits as they are on the screen. */
  limits: readonly Limits[] | null;
}

/** An export as it would be written. */
export interface ExportPlan {
  output: {
    [Kind in keyof ExportParameters]: { kind: Kind; parameters: ExportParameters[Kind] };
  }[keyof ExportParameters];
  /** Bytes of the data file: known where pixels are written as they are, else at most or about. */
  bytes: number;
  precision: 'exact' | 'most' | 'about';
  /** "192 × 160 × 224, float32". */
  shape: string;
  /** The same as a command line, without `--out`. */
  words: string[];
}

export const endings: Record<ExportFormat, string> = {
  geotiff: '.tif',
  envi: '.dat',
  npy: '.npy',
  png: '.png',
  csv: '.csv',
};

/** The formats of each kind of export, the usual one first. */
export const formatsOf: Record<ExportWhat, readonly ExportFormat[]> = {
  image: ['geotiff', 'envi', 'npy', 'png'],
  cube: ['geotiff', 'envi'],
  spectrum: ['csv'],
};

const typeBytes: Record<string, number> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  float16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
  complex64: 8,
  complex128: 16,
};

/** A name for the output: the cube's with what was made of it. */
export function suggestedName({ cube, view, settings }: ExportSource, choice: ExportChoice): string {
  const stem = cube.info.file.replace(/\.[^.]*$/, '').replace(/[/\\]/g, '_') || 'cube';
  const order = settings.filter.derivative;
  const parts: Record<ExportWhat, string> = {
    image:
      view.mode === 'rgb'
        ? 'rgb'
        : `b${String(view.bandIndex + 1).padStart(3, '0')}${{ band: '', smoothed: '_smoothed', derivative: `_d${order}` }[view.mode]}`,
    cube: { plain: 'copy', smoothed: 'smoothed', derivative: `d${order}` }[choice.variant],
    spectrum: spectrumName(view, pixelsOf(view, settings, choice).length),
  };
  return `${stem}_${parts[choice.what]}${endings[choice.format]}`;
}

/** Makes the plan of a choice. A text says why there is none. */
export function planExport(source: ExportSource, choice: ExportChoice): ExportPlan | string {
  switch (choice.what) {
    case 'image':
      return planImage(source, choice.format);
    case 'cube':
      return planCube(source, choice);
    case 'spectrum':
      return planSpectrum(source, choice);
  }
}

function planImage(
  { cube, view, settings, limits }: ExportSource,
  format: ExportFormat,
): ExportPlan | string {
  if (format === 'csv') return 'An image is no table.';
  const { info } = cube;
  const image = imageOf(view, settings);
  const planes = view.mode === 'rgb' ? 3 : 1;
  if (format === 'npy' && planes === 3) return 'NPY holds one plane: choose another format for three bands.';
  const display = settings.displays[displayOf(view.mode)];
  const [only] = limits ?? [];
  const colouring: Colouring | null =
    format === 'png' && planes === 1 && only !== undefined && cube.classes === null
      ? { colourMap: display.colourMap, low: only.low, high: only.high }
      : null;
  const bands =
    view.mode === 'rgb'
      ? ['--rgb', view.rgb.map((bandIndex) => bandIndex + 1).join(',')]
      : ['--band', String(view.bandIndex + 1)];
  const filter =
    image.kind === 'filtered'
      ? filterWords({ ...settings.filter, derivative: image.parameters.filter.derivative ?? 0 })
      : [];
  const colours =
    colouring === null
      ? []
      : ['--colour-map', display.colourMap, '--range', `${colouring.low ?? 0},${colouring.high ?? 1}`];
  const pixels = info.lines * info.samples;
  const isPicture = format === 'png';
  return {
    output: { kind: 'image', parameters: { format, image, colouring } },
    bytes: pixels * (isPicture ? 4 : 4 * planes),
    precision: isPicture ? 'most' : 'exact',
    shape: `${info.lines} × ${info.samples}${planes === 3 ? ' × 3' : ''}, ${isPicture ? 'colours' : 'float32'}`,
    words: ['image', ...fileWords(cube), ...bands, ...filter, ...colours],
  };
}

function planCube({ cube, settings }: ExportSource, choice: ExportChoice): ExportPlan | string {
  const { format, variant } = choice;
  if (format !== 'geotiff' && format !== 'envi') return 'A cube is written as GeoTIFF or ENVI.';
  const { info } = cube;
  const bandIndexes = parseBands(choice.bands, info.bands);
  if (typeof bandIndexes === 'string') return bandIndexes;
  const filter =
    variant === 'plain'
      ? null
      : { ...settings.filter, derivative: variant === 'smoothed' ? 0 : settings.filter.derivative };
  if (variant === 'derivative' && settings.filter.derivative === 0)
    return 'The filter’s derivative is 0: choose another, or the smoothed cube.';
  const bands = bandIndexes?.length ?? info.bands;
  const type = filter === null ? info.dataType : 'float32';
  return {
    output: { kind: 'cube', parameters: { format, filter, bandIndexes } },
    bytes: info.lines * info.samples * bands * (typeBytes[type] ?? 4),
    precision: 'exact',
    shape: `${info.lines} × ${info.samples} × ${bands}, ${type}`,
    words: [
      'export',
      ...fileWords(cube),
      ...(filter === null ? [] : filterWords(filter)),
      ...(bandIndexes === null ? [] : ['--bands', choice.bands.replace(/\s/g, '').replaceAll('–', '-')]),
    ],
  };
}

/** The picked pixel, then those of the pins that lie elsewhere. */
function pixelsOf({ pixel }: CubeView, { pins }: CubeSettings, { withPins }: ExportChoice): Pixel[] {
  if (pixel === null) return [];
  const others = withPins ? withoutPin(pins, pixel) : [];
  return [pixel, ...others].map(({ line, sample }) => ({ line, sample }));
}

function spectrumName({ pixel }: CubeView, pixels: number): string {
  if (pixel === null) return 'spectrum';
  return `line${pixel.line}_sample${pixel.sample}${pixels > 1 ? `_and_${pixels === 2 ? '1_pin' : `${pixels - 1}_pins`}` : ''}`;
}

function planSpectrum({ cube, view, settings }: ExportSource, choice: ExportChoice): ExportPlan | string {
  const { pixel } = view;
  if (pixel === null) return 'No pixel is picked: click one first.';
  const at = pixelsOf(view, settings, choice);
  const hasFilter = cube.classes === null && isFilterable(cube.info);
  return {
    output: {
      kind: 'spectra',
      parameters: { format: 'csv', at, filter: hasFilter ? settings.filter : null },
    },
    // A row a band: its name and wavelength, and five numbers a pixel.
    bytes: cube.info.bands * (30 + (hasFilter ? 60 : 16) * at.length),
    precision: 'about',
    shape: `${cube.info.bands} ${cube.info.bands === 1 ? 'band' : 'bands'} of ${at.length === 1 ? `line ${pixel.line}, sample ${pixel.sample}` : `${at.length} pixels`}`,
    words: [
      'spectrum',
      ...fileWords(cube),
      ...at.flatMap(({ line, sample }) => ['--at', `${line},${sample}`]),
      ...(hasFilter ? filterWords(settings.filter) : []),
    ],
  };
}

function fileWords({ info, options }: OpenCubeAnswer): string[] {
  return options.imageId === undefined || info.images.length < 2
    ? [info.file]
    : [info.file, '--image', options.imageId];
}

function filterWords({ window, degree, derivative, axis, edge, gap }: FilterSettings): string[] {
  return [
    ...['--window', String(window), '--degree', String(degree), '--derivative', String(derivative)],
    ...['--axis', axis],
    ...(edge === 'fit' ? [] : ['--edge', edge]),
    ...(gap === 'refit' ? [] : ['--gap', gap]),
  ];
}

/** A command as it can be typed: words with other signs than the plain ones are quoted. */
export const commandText = (words: readonly string[]): string =>
  words.map((word) => (/^[\w.,:=/+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');

/** The filter in words: "window 11, degree 2, derivative 2, per nm²". */
export function filterText({ window, degree, derivative, axis }: FilterSettings): string {
  const unit = axis === 'band' ? 'band' : 'nm';
  const per = derivative === 0 ? '' : `, per ${unit}${['', '', '²', '³'][derivative] ?? ''}`;
  return `window ${window}, degree ${degree}, derivative ${derivative}${per}`;
}
