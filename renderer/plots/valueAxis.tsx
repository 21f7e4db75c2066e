import './valueAxis.css';
import { scaleLinear } from 'd3-scale';
import { axisFactor, formatTicks, formatUnit, isUnitless } from './numbers.ts';

export interface ValueAxisProps {
  low: number;
  high: number;
  /** CSS pixels from `low` to `high`. */
  length: number;
  unit: string | null;
}

/** Round values between two ends and their texts; `factor` is what the texts leave out, such as "×10⁻⁶". */
export function axisTicks(low: number, high: number, length: number, spacing: number) {
  const { label: factor, factor: divisor } = axisFactor(Math.max(Math.abs(low), Math.abs(high)));
  const scale = scaleLinear([low, high], [0, length]);
  // Wide texts would touch: fewer ticks until each has its room (about 6.5 px a digit at 11 px).
  for (let count = Math.max(2, Math.floor(length / spacing)); ; count--) {
    const values = scale.ticks(count);
    const texts = formatTicks(values, divisor);
    const widest = Math.max(0, ...texts.map((text) => text.length)) * 6.5 + 8;
    if (count <= 1 || values.length * widest <= length) return { values, texts, factor, scale };
  }
}

/** "×10⁻⁶ reflectance/nm²": what ticks are in. A quantity without a unit says so. */
export function unitLabel(factor: string, unit: string | null): string {
  const text = unit === null || isUnitless(unit) ? 'unit not stated' : formatUnit(unit);
  return [factor, text].filter((part) => part !== '').join(' ');
}

/** The bottom axis of a small plot: ticks, their values, and the unit. To be placed within an SVG. */
export function ValueAxis({ low, high, length, unit }: ValueAxisProps) {
  const { values, texts, factor, scale } = axisTicks(low, high, length, 56);
  return (
    <g className="plot-axis">
      {values.map((value, index) => {
        const x = scale(value);
        return (
          <g key={value} transform={`translate(${x},0)`}>
            <line y2={4} />
            <text y={15} textAnchor={anchorAt(x, length, texts[index]?.length ?? 0)}>
              {texts[index]}
            </text>
          </g>
        );
      })}
      <text className="plot-axis-unit" x={length / 2} y={29} textAnchor="middle">
        {unitLabel(factor, unit)}
      </text>
    </g>
  );
}

/** Texts near an end of the axis lean inward, so that none is clipped. */
function anchorAt(x: number, length: number, characters: number): 'start' | 'middle' | 'end' {
  const half = characters * 3.3;
  if (x < half) return 'start';
  return x > length - half ? 'end' : 'middle';
}
