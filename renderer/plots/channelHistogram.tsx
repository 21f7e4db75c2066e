import './histogram.css';
import { scaleLinear } from 'd3-scale';
import { barHeights, histogramDomain, linePath, type Limits } from './histogramScale.ts';
import { HISTOGRAM_HEIGHT, HistogramTexts, UNIT_HEIGHT } from './histogramTexts.tsx';
import { useSize } from './useSize.ts';

const LINES_HEIGHT = HISTOGRAM_HEIGHT - 18;
const CHANNELS = ['red', 'green', 'blue'] as const;

export interface ChannelHistogramProps {
  /** Red, green and blue: pixels a bin, from `low` to `high`. */
  channels: readonly (Limits & { counts: readonly number[] })[];
  unit: string | null;
  label: string;
}

/** How often values occur in the three bands of a colour image; each line's highest count is as high as the plot. */
export function ChannelHistogram({ channels, unit, label }: ChannelHistogramProps) {
  const [ref, size] = useSize();
  const width = size?.width ?? 0;
  const [low, high] = [
    Math.min(...channels.map((channel) => channel.low)),
    Math.max(...channels.map((channel) => channel.high)),
  ];
  const domain = histogramDomain(low, high, { low, high });
  const x = scaleLinear([domain.low, domain.high], [0, width]);
  return (
    <div
      className="histogram"
      role="img"
      aria-label={`Histograms of red, green and blue: ${label}`}
      ref={ref}
    >
      <svg aria-hidden="true">
        {width > 0 &&
          channels.map((channel, index) => (
            <path
              key={CHANNELS[index]}
              className={`histogram-line histogram-line-${CHANNELS[index] ?? ''}`}
              transform={`translate(0 ${UNIT_HEIGHT})`}
              d={linePath(barHeights(channel.counts), x, channel, LINES_HEIGHT - UNIT_HEIGHT)}
            />
          ))}
        <line className="histogram-base" x2={width} y1={LINES_HEIGHT} y2={LINES_HEIGHT} />
        {width > 0 && <HistogramTexts domain={domain} width={width} unit={unit} />}
      </svg>
    </div>
  );
}
