import type { CameraAnswer } from '../../engine/contract/index.ts';
import { pairOf } from './calibrateOptions.ts';
import { matrixRows, said, short } from './calibrateText.ts';
import type { Client } from './client.ts';
import { formatOf, json } from './command.ts';
import { usageError } from './exitCodes.ts';
import type { Arguments } from './options.ts';
import { filesText, undistortedText } from './writtenText.ts';
import { twoColumns } from './wrap.ts';

/** `calibrate --camera FILE`: what a file says; the same in another format; photos without its distortion. */
export async function camera(
  args: Arguments,
  client: Client,
  photos: readonly string[],
  undistort: string[],
): Promise<string> {
  for (const name of [
    'points',
    'board',
    'square',
    'bands',
    'focal',
    'density',
    'distortion',
    'centre',
  ] as const) {
    if (args.text(name) !== undefined) throw usageError(`--${name} does not go with --camera.`);
  }
  if (photos.length > 0 && undistort.length === 0) {
    throw usageError('Photos go with --camera only to be undistorted: --undistort DIR is missing.');
  }
  const out = args.text('out');
  if (out !== undefined && args.flag('json')) throw usageError('--json prints, --out writes: choose one.');
  const format =
    out === undefined
      ? 'json'
      : /\.ros\.ya?ml$/i.test(out)
        ? 'ros'
        : formatOf(out, ['json', 'opencv-yaml', 'opencv-xml']);
  const size = pairOf(args, 'size', /^(\d{1,7})\s*[x×]\s*(\d{1,7})$/i);
  const { answer, written, undistorted } = await client.job('camera', {
    grantId: client.grantRead(args.needed('camera')),
    ...(size === undefined ? {} : { imageSize: size }),
    target: out === undefined ? null : client.grantWrite(out),
    format,
    photos: photos.map((photo) => client.grantRead(photo)),
    undistort,
    replace: true,
  });
  if (args.flag('json')) return json(answer);
  return `${cameraText(answer)}${filesText(written)}${undistortedText(undistorted)}`;
}

function cameraText({ K, distortion, imageSize, fieldOfViewDeg, notes }: CameraAnswer): string {
  const rows: [string, string][] = [
    ['image size', imageSize === null ? 'not stated' : `${imageSize.join(' x ')} pixels`],
    [
      'distortion',
      Object.entries(distortion)
        .map(([name, value]) => `${name} ${short(value)}`)
        .join(', '),
    ],
  ];
  if (fieldOfViewDeg !== null) {
    const { horizontal, vertical } = fieldOfViewDeg;
    rows.push(['field of view', `${short(horizontal, 5)} x ${short(vertical, 5)} degrees`]);
  }
  return `K\n${matrixRows(K)}\n${twoColumns(rows)}${said(notes)}`;
}
