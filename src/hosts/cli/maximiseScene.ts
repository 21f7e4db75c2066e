import type { MaximiseAnswer, MaximiseScene, MaximiseVerdict } from '../../engine/contract/index.ts';
import { columnTable } from './text.ts';
import { twoColumns, wrap } from './wrap.ts';

/** What each verdict means. */
export const meanings: Record<MaximiseVerdict, string> = {
  'interior-maximum': 'a maximum inside the range: the slope is zero and the curvature negative',
  'at-bound': 'at an end of the range, and rising beyond it',
  asymptote: 'never reached: past the range the slope dies away, but the step that would be needed does not',
  unbounded: 'rising without end',
  plateau: 'flat: nothing to climb here',
  saddle: 'flat, but rising in some direction',
  kink: 'a ridge: the slope changes its sign at once and is never small',
  'not-converged': 'the search had not ended; what it found is the best so far',
};

/** Numbers that are printed one by one. */
export const mostInRow = 6;

const short = (value: number): string => String(Number(value.toPrecision(6)));

/** What evaluated the model, where that is not the exact arithmetic of dense networks. */
export const arithmeticText = ({ precision, by }: MaximiseAnswer['arithmetic']): [string, string][] =>
  precision === 'float64' ? [] : [['computed', `in ${precision} (about seven digits) by ${by}`]];

/** Numbers in a row of text; of many only how many and between what. */
export function numbersText(values: readonly number[], digits = 6): string {
  const text = (value: number): string => String(Number(value.toPrecision(digits)));
  if (values.length <= mostInRow) return values.map(text).join(', ');
  return `${values.length} numbers, ${text(Math.min(...values))} to ${text(Math.max(...values))}`;
}

/** How the searches ended: how many here, how many nowhere. */
export const reachedText = ({ best, starts, notFinite }: MaximiseAnswer): [string, string][] => [
  ['reached by', `${best.reachedBy} of ${starts.length + notFinite} searches`],
  ...(notFinite === 0
    ? []
    : [['not finite', `${notFinite} of ${starts.length + notFinite} searches`] as [string, string]]),
];

/** What is printed of an answer about a saved classifier: a spectrum is a table, not a line. */
export function sceneText(answer: MaximiseAnswer, scene: MaximiseScene): string {
  const { best, fixed, free, output } = answer;
  const { className, accuracy, classes, spectrum, wavelengthsNm, nearest } = scene;
  const inHull = free === 'shares';
  const known = Object.entries(fixed).map(([name, values]) =>
    values.length > mostInRow ? `${name} (${values.length} numbers)` : `${name} = ${numbersText(values)}`,
  );
  const rows: [string, string][] = [
    ['class', `${className} (output ${output})`],
    ['held-out accuracy', `${(100 * accuracy).toFixed(1)} %`],
    ['fixed', known.length === 0 ? 'nothing' : known.join('; ')],
    [
      'free',
      inHull
        ? 'the shares of the classes in a mixture of their means'
        : `${free}, within the range that was given or the scene's own`,
    ],
    ['value', short(best.value)],
    [
      'verdict',
      `${best.verdict}: ${inHull && best.verdict === 'at-bound' ? 'on the edge of the hull: some class has no share' : meanings[best.verdict]}`,
    ],
    ...reachedText(answer),
    ...arithmeticText(answer.arithmetic),
  ];
  if (inHull) {
    rows.push(['mixture', classes.map((name, k) => `${name} ${short(best.point[k] ?? 0)}`).join(', ')]);
  } else if (free === 'spectrum') {
    const at = best.multipliers.filter((multiplier) => multiplier !== 0).length;
    rows.push(['at an end of its range', `${at} of ${best.point.length} bands`]);
  } else rows.push([free, best.point.map(short).join(', ')]);
  if (nearest !== null) {
    const { file, line, sample, distance } = nearest;
    rows.push(['nearest pixel', `line ${line}, sample ${sample} of ${file}, ${short(distance)} away`]);
  }
  const notes = (nearest?.notes ?? []).map((note) => `${wrap(`Note: ${note}`, 2)}\n`).join('');
  const table = spectrum.map((value, k) => [
    String(k + 1),
    wavelengthsNm === null ? '-' : short(wavelengthsNm[k] ?? NaN),
    short(value),
  ]);
  return `${twoColumns(rows)}${notes}\nSpectrum\n${columnTable(['column', 'nm', 'value'], table)}`;
}
