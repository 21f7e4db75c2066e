import {
  distortionNames,
  type CalibrationAnswer,
  type CalibrationModel,
} from '../../engine/contract/index.ts';
import { twoColumns, wrap } from './wrap.ts';

/** What `calibrate` prints for people. */

export const short = (value: number, digits = 7): string => String(Number(value.toPrecision(digits)));
export const matrixRows = (K: readonly (readonly number[])[]): string => {
  const cells = K.map((row) => row.map((value) => short(value)));
  const width = Math.max(...cells.flat().map(({ length }) => length));
  return cells.map((row) => `  ${row.map((cell) => cell.padStart(width)).join('  ')}\n`).join('');
};

/** Models, test, views and notes. */
export function calibrationText(answer: CalibrationAnswer): string {
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

/** Notes below an answer. */
export const said = (notes: readonly string[]): string =>
  notes.length === 0 ? '' : `\n${notes.map((note) => `${wrap(`Note: ${note}`, 2)}\n`).join('')}`;
