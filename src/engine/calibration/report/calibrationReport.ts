import { escaped } from '../svgText.ts';
import { coverageMap } from './coverageMap.ts';
import { distortedGrid } from './distortedGrid.ts';
import { modelTable, whyTwo } from './kTable.ts';
import { photoFigures } from './photoFigure.ts';
import type { CalibrationReportInput } from './reportInput.ts';
import { residualScatter } from './residualScatter.ts';
import { reportStyle } from './style.ts';
import { oneIsEnough, testSection, verdictSentence } from './verdict.ts';
import { viewBars } from './viewBars.ts';
import { viewTable } from './viewTable.ts';

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * A calibration as one self-contained HTML page: verdict, K term by term, test, misfit of the views, residuals, coverage,
 * photos with corners, poses, notes. No script and nothing fetched; the same input gives the same bytes. Pixels count from
 * the centre of the first one at (0, 0); angles are in degrees, lengths in the answer's unit.
 */
export function calibrationReport(input: CalibrationReportInput): string {
  const { answer, points, title, board } = input;
  const [width, height] = answer.imageSize;
  const included = answer.views.filter((view) => view.included);
  const corners = included.reduce((sum, view) => sum + view.points, 0);
  const facts = [
    `${included.length} of ${answer.views.length} views`,
    `${corners} points`,
    `photos of ${width} × ${height} px`,
    ...(board === undefined ? [] : [`board of ${board[0]} × ${board[1]} inner corners`]),
  ];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${reportStyle}</style></head><body><main>`,
    `<h1>${escaped(title)}</h1><p class="facts">${facts.join(', ')}</p>`,
    `<p class="verdict${oneIsEnough(answer) === false ? ' doubt' : ''}">${escaped(verdictSentence(answer))}</p>`,
    answer.notes.length === 0
      ? ''
      : `<p class="dim" style="margin-top:10px">${answer.notes.length === 1 ? 'One note' : `${answer.notes.length} notes`} at the end of the page.</p>`,
    '<h2>The camera matrix K</h2>',
    whyTwo,
    `<div class="models">${answer.models.map(modelTable).join('\n')}</div>`,
    '<h2>One focal length or two?</h2>',
    testSection(answer),
    '<h2>Misfit of each view</h2>',
    viewBars(answer),
    '<h2>Residuals and coverage</h2>',
    `<div class="pair"><div><h3>Residuals</h3>${residualScatter(answer)}</div><div><h3>Where the corners lie</h3>${coverageMap(answer)}</div></div>`,
    '<h2>Photos with their corners</h2>',
    photoFigures({ answer, points, pictures: input.pictures }),
    '<h2>Views</h2>',
    viewTable(answer),
    '<h2>What the lens does to straight lines</h2>',
    distortedGrid(answer),
    '<h2>Notes</h2>',
    answer.notes.length === 0
      ? '<p>None.</p>'
      : `<ul>${answer.notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`,
    '</main></body></html>',
    '',
  ].join('\n');
}
