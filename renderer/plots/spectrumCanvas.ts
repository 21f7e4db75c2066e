import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { cpuCanvas } from './cpuCanvas.ts';
import { drawGround } from './drawGround.ts';
import { readPlotColours } from './plotColours.ts';
import type { Scene } from './spectrumScene.ts';
import { dataOf, seriesOf, strokesOf, structureOf, type Stroke } from './spectrumSeries.ts';
import { scaleRange, type Range } from './spectrumView.ts';

/** The canvas of the plot: uPlot with our areas and axes below its series. */
export class SpectrumCanvas {
  readonly #parent: HTMLElement;
  #colours;
  #plot: uPlot | null = null;
  #structure = '';
  #scene: Scene | null = null;

  /** Puts the canvas first into `parent`, below what is there. */
  constructor(parent: HTMLElement) {
    this.#parent = parent;
    this.#colours = readPlotColours(parent);
  }

  /** Draws a scene. `isDataNew`: curves have other numbers than before. */
  draw(scene: Scene, isDataNew: boolean): void {
    this.#scene = scene;
    const { state, layout, view, box, strips, size } = scene;
    const structure = structureOf(state);
    const strokes = strokesOf(state);
    const isNew = this.#plot === null || structure !== this.#structure;
    const data = isNew || isDataNew ? dataOf(layout, state, strokes) : null;
    if (isNew) {
      this.#structure = structure;
      this.#plot?.destroy();
      this.#plot = cpuCanvas(() => new uPlot(this.#options(strokes, scene), data ?? [[]], this.#parent));
      this.#parent.prepend(this.#plot.root);
    }
    const plot = this.#plot;
    if (plot === null) return;
    plot.batch(() => {
      if (plot.width !== size.width || plot.height !== size.height) plot.setSize(size);
      if (!isNew && data !== null) plot.setData(data, false);
      setRange(plot, 'x', view.x);
      setRange(plot, 'value', scaleRange(view.value, strips.value, box));
      setRange(plot, 'derivative', scaleRange(view.derivative ?? [0, 1], strips.derivative, box));
    });
  }

  /** Draws the same again in the colours of the page's theme. */
  recolour(): void {
    this.#colours = readPlotColours(this.#parent);
    this.#plot?.redraw(false);
  }

  dispose(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  #options(strokes: readonly Stroke[], { size, box }: Scene): uPlot.Options {
    const drawn = () => ({ ...(this.#scene as Scene), colours: this.#colours });
    return {
      ...size,
      padding: [box.top, size.width - box.left - box.width, size.height - box.top - box.height, box.left],
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: { x: { time: false }, value: { auto: false }, derivative: { auto: false } },
      series: seriesOf(strokes, drawn),
      hooks: {
        drawClear: [
          ({ ctx, bbox }) => {
            const { layout, ...scene } = drawn();
            ctx.save();
            ctx.translate(bbox.left, bbox.top);
            ctx.scale(uPlot.pxRatio, uPlot.pxRatio);
            drawGround(ctx, { ...scene, areas: layout.areas });
            ctx.restore();
          },
        ],
      },
    };
  }
}

function setRange(plot: uPlot, scale: string, [min, max]: Range): void {
  plot.setScale(scale, { min, max });
}
