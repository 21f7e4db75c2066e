import { describe, expect, it } from 'vitest';
import { panBy } from './viewGeometry.ts';
import { Viewport } from './viewport.ts';

function made() {
  const moves: boolean[] = [];
  const port = new Viewport((isMoved) => moves.push(isMoved));
  port.setSize({ width: 416, height: 316, ratio: 1 });
  port.setGrid({ lines: 100, samples: 200 });
  return { port, moves };
}

describe('Viewport', () => {
  it('shows a new image whole, and keeps doing so when the size changes', () => {
    const { port } = made();
    expect(port.view.scale).toBe(2);
    port.setSize({ width: 816, height: 616, ratio: 1 });
    expect(port.view).toEqual({ scale: 4, centreLine: 50, centreSample: 100 });
  });

  it('keeps a view that the person chose when the size changes', () => {
    const { port, moves } = made();
    port.change((view, stage) => panBy(view, 20, 0, stage));
    expect(port.view.centreSample).toBe(90);
    port.setSize({ width: 516, height: 316, ratio: 1 });
    expect([port.view.scale, port.view.centreSample]).toEqual([2, 90]);
    moves.length = 0;
    port.change((view) => view);
    expect(moves).toEqual([]);
  });

  it('has no stage without an image or a screen', () => {
    const { port } = made();
    port.setGrid(null);
    expect([port.stage, port.projection, port.pixelAt({ x: 1, y: 1 })]).toEqual([null, null, null]);
    port.setGrid({ lines: 1, samples: 1 });
    port.setSize({ width: 0, height: 10, ratio: 1 });
    expect(port.stage).toBeNull();
  });

  it('refuses lines without a height', () => {
    const { port } = made();
    for (const wrong of [0, -1, NaN, Infinity]) expect(() => port.setAspect(wrong)).toThrow(RangeError);
    port.setAspect(2);
    expect(port.view.scale).toBe(1.5);
  });
});
