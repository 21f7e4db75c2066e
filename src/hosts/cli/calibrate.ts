import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { CalibrateRequest, CalibrationFormat } from '../../engine/contract/index.ts';
import { calibrateBands } from './calibrateBands.ts';
import { camera } from './calibrateCamera.ts';
import { knownMatrix, scanner } from './calibrateKnown.ts';
import { boardOf, optionsOf, pairOf } from './calibrateOptions.ts';
import { calibrationText } from './calibrateText.ts';
import type { Client } from './client.ts';
import { formatOf, json, type Command } from './command.ts';
import { usageError } from './exitCodes.ts';
import type { Arguments } from './options.ts';
import { makeFolder } from './outputFolder.ts';
import { filesText, undistortedText } from './writtenText.ts';

const wholePair = /^(\d{1,7})\s*[x×]\s*(\d{1,7})$/i;

/** `cubelens calibrate`. */
export const calibrate: Command = {
  usage:
    'calibrate PHOTO... --board CxR [FIT] [--undistort DIR] [--out X.{yml,xml,ros.yml,json,html}] | calibrate --points FILE [--size WxH] [--board CxR] [FIT] [--out X.{yml,xml,ros.yml,json,html}] | calibrate CUBE... --board CxR --bands LIST [FIT] [--out X.{json,svg}] | calibrate --camera FILE [PHOTO... --undistort DIR] | calibrate --focal-mm F --density MX,MY --centre CX,CY [--skew S] | calibrate --pushbroom F,P,L,S,H',
  summary: 'camera matrix K from photos or points of a board: one focal length or two, and why',
  notes: 'FIT is any of --square, --focal, --density, --distortion, --skew, --centre.',
  options: [
    'board',
    'square',
    'points',
    'size',
    'bands',
    'focal',
    'density',
    'distortion',
    'skew',
    'centre',
    'undistort',
    'camera',
    'focal-mm',
    'pushbroom',
    'out',
    'json',
  ],
  optionHelp: {
    board: { help: 'inner corners of the chessboard (where four squares meet), columns x rows' },
    bands: {
      help: 'of cubes: a camera for each of these bands, such as 10,50,90; 10+11+12 is the mean of a group',
    },
    pushbroom: {
      value: 'F,P,L,S,H',
      help: 'K of a line scanner over flat ground: f in mm, pixel pitch in micrometres, lines a second, speed in m/s, height in m',
    },
    skew: { help: 'fit the skew too; with --focal-mm its value in pixels: --skew S' },
    out: {
      value: 'FILE',
      help: '.yml and .xml as OpenCV, .ros.yml as ROS camera_info (the first model); .json: everything; .html: a report; .svg: bands over wavelength',
    },
  },
  run: async (args, client) => {
    if (args.text('pushbroom') !== undefined) return scanner(args, client);
    if (args.text('focal-mm') !== undefined) return knownMatrix(args, client);
    const files = args.positionals.flatMap(filesOf);
    if (args.text('camera') !== undefined)
      return camera(args, client, files, undistortTargets(args, client, files));
    if (args.text('bands') !== undefined) return calibrateBands(args, client, args.positionals);
    return boardCalibration(args, client, files);
  },
};

async function boardCalibration(args: Arguments, client: Client, photos: readonly string[]): Promise<string> {
  const out = args.text('out');
  if (out !== undefined && args.flag('json')) throw usageError('--json prints, --out writes: choose one.');
  const format = out === undefined ? 'json' : calibrationFormat(out);
  const request: CalibrateRequest = { source: sourceOf(args, client, photos), options: optionsOf(args) };
  const undistort = undistortTargets(args, client, photos);
  if (undistort.length > 0 && request.source.kind !== 'photos') {
    throw usageError(
      '--undistort needs photos.',
      'With a camera that is known: calibrate --camera FILE PHOTO... --undistort DIR.',
    );
  }
  const target = out === undefined ? null : client.grantWrite(out);
  const order = { request, target, format, undistort, replace: true };
  const { answer, written, undistorted } = await client.job('calibrate', order);
  if (args.flag('json')) return json(answer);
  return `${calibrationText(answer)}${filesText(written)}${undistortedText(undistorted)}`;
}

function sourceOf(args: Arguments, client: Client, photos: readonly string[]): CalibrateRequest['source'] {
  const points = args.text('points');
  const size = pairOf(args, 'size', wholePair);
  const board = boardOf(args);
  if (points !== undefined) {
    if (photos.length > 0) throw usageError('--points FILE and photos are given: choose one.');
    return {
      kind: 'file',
      grantId: client.grantRead(points),
      ...(size === undefined ? {} : { imageSize: size }),
      ...(board === undefined ? {} : { board }),
    };
  }
  if (photos.length === 0) throw usageError('PHOTO... is missing, or --points FILE, or --focal-mm F.');
  if (board === undefined) {
    throw usageError(
      '--board CxR is missing.',
      'Count the inner corners, where four squares meet: a board of 10 x 7 squares is --board 9x6.',
    );
  }
  if (size !== undefined) throw usageError('--size goes with --points: photos say their size themselves.');
  return { kind: 'photos', grantIds: photos.map((photo) => client.grantRead(photo)), board };
}

function calibrationFormat(out: string): CalibrationFormat {
  if (/\.svg$/i.test(out)) throw usageError(`--out ${out}: a picture over wavelength needs --bands LIST.`);
  if (/\.ros\.ya?ml$/i.test(out)) return 'ros';
  return formatOf(out, ['json', 'opencv-yaml', 'opencv-xml', 'html']);
}

const photoEndings = ['.jpg', '.jpeg', '.png', '.tif', '.tiff'];

/** The photos of a folder in the order of their names, or the file itself. */
function filesOf(path: string): string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const photos = readdirSync(path)
    .filter((name) => !name.startsWith('.') && photoEndings.includes(extname(name).toLowerCase()))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (photos.length > 0) return photos.map((name) => join(path, name));
  throw usageError(`${path} holds no photos.`, `Photos end in ${photoEndings.join(', ')}.`);
}

/** A target in the folder of --undistort for each photo; the folder is made where it is not there. */
function undistortTargets(args: Arguments, client: Client, photos: readonly string[]): string[] {
  const folder = args.text('undistort');
  if (folder === undefined) return [];
  if (photos.length === 0) throw usageError('--undistort needs photos.');
  const names = photos.map((photo) => `${basename(photo, extname(photo))}_undistorted.png`);
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined) {
    throw usageError(`Two photos would be written as ${twice}.`, 'Undistort the folders one by one.');
  }
  makeFolder('undistort', folder);
  return names.map((name) => client.grantWrite(join(folder, name)));
}
