import { scaleLinear } from 'd3-scale';
import type { MaximiseAnswer } from '../../contract/maximise.ts';
import { CubelensError } from '../../base/errors.ts';
import { contourLines } from './contours.ts';
import type { FrozenModel } from './frozenModel.ts';
import type { Objective } from './objective.ts';
import { fixedValues, freeInput } from './settings.ts';

const size = { width: 720, height: 480 };
const frame = { left: 72, right: 696, top: 56, bottom: 424 };
const samples = 600;
const grid = 96;
const levels = 12;
const colours = { curve: '#1f4e79', path: '#b06a00', end: '#7a1f1f', line: '#8a8f98', text: '#1b1f24' };

type Scale = (value: number) => number;

type Interval = [number, number];

/** Throws `invalid-request` where a free input has too many components for a picture. */
export function checkDrawable(free: string, components: number): void {
  if (components <= 2) return;
  throw new CubelensError(
    'invalid-request',
    `"${free}" has ${components} components; one or two can be drawn.`,
    { field: 'out', remedy: 'Ask for JSON, or use a model whose free input has one or two components.' },
  );
}

/**
 * A picture of an answer as a self-contained SVG: for one free component f over its range with the searches on it, for two
 * contours of f with the searches across them. The best point is marked with its verdict.
 * Throws `invalid-request` for more free components.
 */
export function svgOfAnswer(model: FrozenModel, answer: MaximiseAnswer): string {
  const free = freeInput(model, answer.fixed);
  const fixed = fixedValues(model, free, answer.fixed);
  const { output, range } = answer;
  const objective = model.objective({ output, free, fixed, range });
  checkDrawable(answer.free, answer.range.length);
  const [first, second] = answer.range as [Interval, Interval?];
  const body = second === undefined ? curve(objective, answer, first) : map(objective, answer, first, second);
  const { best, fixed: values } = answer;
  const given = Object.entries(values).map(([name, entries]) => `${name} = ${entries.map(short).join(', ')}`);
  const heading = `Output ${answer.output} over ${answer.free}${given.length > 0 ? `, ${given.join('; ')} fixed` : ''}`;
  const found = `Best: ${best.verdict} at ${answer.free} = ${best.point.map(short).join(', ')}, value ${short(best.value)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" font-family="sans-serif" font-size="12" fill="${colours.text}">`,
    `<title>${escaped(heading)}</title>`,
    `<desc>${escaped(found)}</desc>`,
    `<rect width="${size.width}" height="${size.height}" fill="#ffffff"/>`,
    `<text x="${frame.left}" y="24" font-size="15" font-weight="600">${escaped(heading)}</text>`,
    `<text x="${frame.left}" y="43">${escaped(found)}</text>`,
    body,
    '</svg>',
    '',
  ].join('\n');
}

function curve(objective: Objective, answer: MaximiseAnswer, [low, high]: [number, number]): string {
  const across = Array.from({ length: samples + 1 }, (_, k) => low + ((high - low) * k) / samples);
  const found = objective.values(across.map((y) => Float64Array.of(y)));
  const points = across
    .map((y, k) => ({ y, value: found[k] as number }))
    .filter(({ value }) => Number.isFinite(value));
  const values = [...points.map(({ value }) => value), answer.best.value];
  const x = scaleLinear([low, high], [frame.left, frame.right]);
  const up = scaleLinear(padded(values), [frame.bottom, frame.top]);
  const at = (y: number): string => `${fixed2(x(y))},${fixed2(up(objective.value(Float64Array.of(y))))}`;
  const paths = answer.starts.map(({ path }) => {
    const dots = path.map(([y = 0]) => at(y));
    return `<polyline points="${dots.join(' ')}" fill="none" stroke="${colours.path}" stroke-opacity="0.35"/>${start(dots[0])}`;
  });
  return [
    axes(x, x.ticks(8), up, up.ticks(6), answer.free, `output ${answer.output}`),
    `<polyline points="${points.map(({ y }) => at(y)).join(' ')}" fill="none" stroke="${colours.curve}" stroke-width="2"/>`,
    ...paths,
    ...answer.ends.slice(0, 20).map(({ point, verdict, value }, k) => {
      const y = point[0] ?? 0;
      return end(x(y), up(value), k === 0 ? verdict : null, `${verdict}: ${short(y)}, value ${short(value)}`);
    }),
  ].join('\n');
}

function map(
  objective: Objective,
  answer: MaximiseAnswer,
  first: [number, number],
  second: [number, number],
): string {
  const x = scaleLinear(first, [frame.left, frame.right]);
  const up = scaleLinear(second, [frame.bottom, frame.top]);
  const node = ([low, high]: [number, number], k: number): number => low + ((high - low) * k) / grid;
  const values = Array.from({ length: grid + 1 }, (_, row) =>
    objective.values(
      Array.from({ length: grid + 1 }, (_, column) =>
        Float64Array.of(node(first, column), node(second, row)),
      ),
    ),
  );
  const [lowest, highest] = extent(values.flat());
  const lines = Array.from({ length: levels }, (_, k) => {
    const share = (k + 0.5) / levels;
    const level = lowest + share * (highest - lowest);
    const parts = contourLines(values, level).map(([a, b]) => {
      const place = ([column, row]: [number, number]): string =>
        `${fixed2(x(node(first, column)))} ${fixed2(up(node(second, row)))}`;
      return `M${place(a)}L${place(b)}`;
    });
    return `<path d="${parts.join('')}" fill="none" stroke="${colours.curve}" stroke-opacity="${(0.2 + 0.8 * share).toFixed(2)}"><title>f = ${short(level)}</title></path>`;
  });
  const paths = answer.starts.map(({ path }) => {
    const dots = path.map(([a = 0, b = 0]) => `${fixed2(x(a))},${fixed2(up(b))}`);
    return `<polyline points="${dots.join(' ')}" fill="none" stroke="${colours.path}" stroke-opacity="0.5"/>${start(dots[0])}`;
  });
  return [
    axes(x, x.ticks(8), up, up.ticks(6), `${answer.free}, component 1`, `${answer.free}, component 2`),
    ...lines,
    ...paths,
    ...answer.ends
      .slice(0, 20)
      .map(({ point: [a = 0, b = 0], verdict, value }, k) =>
        end(
          x(a),
          up(b),
          k === 0 ? verdict : null,
          `${verdict}: ${short(a)}, ${short(b)}, value ${short(value)}`,
        ),
      ),
    `<text x="${frame.left}" y="${size.height - 5}">Contours of output ${answer.output} from ${short(lowest)} (pale) to ${short(highest)} (dark)</text>`,
  ].join('\n');
}

function axes(
  x: Scale,
  across: number[],
  up: Scale,
  along: number[],
  xLabel: string,
  upLabel: string,
): string {
  const middle = (frame.top + frame.bottom) / 2;
  return [
    `<rect x="${frame.left}" y="${frame.top}" width="${frame.right - frame.left}" height="${frame.bottom - frame.top}" fill="none" stroke="${colours.line}"/>`,
    ...across.map(
      (tick) =>
        `<line x1="${fixed2(x(tick))}" x2="${fixed2(x(tick))}" y1="${frame.bottom}" y2="${frame.bottom + 5}" stroke="${colours.line}"/><text x="${fixed2(x(tick))}" y="${frame.bottom + 18}" text-anchor="middle">${short(tick)}</text>`,
    ),
    ...along.map(
      (tick) =>
        `<line x1="${frame.left - 5}" x2="${frame.left}" y1="${fixed2(up(tick))}" y2="${fixed2(up(tick))}" stroke="${colours.line}"/><text x="${frame.left - 8}" y="${fixed2(up(tick) + 4)}" text-anchor="end">${short(tick)}</text>`,
    ),
    `<text x="${(frame.left + frame.right) / 2}" y="${frame.bottom + 32}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text transform="translate(18 ${middle}) rotate(-90)" text-anchor="middle">${escaped(upLabel)}</text>`,
  ].join('\n');
}

function start(place: string | undefined): string {
  const [x, y] = (place ?? '0,0').split(',');
  return `<circle cx="${x}" cy="${y}" r="2" fill="${colours.path}"/>`;
}

function end(x: number, y: number, label: string | null, title: string): string {
  const isRight = x > (frame.left + frame.right) / 2;
  const place = `x="${fixed2(x + (isRight ? -9 : 9))}" y="${fixed2(y + 18)}" text-anchor="${isRight ? 'end' : 'start'}"`;
  const text =
    label === null
      ? ''
      : `<text ${place} fill="${colours.end}" stroke="#ffffff" stroke-width="3" paint-order="stroke" font-weight="600">${label}</text>`;
  return `<circle cx="${fixed2(x)}" cy="${fixed2(y)}" r="${label === null ? 3.5 : 5}" fill="${colours.end}"><title>${escaped(title)}</title></circle>${text}`;
}

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

/** The extent with room above and below; a flat function gets a frame of its own. */
function padded(values: readonly number[]): [number, number] {
  const [low, high] = extent(values);
  const room = high > low ? 0.06 * (high - low) : Math.max(1, Math.abs(high)) / 2;
  return [low - room, high + room];
}

const fixed2 = (value: number): string => value.toFixed(2);

/** Six digits without trailing zeros. */
const short = (value: number): string => String(Number(value.toPrecision(6)));

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
