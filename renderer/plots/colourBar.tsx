import './colourBar.css';
import { useEffect, useRef } from 'react';
import { axisTicks, unitLabel, ValueAxis } from './valueAxis.tsx';
import { formatNumber } from './numbers.ts';
import { rampRow, type Limits } from './histogramScale.ts';
import { useSize } from './useSize.ts';

const THICKNESS = 12;
/** Room at each end for the triangle of values beyond. */
const TIP = 9;

export interface ColourBarProps {
  /** 256 entries of red, green and blue, the first for `limits.low`. */
  colours: Uint8Array;
  limits: Limits;
  unit: string | null;
  /** What the colours show: "2nd derivative". */
  label: string;
  /** Fills its parent's width (horizontal, the default) or height (vertical, low at the bottom). */
  orientation?: 'horizontal' | 'vertical';
}

/** Which colour stands for which value, with triangles at the ends for all values beyond the limits. */
export function ColourBar({ colours, limits, unit, label, orientation = 'horizontal' }: ColourBarProps) {
  const [ref, size] = useSize();
  const vertical = orientation === 'vertical';
  const full = (vertical ? size?.height : size?.width) ?? 0;
  const length = Math.max(0, full - 2 * TIP);
  const ends = `${formatNumber(limits.low)} to ${formatNumber(limits.high)} ${unitLabel('', unit)}`;
  return (
    <div
      ref={ref}
      className={`colour-bar colour-bar-${orientation}`}
      role="img"
      aria-label={`Colours of ${label}: ${ends}`}
      title={`${label}: ${ends}. The triangles stand for values beyond`}
    >
      {length > 0 && (
        <>
          <BarCanvas colours={colours} vertical={vertical} />
          <svg className="colour-bar-frame" width={vertical ? '100%' : full} height={vertical ? full : 46}>
            <Tips colours={colours} length={length} vertical={vertical} />
            {vertical ? (
              <VerticalAxis limits={limits} length={length} unit={unit} />
            ) : (
              <g transform={`translate(${TIP},${THICKNESS})`}>
                <ValueAxis low={limits.low} high={limits.high} length={length} unit={unit} />
              </g>
            )}
          </svg>
        </>
      )}
    </div>
  );
}

function BarCanvas({ colours, vertical }: { colours: Uint8Array; vertical: boolean }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const whole = { low: 0, high: 1 };
    const row = rampRow(colours, 256, whole, whole);
    const image = vertical ? new ImageData(upward(row), 1, 256) : new ImageData(row, 256, 1);
    ref.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [colours, vertical]);
  return (
    <canvas ref={ref} className="colour-bar-canvas" width={vertical ? 1 : 256} height={vertical ? 256 : 1} />
  );
}

/** The same pixels from last to first: a column that begins at the bottom. */
function upward(row: Uint8ClampedArray): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(row.slice().buffer).reverse();
  return new Uint8ClampedArray(pixels.buffer);
}

function Tips({ colours, length, vertical }: { colours: Uint8Array; length: number; vertical: boolean }) {
  const half = THICKNESS / 2;
  const start = `M${TIP - 1},0L${TIP - 1},${THICKNESS}L0.5,${half}Z`;
  const end = `M${TIP + length + 1},0L${TIP + length + 1},${THICKNESS}L${length + 2 * TIP - 0.5},${half}Z`;
  // The vertical bar is the horizontal one turned by a quarter: x runs up.
  const turn = vertical ? `translate(0,${length + 2 * TIP}) rotate(-90)` : undefined;
  return (
    <g className="colour-bar-tips" transform={turn}>
      <path d={start} fill={entry(colours, 0)} />
      <path d={end} fill={entry(colours, Math.floor(colours.length / 3) - 1)} />
    </g>
  );
}

const entry = (colours: Uint8Array, index: number): string =>
  `rgb(${[0, 1, 2].map((channel) => colours[index * 3 + channel] ?? 0).join(',')})`;

function VerticalAxis({ limits, length, unit }: { limits: Limits; length: number; unit: string | null }) {
  const { values, texts, factor, scale } = axisTicks(limits.low, limits.high, length, 40);
  const widest = Math.max(0, ...texts.map((text) => text.length)) * 6.8;
  return (
    <g className="plot-axis" transform={`translate(${THICKNESS},${TIP})`}>
      {values.map((value, index) => (
        <g key={value} transform={`translate(0,${length - scale(value)})`}>
          <line x2={4} />
          <text x={7} dominantBaseline="central">
            {texts[index]}
          </text>
        </g>
      ))}
      <text
        className="plot-axis-unit"
        textAnchor="middle"
        transform={`translate(${widest + 25},${length / 2}) rotate(-90)`}
      >
        {unitLabel(factor, unit)}
      </text>
    </g>
  );
}
