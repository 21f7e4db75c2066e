import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { contourLines } from './contours.ts';
import { examples } from './examples.ts';
import { networkOfModel } from './jsonModel.ts';
import { maximise } from './maximise.ts';
import { svgOfAnswer } from './svg.ts';
import { randomModel } from './testNetworks.ts';
import { denseModel } from './denseModel.ts';

const parsed = (svg: string): Record<string, unknown> => {
  expect(XMLValidator.validate(svg)).toBe(true);
  const document = new XMLParser({ ignoreAttributes: false }).parse(svg) as { svg: Record<string, unknown> };
  return document.svg;
};

test('one component: the curve, a path for every start, the verdict in words', () => {
  const { model, range } = examples['two-peaks'];
  const network = networkOfModel(model);
  const svg = parsed(svgOfAnswer(denseModel(network), maximise(denseModel(network), { range, starts: 8 })));
  expect(svg.title).toBe('Output 0 over y');
  expect(svg.desc).toBe('Best: interior-maximum at y = 3, value 1.5');
  expect(svg.polyline).toHaveLength(9);
});

test('two components: contours and paths; names are escaped', () => {
  const model = randomModel(1, { x: 1, y: 2, first: 5, second: 4 }, 'tanh');
  const first = model.inputs[0];
  if (first !== undefined) first.name = 'a<b';
  const joined = model.layers[0];
  if (joined?.type === 'concatenate') joined.from[0] = 'a<b';
  const network = networkOfModel(model);
  const svg = parsed(
    svgOfAnswer(denseModel(network), maximise(denseModel(network), { fix: { 'a<b': [0.5] }, starts: 8 })),
  );
  expect(svg.title).toContain('a<b = 0.5');
  expect(svg.path).toHaveLength(12);
  expect(svg.polyline).toHaveLength(8);
});

test('three components cannot be drawn', () => {
  const network = networkOfModel(randomModel(1, { x: 1, y: 3, first: 5, second: 4 }, 'tanh'));
  const answer = maximise(denseModel(network), { fix: { x: [0.5] }, starts: 4 });
  expect(() => svgOfAnswer(denseModel(network), answer)).toThrow('"y" has 3 components');
});

test('contour lines of a plane and of a saddle', () => {
  const plane = [
    [0, 1, 2],
    [0, 1, 2],
  ];
  expect(contourLines(plane, 0.25)).toEqual([
    [
      [0.25, 0],
      [0.25, 1],
    ],
  ]);
  const saddle = [
    [1, 0],
    [0, 1],
  ];
  // The middle is at the level: the two corners of 1 belong together.
  expect(contourLines(saddle, 0.5)).toEqual([
    [
      [0.5, 0],
      [1, 0.5],
    ],
    [
      [0.5, 1],
      [0, 0.5],
    ],
  ]);
});
