import type { BandCalibration, BandsCalibrationAnswer } from '../../engine/contract/index.ts';
import { boardOf, optionsOf } from './calibrateOptions.ts';
import { said, short } from './calibrateText.ts';
import type { Client } from './client.ts';
import { formatOf, json } from './command.ts';
import { usageError } from './exitCodes.ts';
import type { Arguments } from './options.ts';
import { columnTable, outputText } from './text.ts';
import { wrap } from './wrap.ts';

/** `calibrate CUBE... --bands`: a camera for each band. */
export async function calibrateBands(
  args: Arguments,
  client: Client,
  cubes: readonly string[],
): Promise<string> {
  for (const name of ['points', 'size', 'undistort', 'camera'] as const) {
    if (args.text(name) !== undefined) throw usageError(`--${name} does not go with --bands.`);
  }
  if (cubes.length === 0) throw usageError('CUBE... is missing: each cube is a view of the board.');
  const board = boardOf(args);
  if (board === undefined) throw usageError('--board CxR is missing: the inner corners of the chessboard.');
  const bands = groupsOf(args.needed('bands'));
  const out = args.text('out');
  if (out !== undefined && args.flag('json')) throw usageError('--json prints, --out writes: choose one.');
  const format = out === undefined ? 'json' : formatOf(out, ['json', 'svg']);
  const grantIds = cubes.map((cube) => client.grantRead(cube));
  const target = out === undefined ? null : client.grantWrite(out);
  const order = { grantIds, board, bands, options: optionsOf(args), target, format, replace: true };
  const { answer, written } = await client.job('calibrate-bands', order);
  if (args.flag('json')) return json(answer);
  return `${bandsText(answer)}${written === null ? '' : `\n${outputText(written)}`}`;
}

/** "10,50-52,90+91": indexes from 0; a range is a band each, + joins bands to one group. */
function groupsOf(list: string): number[][] {
  const bad = (piece: string) =>
    usageError(`--bands takes band numbers from 1, such as 10,50,90 or 10+11+12, not ${piece}.`);
  return list.split(',').flatMap((piece): number[][] => {
    const range = /^\s*(\d{1,7})\s*-\s*(\d{1,7})\s*$/.exec(piece);
    if (range !== null) {
      const [from, to] = [Number(range[1]), Number(range[2])];
      if (from < 1 || to < from || to - from >= 1000) throw bad(piece);
      return Array.from({ length: to - from + 1 }, (_, k) => [from - 1 + k]);
    }
    const group = piece.split('+').map((part) => (/^\s*\d{1,7}\s*$/.test(part) ? Number(part) : 0));
    if (group.some((band) => band < 1)) throw bad(piece);
    return [group.map((band) => band - 1)];
  });
}

function bandsText({ bands, notes, imageSize }: BandsCalibrationAnswer): string {
  const rows = bands.map(row);
  const header = ['band', 'nm', 'views', 'fx', '+-', 'fy', '+-', 'cx', '+-', 'cy', '+-', 'RMS'];
  const problems = bands.flatMap(({ bands: group, problem }) =>
    problem === null ? [] : [`Band ${group.join('+')}: ${problem}`],
  );
  const own = bands.flatMap((band) => band.notes.map((note) => `Band ${band.bands.join('+')}: ${note}`));
  const tests = bands.flatMap(({ bands: group, test }) =>
    test === null ? [] : [`${wrap(`Band ${group.join('+')}: ${test.verdict}`, 2)}\n`],
  );
  return `A camera for each band, ${imageSize.join(' x ')} pixels\n${columnTable(header, rows)}\n${tests.join('')}${said([...notes, ...problems, ...own])}`;
}

function row({ bands, wavelengthNm, models, views }: BandCalibration): string[] {
  const place = [bands.join('+'), wavelengthNm === null ? '-' : short(wavelengthNm, 6)];
  const [model] = models;
  if (model === undefined) return [...place, '0'];
  const pair = (name: 'fx' | 'fy' | 'cx' | 'cy'): string[] => [
    model[name].toFixed(2),
    model.sd[name] === undefined ? '-' : short(model.sd[name], 2),
  ];
  const included = views.filter((view) => view.included).length;
  return [
    ...place,
    String(included),
    ...pair('fx'),
    ...pair('fy'),
    ...pair('cx'),
    ...pair('cy'),
    short(model.rms, 3),
  ];
}
