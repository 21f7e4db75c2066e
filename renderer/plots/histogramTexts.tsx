import { scaleLinear } from 'd3-scale';
import type { Limits } from './histogramScale.ts';
import { axisFactor, formatTicks } from './numbers.ts';
import { unitLabel } from './valueAxis.tsx';

/** Bars, and 18 px of texts below them. */
export const HISTOGRAM_HEIGHT = 92;

/** The unit's line above the bars. */
export const UNIT_HEIGHT = 14;

/** A few round values below the bars, and what they are in above them, at the right. */
export function HistogramTexts({
  domain,
  width,
  unit,
}: {
  domain: Limits;
  width: number;
  unit: string | null;
}) {
  const { label, factor } = axisFactor(Math.max(Math.abs(domain.low), Math.abs(domain.high)));
  const x = scaleLinear([domain.low, domain.high], [0, width]);
  const ticks = x.ticks(Math.max(2, Math.floor(width / 80)));
  const texts = formatTicks(ticks, factor);
  return (
    <>
      <text className="histogram-text" x={width} y={10} textAnchor="end">
        {unitLabel(label, unit)}
      </text>
      {ticks.map((tick, index) => (
        <text
          key={tick}
          className="histogram-text"
          x={x(tick)}
          y={HISTOGRAM_HEIGHT - 1}
          textAnchor={x(tick) < 12 ? 'start' : x(tick) > width - 12 ? 'end' : 'middle'}
        >
          {texts[index]}
        </text>
      ))}
    </>
  );
}
