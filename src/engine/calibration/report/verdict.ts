import type { CalibrationAnswer } from '../../contract/calibration.ts';
import { decimals, measured, none, short } from '../svgText.ts';

/** p below which two focal lengths are asked for, and the RMS (pixels) below which a fit is exact: as in the test itself. */
const significance = 0.05;
const exact = 1e-7;

/** Whether one focal length is enough; null where the two models were not compared. */
export function oneIsEnough({ test, models }: CalibrationAnswer): boolean | null {
  const single = models.find(({ focal }) => focal === 'single');
  if (test === null || single === undefined) return null;
  return test.p >= significance || single.rms < exact;
}

/** The answer in one sentence: one focal length or two, by how much they differ, and how well they are known. Plain text. */
export function verdictSentence(answer: CalibrationAnswer): string {
  const enough = oneIsEnough(answer);
  const free = answer.models.find(({ focal }) => focal === 'free');
  const single = answer.models.find(({ focal }) => focal === 'single');
  if (enough === null || free === undefined || single === undefined) {
    const only = free ?? single;
    if (only === undefined) return 'No model was fitted.';
    const values = `fx = ${measured(only.fx, only.sd['fx'], 'px')} and fy = ${measured(only.fy, only.sd['fy'], 'px')}`;
    return only.focal === 'free'
      ? `Two focal lengths were fitted and not compared with one: ${values}.`
      : `One focal length was fitted and not compared with two: ${values}.`;
  }
  const [x, y] = [free.fMmAxes?.x, free.fMmAxes?.y];
  const apart =
    x !== undefined && y !== undefined
      ? `fx / mx = ${measured(x.value, x.sd, 'mm')} and fy / my = ${measured(y.value, y.sd, 'mm')}`
      : `fx = ${measured(free.fx, free.sd['fx'], 'px')} and fy = ${measured(free.fy, free.sd['fy'], 'px')}`;
  if (!enough)
    return `The data ask for two focal lengths: ${apart} differ by more than the noise of the points.`;
  const f =
    single.fMm === undefined
      ? `f = ${measured(single.fy, single.sd['fy'], 'px')}`
      : `f = ${measured(single.fMm, single.sd['fMm'], 'mm')}`;
  if (single.rms < exact) return `One focal length is enough: ${f}; both models fit the points exactly.`;
  return `One focal length is enough: ${f}. Fitted apart, ${apart} agree within the noise of the points.`;
}

/** The F test in words, as HTML; the reason where there is none. */
export function testSection(answer: CalibrationAnswer): string {
  const { test } = answer;
  const free = answer.models.find(({ focal }) => focal === 'free');
  const single = answer.models.find(({ focal }) => focal === 'single');
  if (test === null || free === undefined || single === undefined) {
    return '<p>Only one of the two models was fitted, so there is no test between them.</p>';
  }
  const enough = oneIsEnough(answer) === true;
  const p = probability(test.p);
  const meaning =
    single.rms < exact
      ? 'Both models fit the points exactly: nothing is left for a second focal length to explain.'
      : enough
        ? `If one focal length is true, an F at least as large comes by chance with probability ${p}. That is not rare (the limit is ${significance}): the second focal length explains nothing but noise.`
        : `If one focal length were true, an F at least as large would come by chance with probability ${p}, below the limit of ${significance}: the points contradict one focal length with the stated ratio of pixel densities.`;
  return [
    `<p>The model with two focal lengths always fits at least as well, because it has ${free.parameterCount - single.parameterCount === 1 ? 'one number' : 'more numbers'} more to adjust. The question is whether it fits better by more than noise allows.</p>`,
    `<table><thead><tr><th></th><th class="n">sum of squares, px²</th><th class="n">numbers fitted</th><th class="n">RMS, px</th></tr></thead><tbody>`,
    ...[single, free].map(
      (model) =>
        `<tr><td>${model === single ? 'one focal length (SSE1)' : 'two focal lengths (SSE2)'}</td><td class="n">${short(model.sse, 7)}</td><td class="n">${model.parameterCount}</td><td class="n">${decimals(model.rms, 6)}</td></tr>`,
    ),
    `</tbody></table>`,
    `<p style="margin-top:10px"><b>F = ${F(test.F)}</b> with <b>${test.df[0]} and ${test.df[1]}</b> degrees of freedom, <b>p = ${p}</b>. F = (SSE1 − SSE2) / (SSE2 / ${test.df[1]}), where ${test.df[1]} is ${free.residualCount} residuals (two a point) minus ${free.parameterCount} fitted numbers.</p>`,
    `<p>${meaning}</p>`,
  ].join('\n');
}

/** F with three decimals while that is readable. */
const F = (value: number): string =>
  !Number.isFinite(value) ? none : value < 1e5 ? decimals(value, 3) : value.toExponential(2);

/** p with three decimals, a power of ten below. */
const probability = (p: number): string =>
  !Number.isFinite(p) ? none : p >= 0.001 ? p.toFixed(3) : p < 1e-300 ? 'below 1e-300' : p.toExponential(1);
