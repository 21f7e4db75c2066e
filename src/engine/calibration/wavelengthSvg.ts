import { scaleLinear } from 'd3-scale';
import type { CalibrationModel, FocalModel } from '../contract/calibration.ts';
import { escaped, isNumber, measured, place, short } from './svgText.ts';

/** One band's calibration. */
export interface BandModels {
  band: number;
  /** In nm; null where the file states none. */
  wavelengthNm: number | null;
  models: CalibrationModel[];
}

const width = 760;
const frame = { left: 84, right: 736, top: 46, bottom: 796, gap: 22 };
const colours = { curve: '#1f4e79', line: '#8a8f98', grid: '#e3e5e8', text: '#1b1f24' };
const panels = ['fx', 'fy', 'cx', 'cy'] as const;

/**
 * fx, fy, cx and cy in pixels over the wavelength in nm as a self-contained SVG, with bars of +- one standard deviation; over
 * the band number where a wavelength is missing. Each band's first model, or that with `focal`; bands without one are not drawn.
 */
export function wavelengthSvg({
  bands,
  focal,
}: {
  bands: readonly BandModels[];
  focal?: FocalModel;
}): string {
  const isNm = bands.every(({ wavelengthNm }) => isNumber(wavelengthNm));
  const drawn = bands
    .flatMap(({ band, wavelengthNm, models }) => {
      const model = focal === undefined ? models[0] : models.find((one) => one.focal === focal);
      const at = isNm ? wavelengthNm : band;
      return model === undefined || !isNumber(at) ? [] : [{ band, at, model }];
    })
    .sort((a, b) => a.at - b.at);
  const label = isNm ? 'wavelength, nm' : 'band';
  const [low, high] = padded(drawn.map(({ at }) => at));
  const x = scaleLinear([low, high], [frame.left, frame.right]);
  const height = (frame.bottom - frame.top - 3 * frame.gap) / 4;
  const only = isNm ? x.ticks(8) : x.ticks(8).filter(Number.isInteger);
  const heading = `K over ${isNm ? 'the wavelength' : 'the bands'}: ${drawn.length} ${drawn.length === 1 ? 'band' : 'bands'}, ± 1 standard deviation`;
  const panel = (name: (typeof panels)[number], index: number): string => {
    const top = frame.top + index * (height + frame.gap);
    const bottom = top + height;
    const values = drawn.filter(({ model }) => isNumber(model[name]));
    const reach = values.flatMap(({ model }) => {
      const sd = deviation(model, name);
      return [model[name] - sd, model[name] + sd];
    });
    const y = scaleLinear(padded(reach), [bottom, top]);
    const line = values.map(({ at, model }) => `${place(x(at))},${place(y(model[name]))}`);
    return [
      `<g id="${name}">`,
      ...(values.length === 0 ? [] : y.ticks(5)).map(
        (tick) =>
          `<line x1="${frame.left}" x2="${frame.right}" y1="${place(y(tick))}" y2="${place(y(tick))}" stroke="${colours.grid}"/><text x="${frame.left - 8}" y="${place(y(tick) + 4)}" text-anchor="end">${short(tick, 9)}</text>`,
      ),
      `<rect x="${frame.left}" y="${place(top)}" width="${frame.right - frame.left}" height="${place(height)}" fill="none" stroke="${colours.line}"/>`,
      `<text transform="translate(18 ${place((top + bottom) / 2)}) rotate(-90)" text-anchor="middle">${name}, px</text>`,
      ...only.map(
        (tick) =>
          `<line x1="${place(x(tick))}" x2="${place(x(tick))}" y1="${place(bottom)}" y2="${place(bottom + 5)}" stroke="${colours.line}"/>`,
      ),
      line.length > 1
        ? `<polyline points="${line.join(' ')}" fill="none" stroke="${colours.curve}" stroke-opacity="0.5" stroke-width="1.5"/>`
        : '',
      ...values.map(({ band, at, model }) => {
        const [u, value] = [place(x(at)), model[name]];
        const sd = deviation(model, name);
        const [a, b] = [place(y(value + sd)), place(y(value - sd))];
        const bar =
          sd > 0
            ? `<path d="M${u} ${a}V${b}M${place(x(at) - 4)} ${a}h8M${place(x(at) - 4)} ${b}h8" stroke="${colours.curve}" fill="none"/>`
            : '';
        const where = isNm ? `${short(at)} nm (band ${band})` : `band ${band}`;
        return `${bar}<circle cx="${u}" cy="${place(y(value))}" r="3.2" fill="${colours.curve}"><title>${escaped(`${where}: ${name} = ${measured(value, sd, 'px')}`)}</title></circle>`;
      }),
      `</g>`,
    ].join('\n');
  };
  const empty = `<text x="${(frame.left + frame.right) / 2}" y="${frame.top + height / 2}" text-anchor="middle">no band was calibrated</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 846" width="${width}" height="846" role="img" font-family="sans-serif" font-size="12" fill="${colours.text}">`,
    `<title>${escaped(heading)}</title>`,
    `<rect width="${width}" height="846" fill="#ffffff"/>`,
    `<text x="${frame.left}" y="28" font-size="15" font-weight="600">${escaped(heading)}</text>`,
    ...panels.map(panel),
    ...(drawn.length === 0 ? [empty] : only).map((tick) =>
      typeof tick === 'string'
        ? tick
        : `<text x="${place(x(tick))}" y="${frame.bottom + 20}" text-anchor="middle">${short(tick)}</text>`,
    ),
    `<text x="${(frame.left + frame.right) / 2}" y="${frame.bottom + 40}" text-anchor="middle">${label}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** 0 where it was held or is unknown: no bar. */
const deviation = (model: CalibrationModel, name: (typeof panels)[number]): number => {
  const sd = model.sd[name];
  return isNumber(sd) && sd > 0 ? sd : 0;
};

/** The extent with room at both ends; one value gets a range of its own. */
function padded(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) return [0, 1];
  const room = high > low ? 0.06 * (high - low) : Math.max(1, 0.01 * Math.abs(high));
  return [low - room, high + room];
}
