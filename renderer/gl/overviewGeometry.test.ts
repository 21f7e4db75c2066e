import { expect, test } from 'vitest';
import { layOutOverview, placeInOverview } from './overviewGeometry.ts';
import { fitView, zoomAbout, type Stage } from './viewGeometry.ts';

const stage: Stage = { lines: 100, samples: 200, aspect: 1, width: 800, height: 600, ratio: 2 };

test('an overview shows where the view is, once not all is seen', () => {
  const fitted = fitView(stage);
  expect(layOutOverview(fitted, stage)).toBeNull();
  const near = { scale: 16, centreLine: 50, centreSample: 100 };
  // 800 / 16 samples and 600 / 16 lines are seen: a quarter of the width, 37.5 % of the height.
  expect(layOutOverview(near, stage)).toEqual({
    width: 88,
    height: 44,
    frame: { x: 33, y: 13.75, width: 22, height: 16.5 },
  });
  // At the edge only the part inside is framed.
  expect(layOutOverview({ ...near, centreLine: 0, centreSample: 200 }, stage)?.frame).toEqual({
    x: 77,
    y: 0,
    width: 11,
    height: 8.25,
  });
  expect(layOutOverview(zoomAbout(fitted, 2, { x: 0, y: 0 }, stage), stage)).not.toBeNull();
});

test('there is none without room, or of an image that is too large', () => {
  const near = { scale: 16, centreLine: 50, centreSample: 100 };
  expect(layOutOverview(near, { ...stage, height: 200 })).toBeNull();
  expect(layOutOverview(near, { ...stage, lines: 10_000, samples: 10_000 })).toBeNull();
  // Lines that are twice as high as samples are wide.
  expect(layOutOverview(near, { ...stage, aspect: 2 })).toMatchObject({ width: 88, height: 88 });
});

test('a point of it is a place in the image', () => {
  const layout = layOutOverview({ scale: 16, centreLine: 50, centreSample: 100 }, stage);
  expect(layout && placeInOverview({ x: 44, y: 11 }, layout, stage)).toEqual({ line: 25, sample: 100 });
});
