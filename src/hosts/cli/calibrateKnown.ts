import type { CalibrationMatrixAnswer } from '../../engine/contract/index.ts';
import { numbersOf, pairOf } from './calibrateOptions.ts';
import { matrixRows, said, short } from './calibrateText.ts';
import type { Client } from './client.ts';
import { json } from './command.ts';
import { usageError } from './exitCodes.ts';
import { parseNumber, type Arguments } from './options.ts';
import { twoColumns } from './wrap.ts';

/** `calibrate --pushbroom`: K of a line scanner. */
export async function scanner(args: Arguments, client: Client): Promise<string> {
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
    'bands',
    'camera',
    'undistort',
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

/** `calibrate --focal-mm`: K without any photo. */
export async function knownMatrix(args: Arguments, client: Client): Promise<string> {
  for (const name of [
    'points',
    'board',
    'square',
    'focal',
    'distortion',
    'out',
    'bands',
    'camera',
    'undistort',
  ] as const) {
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
