import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  classifierFiles,
  maximiseExamples,
  type MaximiseAnswer,
  type MaximiseEnd,
  type MaximiseRequest,
} from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { formatOf, json, type Command } from './command.ts';
import { usageError } from './exitCodes.ts';
import { wholeOf } from './learningOptions.ts';
import { namedValues, parseNumber, type Arguments } from './options.ts';
import { arithmeticText, meanings, mostInRow, numbersText, reachedText, sceneText } from './maximiseScene.ts';
import { columnTable, outputText } from './text.ts';
import { twoColumns } from './wrap.ts';

/** `cubelens maximise`. */
export const maximise: Command = {
  usage:
    'maximise (MODEL | --example NAME) [--fix NAME=VALUES]... [--range LO,HI | --range NAME=LO,HI;LO,HI] [--output N|CLASS] [--hull] [--nearest CUBE] [--starts N] [--seed S] [--out X.svg]',
  summary: 'the input that maximises a frozen network, and what kind of end it is',
  options: ['example', 'fix', 'range', 'output', 'hull', 'nearest', 'starts', 'seed', 'out', 'json'],
  optionHelp: {
    example: { value: 'NAME', help: `a network whose answer is known: ${maximiseExamples.join(', ')}` },
    range: {
      value: 'LO,HI',
      help: "ends of each free component, or 'NAME=LO,HI;LO,HI' (in quotes) one by one; default -10,10, of a saved classifier the range of its scene",
    },
    output: {
      value: 'N|CLASS',
      help: "which number of the model's output, from 0, or a class of a saved classifier; default 0",
    },
    out: { value: 'X.svg', help: 'a picture of the searches: one or two free components' },
  },
  run: async (args, client) => {
    const out = args.text('out');
    if (out !== undefined) formatOf(out, ['svg']);
    if (out !== undefined && args.flag('json')) throw usageError('--json prints, --out writes: choose one.');
    const request = requestOf(args, client);
    const target = out === undefined ? null : client.grantWrite(out);
    const { answer, written } = await client.job('maximise', { request, target, replace: true });
    if (args.flag('json')) return json(withoutPaths(answer));
    return `${text(answer)}${written === null ? '' : `\n${outputText(written)}`}`;
  },
};

function requestOf(args: Arguments, client: Client): MaximiseRequest {
  const example = args.choice('example', maximiseExamples);
  const file = modelOf(args.optionalFile());
  if ((example === undefined) === (file === undefined)) throw usageError('Give one of MODEL and --example.');
  const fix = namedValues(args, 'fix');
  const range = rangeOf(args);
  const named = args.text('output');
  // A class may be called anything but a number.
  const isNumber = named !== undefined && Number.isFinite(Number(named));
  const output = named === undefined || isNumber ? wholeOf(args, 'output', 0) : named;
  const [starts, seed] = [wholeOf(args, 'starts', 1, 10_000), wholeOf(args, 'seed', 0)];
  const nearest = args.text('nearest');
  return {
    source:
      example === undefined
        ? { kind: 'file', grantId: client.grantRead(file ?? '') }
        : { kind: 'example', name: example },
    ...(fix === null ? {} : { fix }),
    ...(range === null ? {} : { range }),
    ...(output === undefined ? {} : { output }),
    ...(args.flag('hull') ? { hull: true } : {}),
    ...(nearest === undefined ? {} : { nearest: client.grantRead(nearest) }),
    ...(starts === undefined ? {} : { starts }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** The model of a folder where a folder is given. */
const modelOf = (file: string | undefined): string | undefined =>
  file !== undefined && statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
    ? join(file, classifierFiles.model)
    : file;

/** "LO,HI" for all, or "NAME=LO,HI;LO,HI" for each component. */
function rangeOf(args: Arguments): NonNullable<MaximiseRequest['range']> | null {
  const given = args.text('range');
  if (given === undefined) return null;
  const at = given.indexOf('=');
  const intervals = given
    .slice(at + 1)
    .split(';')
    .map((piece): [number, number] => {
      const [low, high, ...more] = piece.split(',').map((value) => parseNumber('range', value));
      if (low === undefined || high === undefined || more.length > 0) {
        throw usageError(`--range takes LO,HI or NAME=LO,HI;LO,HI, not ${given}.`);
      }
      return [low, high];
    });
  if (at >= 0) return { [given.slice(0, at).trim()]: intervals };
  const [only, ...others] = intervals;
  if (only === undefined || others.length > 0) {
    throw usageError(`--range of several components names their input: NAME=${given}.`);
  }
  return only;
}

/** Paths are for the picture. */
function withoutPaths({ starts, ...answer }: MaximiseAnswer): unknown {
  return {
    ...answer,
    starts: starts.map(({ from, point, value, verdict, steps }) => ({ from, point, value, verdict, steps })),
  };
}

const short = (value: number): string => String(Number(value.toPrecision(8)));
const list = (values: readonly number[]): string => numbersText(values, 8);

/** Each component's ends; of many the lowest and the highest. */
function rangeText(range: MaximiseAnswer['range']): string {
  const [low, high] = [Math.min(...range.map(([end]) => end)), Math.max(...range.map(([, end]) => end))];
  if (range.every((ends) => ends[0] === low && ends[1] === high)) return `${short(low)} to ${short(high)}`;
  if (range.length > mostInRow) return `${range.length} intervals within ${short(low)} to ${short(high)}`;
  return range.map((ends) => ends.map(short).join(' to ')).join('; ');
}

function text(answer: MaximiseAnswer): string {
  if (answer.scene !== undefined) return sceneText(answer, answer.scene);
  const { best, ends, fixed, free, range, arithmetic } = answer;
  const known = Object.entries(fixed).map(([name, values]) => `${name} = ${list(values)}`);
  const rows: [string, string][] = [
    ['fixed', known.length === 0 ? 'nothing' : known.join('; ')],
    ['free', `${free} in ${rangeText(range)}`],
    [free, list(best.point)],
    ['value', short(best.value)],
    ['verdict', `${best.verdict}: ${meanings[best.verdict]}`],
    ['slope', list(best.gradient)],
    ['curvature', best.curvature.length === 0 ? 'not computed of so many components' : list(best.curvature)],
    ...evidence(best),
    ...riseText(best, arithmetic),
    ...reachedText(answer),
    ...arithmeticText(arithmetic),
  ];
  const others = ends
    .slice(1, 6)
    .map(
      (end) => [list(end.point), `${short(end.value)}, ${end.verdict}, reached by ${end.reachedBy}`] as const,
    );
  const more = ends.length > 6 ? `  and ${ends.length - 6} more\n` : '';
  const besides = others.length === 0 ? '' : `\nother ends\n${twoColumns(others, 2)}${more}`;
  return `${twoColumns(rows)}${besides}${pointTable(answer)}`;
}

/** The best point with its slope, a row a component, where that is too long for a line. */
function pointTable({ free, best: { point, gradient } }: MaximiseAnswer): string {
  if (point.length <= mostInRow) return '';
  const rows = point.map((value, k) => [String(k + 1), short(value), short(gradient[k] ?? NaN)]);
  return `\n${columnTable(['', free, 'slope'], rows)}`;
}

/** Of a plateau: how the search rose onto it. */
function riseText(
  { rise, value }: MaximiseEnd,
  { precision }: MaximiseAnswer['arithmetic'],
): [string, string][] {
  if (rise === null) return [];
  const { from, fromValue, lastSlope } = rise;
  if (lastSlope === null) return [['rise', `none: flat from where the search began, at ${list(from)}`]];
  const { steepness, point } = lastSlope;
  // A slope that was large a step before has ended at once, not died away.
  const diedAway = precision === 'float32' && steepness <= 0.01 * Math.abs(value);
  const may = diedAway ? '; in float32 it may still be rising' : '';
  return [
    [
      'rise',
      `rose from ${short(fromValue)} to ${short(value)} on the way; the last slope that was not zero was ${short(steepness)} at ${list(point)}${may}`,
    ],
  ];
}

function evidence({ newtonStep, multipliers, sensitivity, restarts }: MaximiseEnd): [string, string][] {
  const rows: [string, string][] = [];
  if (newtonStep !== null) rows.push(['Newton step', short(newtonStep)]);
  if (multipliers.some((multiplier) => multiplier !== 0)) rows.push(['multipliers', list(multipliers)]);
  if (sensitivity !== null && sensitivity.some((row) => row.length > 0)) {
    rows.push(['moves by', movesText(sensitivity)]);
  }
  if (restarts.tried > 0)
    rows.push(['restarts', `${restarts.returned} of ${restarts.tried} beside it came back`]);
  return rows;
}

/** How the end moves with the fixed inputs: a row for each of its components. */
function movesText(sensitivity: readonly (number | null)[][]): string {
  const all = sensitivity.flat();
  if (all.length > mostInRow * mostInRow) {
    return `${sensitivity.length} x ${sensitivity[0]?.length ?? 0} numbers, which --json gives`;
  }
  const rows = sensitivity.map((row) => row.map((move) => (move === null ? '-' : short(move))).join(', '));
  const whole = all.includes(null) ? ' (-: whole numbers)' : '';
  return `${rows.join('; ')} for each unit of the fixed inputs${whole}`;
}
