import './histogram.css';
import { useId, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { scaleLinear } from 'd3-scale';
import {
  barHeights,
  barsPath,
  histogramDomain,
  keyTarget,
  limitBounds,
  moveLimit,
  rangeOf,
  type LimitName,
  type Limits,
} from './histogramScale.ts';
import { HISTOGRAM_HEIGHT as HEIGHT, HistogramTexts, UNIT_HEIGHT } from './histogramTexts.tsx';
import { formatNumber, withUnit } from './numbers.ts';
import { useSize } from './useSize.ts';

const BARS_HEIGHT = HEIGHT - 18;

export interface HistogramProps {
  /** Pixels a bin; bins of equal width from `low` to `high`. */
  counts: readonly number[];
  low: number;
  high: number;
  /** What the first and the last colour stand for. */
  limits: Limits;
  unit: string | null;
  /** `drag` many times while a limit moves, `end` once it is left there. */
  onLimits: (limits: Limits, phase: 'drag' | 'end') => void;
  /** A double click, or Delete on a limit: the limits as they were by default. */
  onReset: () => void;
  /** What is counted: "Band 48". */
  label: string;
}

/** How often values occur, with the limits of the colours as two handles that drag and step. Fills its parent's width. */
export function Histogram(props: HistogramProps) {
  const { counts, low, high, limits, unit, label, onReset } = props;
  const [ref, size] = useSize();
  const [held, setHeld] = useState<Limits | null>(null);
  const width = size?.width ?? 0;
  // While a limit is dragged the axis stands still; it would run away from under the pointer.
  const domain = held ?? histogramDomain(low, high, limits);
  const x = scaleLinear([domain.low, domain.high], [0, width]);
  const heights = useMemo(() => barHeights(counts), [counts]);
  const empty = heights.every((height) => height === 0);
  const bars = width > 0 && !empty ? barsPath(heights, x, { low, high }, BARS_HEIGHT - UNIT_HEIGHT) : '';
  const clip = useId();

  return (
    <div
      className="histogram"
      role="group"
      aria-label={`Histogram: ${label}`}
      ref={ref}
      onDoubleClick={onReset}
      title="Drag a limit; double click sets both back"
    >
      <svg aria-hidden="true">
        <clipPath id={clip}>
          <rect x={x(limits.low)} width={Math.max(0, x(limits.high) - x(limits.low))} height={BARS_HEIGHT} />
        </clipPath>
        <g transform={`translate(0 ${UNIT_HEIGHT})`}>
          <path className="histogram-bars" d={bars} />
          <path className="histogram-bars histogram-bars-within" d={bars} clipPath={`url(#${clip})`} />
        </g>
        <line className="histogram-base" x2={width} y1={BARS_HEIGHT} y2={BARS_HEIGHT} />
        {width > 0 && <HistogramTexts domain={domain} width={width} unit={unit} />}
      </svg>
      {empty && <p className="histogram-empty">No pixel here has a value</p>}
      {(['low', 'high'] as const).map((name) => (
        <LimitHandle key={name} {...props} name={name} domain={domain} width={width} onHold={setHeld} />
      ))}
    </div>
  );
}

interface LimitHandleProps extends HistogramProps {
  name: LimitName;
  domain: Limits;
  width: number;
  /** The axis to keep during a drag; null when it ends. */
  onHold: (domain: Limits | null) => void;
}

function LimitHandle(props: LimitHandleProps) {
  const { name, domain, width, limits, low, high, unit, label, onLimits, onReset, onHold } = props;
  const grip = useRef<{ offset: number; moved: Limits | null } | null>(null);
  const bounds = limitBounds(low, high, limits);
  const range = rangeOf(low, high);
  const value = limits[name];
  const left = width > 0 ? ((value - domain.low) / (domain.high - domain.low)) * width : 0;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { offset: event.clientX - left, moved: null };
    onHold(domain);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (grip.current === null || width === 0) return;
    const share = (event.clientX - grip.current.offset) / width;
    const target = domain.low + share * (domain.high - domain.low);
    grip.current.moved = moveLimit(limits, name, target, bounds, range);
    onLimits(grip.current.moved, 'drag');
  };
  const onRelease = () => {
    const moved = grip.current?.moved;
    grip.current = null;
    onHold(null);
    if (moved) onLimits(moved, 'end');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Delete') {
      onReset();
    } else {
      const target = keyTarget(event.key, event.shiftKey, value, { low, high }, range);
      if (target === null) return;
      onLimits(moveLimit(limits, name, target, bounds, range), 'end');
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const title = name === 'low' ? 'Low limit' : 'High limit';
  const shown = withUnit(formatNumber(value), unit);
  return (
    <div
      className={`histogram-handle histogram-handle-${name}`}
      style={{
        left: Math.min(width, Math.max(0, left)),
        top: UNIT_HEIGHT,
        height: BARS_HEIGHT - UNIT_HEIGHT,
      }}
      role="slider"
      tabIndex={0}
      aria-label={`${title} of ${label}`}
      aria-valuemin={bounds.low}
      aria-valuemax={bounds.high}
      aria-valuenow={value}
      aria-valuetext={shown}
      title={`${title}: ${shown}. Arrow keys step by 1 %, with Shift by 10 %; Delete sets both limits back`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onRelease}
      onPointerCancel={onRelease}
      onKeyDown={onKeyDown}
    />
  );
}
