import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { Box } from './spectrumView.ts';
import type { Size } from './useSize.ts';

export interface UPlotSetup {
  /** Where the plot is put; null until it is there. */
  host: HTMLElement | null;
  size: Size | null;
  /** Makes the options. Another function makes another plot: keep it as long as axes and scales stay. */
  options: () => Omit<uPlot.Options, 'width' | 'height'>;
  x: readonly number[];
  /** Whatever drawing depends on: the plot ranges its scales and draws anew when this is another value. */
  picture: unknown;
}

/** A uPlot that lives with its host, follows its size, and draws anew with the picture. Gives where its axes lie. */
export function useUPlot({ host, size, options, x, picture }: UPlotSetup): Box | null {
  const plot = useRef<uPlot | null>(null);
  const [box, setBox] = useState<Box | null>(null);
  const usable = size !== null && size.width >= 80 && size.height >= 80;
  const width = usable ? size.width : 0;
  const height = usable ? size.height : 0;
  const ready = usable && host !== null;

  useEffect(() => {
    if (!ready) return undefined;
    const made = options();
    const hooks = {
      ...made.hooks,
      draw: [...(made.hooks?.draw ?? []), (drawn: uPlot) => setBox(boxOf(drawn))],
    };
    // The first size is as good as any: the effect below sets the right one before anything is painted.
    const created = new uPlot({ ...made, hooks, width: 300, height: 200 }, undefined, host);
    plot.current = created;
    return () => {
      plot.current = null;
      created.destroy();
    };
  }, [host, options, ready]);

  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [host, options, width, height]);

  useEffect(() => {
    plot.current?.setData([Float64Array.from(x)], true);
  }, [host, options, ready, x, picture]);

  return ready ? box : null;
}

function boxOf({ bbox }: uPlot): (known: Box | null) => Box {
  const ratio = uPlot.pxRatio;
  const [left, top, width, height] = [bbox.left, bbox.top, bbox.width, bbox.height].map(
    (each) => each / ratio,
  );
  const box = { left: left ?? 0, top: top ?? 0, width: width ?? 0, height: height ?? 0 };
  return (known) =>
    known !== null &&
    known.left === box.left &&
    known.top === box.top &&
    known.width === box.width &&
    known.height === box.height
      ? known
      : box;
}
