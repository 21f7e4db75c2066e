import {
  distortionNames,
  type CalibrateRequest,
  type CalibrationAnswer,
  type CalibrationMatrixAnswer,
  type CalibrationModel,
  type CalibrationOptions,
} from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { formatOf, json, type Command } from './command.ts';
import { usageError } from './exitCodes.ts';
import { parseNumber, type Arguments, type OptionName } from './options.ts';
import { outputText } from './text.ts';
import { twoColumns, wrap } from './wrap.ts';

/** `cubelens calibrate`. */
export const calibrate: Command = {
  usage:
    'calibrate (--points FILE [--size WxH] [--board CxR] [--focal free|single] [--density MX,MY] [--distortion LIST|none] [--skew] [--square MM] [--out X.{yml,xml,json}] | --focal-mm F --density MX,MY --centre CX,CY [--skew S] | --pushbroom F_MM,PITCH_UM,LINES_PER_S,SPEED_M_S,HEIGHT_M)',
  summary: 'camera matrix K from points of a board: one focal length or two, and why',
  options: [
    'points',
    'size',
    'board',
    'square',
    'focal',
    'density',
    'distortion',
    'skew',
    'centre',
    'focal-mm',
    'pushbroom',
    'out',
    'json',
  ],
  optionHelp: {
    skew: { help: 'fit the skew too; with --focal-mm its value in pixels: --skew S' },
    out: {
      value: 'FILE',
      help: '.yml and .xml as OpenCV writes them (the first model), or .json (everything)',
    },
  },
  run: async (args, client) => {
    if (args.text('pushbroom') !== undefined) return scanner(args, client);
    if (args.text('focal-mm') !== undefined) return knownMatrix(args, client);
    const points = args.text('points');
    if (args.positionals.length > 0) {
      throw usageError(
        'This version reads no photos yet.',
        'Detect the corners with another program and give them with --points FILE.',
      );
    }
    if (points === undefined) throw usageError('--points FILE is missing, or --focal-mm F.');
    const out = args.text('out');
    if (out !== undefined && args.flag('json')) throw usageError('--json prints, --out writes: choose one.');
    const format = out === undefined ? 'json' : formatOf(out, ['json', 'opencv-yaml', 'opencv-xml']);
    const [size, board] = (['size', 'board'] as const).map((name) =>
      pairOf(args, name, /^(\d{1,7})\s*[x×]\s*(\d{1,7})$/i),
    );
    const options = optionsOf(args);
    const request: CalibrateRequest = {
      source: {
        kind: 'file',
        grantId: client.grantRead(points),
        ...(size === undefined ? {} : { imageSize: size }),
        ...(board === undefined ? {} : { board }),
      },
      options,
    };
    const target = out === undefined ? null : client.grantWrite(out);
    const { answer, written } = await client.job('calibrate', { request, target, format, replace: true });
    if (args.flag('json')) return json(answer);
    return `${text(answer)}${written === null ? '' : `\n${outputText(written)}`}`;
  },
};

async function scanner(args: Arguments, client: Client): Promise<string> {
  for (const name of [
    'points',
    'size',
    'board',
    'square',
    'focal',
    'density',
    'distortion',
    'focal-mm',
    'out',
  ] as const) {
    if (args.text(name) !== undefined) throw usageError(`--${name} does not go with --pushbroom.`);
  }
  if (args.positionals.length > 0 || args.flag('skew'))
    throw usageError('--pushbroom takes --centre and --json alone.');
  const given = args.needed('pushbroom');
  const numbers = given.split(',').map((piece) => parseNumber('pushbroom', piece));
  if (numbers.length !== 5) {
    throw usageError(
      `--pushbroom takes five numbers, F_MM,PITCH_UM,LINES_PER_S,SPEED_M_S,HEIGHT_M, not ${given}.`,
    );
  }
  if (numbers.some((value) => value <= 0))
    throw usageError(`--pushbroom: all five are above 0, not ${given}.`);
  const [focalMm = 0, pitchUm = 0, linesPerSecond = 0, speedMs = 0, heightM = 0] = numbers;
  const centre = numbersOf(args, 'centre');
  const request = {
    focalMm,
    pitchUm,
    linesPerSecond,
    speedMs,
    heightM,
    ...(centre === undefined ? {} : { centreX: centre[0] }),
  };
  const answer = await (await client.api.calibrate.pushbroom.$post({ json: request })).json();
  if (args.flag('json')) return json(answer);
  const { K, fx, fy, acrossM, alongM, squareSpeedMs, notes } = answer;
  const rows = [
    ['across the track', `fx ${short(fx)} px: ${short(acrossM)} m a pixel, by the lens`],
    ['along the track', `fy ${short(fy)} px: ${short(alongM)} m a line, by line rate and speed`],
    ['square pixels', `at ${short(squareSpeedMs)} m/s`],
  ] as const;
  return `K\n${matrixRows(K)}\n${twoColumns(rows)}${said(notes)}`;
}

async function knownMatrix(args: Arguments, client: Client): Promise<string> {
  for (const name of ['points', 'board', 'square', 'focal', 'distortion', 'out'] as const) {
    if (args.text(name) !== undefined) throw usageError(`--${name} does not go with --focal-mm.`);
  }
  const [density, centre] = (['density', 'centre'] as const).map((name) => numbersOf(args, name));
  if (density === undefined) throw usageError('--density MX,MY is missing.');
  if (centre === undefined) throw usageError('--centre CX,CY is missing.');
  const size = pairOf(args, 'size', /^(\d{1,7})\s*[x×]\s*(\d{1,7})$/i);
  const [given, ...more] = args.positionals;
  if (more.length > 0 || (given !== undefined && !args.flag('skew'))) {
    throw usageError(`--focal-mm takes no file, but ${given ?? ''} is given.`);
  }
  if (args.flag('skew') && given === undefined) throw usageError('--skew S: the skew in pixels is missing.');
  const request = {
    focalMm: args.number('focal-mm') ?? NaN,
    density,
    centre,
    ...(given === undefined ? {} : { skew: parseNumber('skew', given) }),
    ...(size === undefined ? {} : { imageSize: size }),
  };
  const answer = await (await client.api.calibrate.matrix.$post({ json: request })).json();
  return args.flag('json') ? json(answer) : matrixText(answer);
}

function optionsOf(args: Arguments): CalibrationOptions {
  const focal = args.choice('focal', ['free', 'single']);
  const [density, centre] = (['density', 'centre'] as const).map((name) => numbersOf(args, name));
  const squareMm = args.number('square');
  const distortion = distortionOf(args);
  return {
    ...(focal === undefined ? {} : { focal }),
    ...(density === undefined ? {} : { density }),
    ...(centre === undefined ? {} : { centre }),
    ...(squareMm === undefined ? {} : { squareMm }),
    ...(distortion === undefined ? {} : { distortion }),
    ...(args.flag('skew') ? { skew: true } : {}),
  };
}

function distortionOf(args: Arguments): CalibrationOptions['distortion'] {
  const given = args.text('distortion');
  if (given === undefined) return undefined;
  if (given.toLowerCase() === 'none') return 'none';
  return given.split(',').map((piece) => {
    const found = distortionNames.find((name) => name === piece.trim().toLowerCase());
    if (found !== undefined) return found;
    throw usageError(`--distortion takes some of ${distortionNames.join(',')}, or none; not ${piece}.`);
  });
}

function pairOf(args: Arguments, name: OptionName, pattern: RegExp): [number, number] | undefined {
  const given = args.text(name);
  if (given === undefined) return undefined;
  const match = pattern.exec(given.trim());
  if (match === null) throw usageError(`--${name} takes two whole numbers such as 640x480, not ${given}.`);
  return [Number(match[1]), Number(match[2])];
}

function numbersOf(args: Arguments, name: 'density' | 'centre'): [number, number] | undefined {
  const given = args.text(name);
  if (given === undefined) return undefined;
  const [first, second, ...more] = given.split(',').map((piece) => parseNumber(name, piece));
  if (first === undefined || second === undefined || more.length > 0) {
    throw usageError(`--${name} takes two numbers, such as 100,100, not ${given}.`);
  }
  return [first, second];
}

const short = (value: number, digits = 7): string => String(Number(value.toPrecision(digits)));
const matrixRows = (K: readonly (readonly number[])[]): string => {
  const cells = K.map((row) => row.map((value) => short(value)));
  const width = Math.max(...cells.flat().map(({ length }) => length));
  return cells.map((row) => `  ${row.map((cell) => cell.padStart(width)).join('  ')}\n`).join('');
};

function matrixText(answer: CalibrationMatrixAnswer): string {
  const { K, focalMm, density, pixelPitchUm, fieldOfViewDeg, notes } = answer;
  const rows: [string, string][] = [
    ['fx', `${short(answer.fx)} px = ${short(focalMm)} mm x ${short(density[0])} px/mm`],
    ['fy', `${short(answer.fy)} px = ${short(focalMm)} mm x ${short(density[1])} px/mm`],
    ['pixel pitch', `${short(pixelPitchUm[0], 5)} x ${short(pixelPitchUm[1], 5)} micrometres`],
  ];
  if (fieldOfViewDeg !== null) {
    const { horizontal, vertical, diagonal } = fieldOfViewDeg;
    rows.push([
      'field of view',
      `${short(horizontal)} x ${short(vertical)} degrees, diagonal ${short(diagonal)}`,
    ]);
  }
  return `K\n${matrixRows(K)}\n${twoColumns(rows)}${said(notes)}`;
}

function text(answer: CalibrationAnswer): string {
  const { models, test, views, coverage, notes } = answer;
  const parts = models.map(modelText);
  if (test !== null) parts.push(`${wrap(test.verdict)}\n`);
  const included = views.filter((view) => view.included);
  const rows = views.map(
    ({ name, rms, max, points, reason }) =>
      [
        name,
        rms === null
          ? `left out: ${reason ?? 'no board found'}`
          : `RMS ${short(rms, 3)} px, largest ${short(max ?? 0, 3)} px, ${points} points`,
      ] as const,
  );
  parts.push(
    `${included.length} of ${views.length} views; corners lie in ${Math.round(coverage.share * 100)} % of the image\n${twoColumns(rows, 2)}`,
  );
  return `${parts.join('\n')}${said(notes)}`;
}

function modelText(model: CalibrationModel): string {
  const { focal, K, rms, sd, distortion, fMmAxes, fMm, fieldOfViewDeg } = model;
  const withDeviation = (name: string, value: number): string => {
    const deviation = sd[name];
    return `${short(value)}${deviation === undefined ? ' (held)' : ` +- ${short(deviation, 3)}`}`;
  };
  const { fx, fy, cx, cy, skew } = model;
  const rows: [string, string][] = [
    ['fx, fy', `${withDeviation('fx', fx)}, ${withDeviation('fy', fy)} px`],
    ['cx, cy', `${withDeviation('cx', cx)}, ${withDeviation('cy', cy)} px`],
  ];
  if (skew !== 0 || sd['skew'] !== undefined) rows.push(['skew', `${withDeviation('skew', skew)} px`]);
  for (const name of distortionNames) {
    if (sd[name] !== undefined) rows.push([name, withDeviation(name, distortion[name])]);
  }
  if (fMm !== undefined) rows.push(['f', `${withDeviation('fMm', fMm)} mm`]);
  if (fMmAxes !== undefined && focal === 'free') {
    const axis = (f: { value: number; sd: number }): string => `${short(f.value)} +- ${short(f.sd, 3)} mm`;
    rows.push(['f of each axis', `fx / mx = ${axis(fMmAxes.x)}, fy / my = ${axis(fMmAxes.y)}`]);
  }
  rows.push(['RMS', `${short(rms, 5)} px a point`]);
  rows.push([
    'field of view',
    `${short(fieldOfViewDeg.horizontal, 5)} x ${short(fieldOfViewDeg.vertical, 5)} degrees`,
  ]);
  const title = focal === 'free' ? 'Two focal lengths' : 'One focal length';
  return `${title}\n${matrixRows(K)}\n${twoColumns(rows, 2)}`;
}

const said = (notes: readonly string[]): string =>
  notes.length === 0 ? '' : `\n${notes.map((note) => `${wrap(`Note: ${note}`, 2)}\n`).join('')}`;
