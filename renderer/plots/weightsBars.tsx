import './weightsBars.css';
import type { FilterBandAnswer } from '../../src/engine/contract/readings.ts';
import { axisFactor } from './numbers.ts';
import { fixed } from './plotNumbers.ts';
import { useSize } from './useSize.ts';
import { weightsLayout } from './weightsLayout.ts';

export interface WeightsBarsProps {
  answer: Pick<FilterBandAnswer, 'bandIndex' | 'windowIndexes' | 'weights'>;
  wavelengthsNm: readonly (number | null)[] | null;
}

const HEIGHT = 76;

/** The filter's weights at a band: what it multiplies each value of the window with. Fills its parent's width. */
export function WeightsBars({ answer, wavelengthsNm }: WeightsBarsProps) {
  const [ref, size] = useSize();
  const width = size?.width ?? 0;
  const { windowIndexes, weights, bandIndex } = answer;
  const { bars, zero, labels } = weightsLayout(weights, width, HEIGHT - 20);
  const largest = Math.max(0, ...weights.map(Math.abs));
  const { factor, power } = axisFactor(largest);
  const divisor = power === 0 ? 1 : factor;
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(largest / divisor || 1)));
  const number = (weight: number) => `${weight > 0 ? '+' : ''}${fixed(weight / divisor, decimals)}`;
  const words =
    `Weights of ${weights.length} bands at band ${bandIndex + 1}: from ` +
    `${number(Math.min(...weights))} to ${number(Math.max(...weights))}` +
    (power === 0 ? '' : ` times 10 to the power of ${fixed(power, 0)}`);
  return (
    <div ref={ref} className="weights-bars" role="img" aria-label={words}>
      {width > 0 && (
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <line className="weights-zero" x2={width} y1={zero} y2={zero} />
          {bars.map((bar, index) => (
            <rect
              key={windowIndexes[index]}
              className={bar.isPositive ? 'weights-positive' : 'weights-negative'}
              x={bar.x}
              y={bar.y}
              width={bar.width}
              height={bar.height}
              rx={1}
            />
          ))}
          {labels.map((label) => (
            <text
              key={label.index}
              className="weights-text"
              x={label.x}
              y={label.y}
              textAnchor={label.anchor}
            >
              {number(weights[label.index] ?? 0)}
            </text>
          ))}
          <Places windowIndexes={windowIndexes} wavelengthsNm={wavelengthsNm} width={width} />
        </svg>
      )}
    </div>
  );
}

/** The window's first, middle and last band. */
function Places({
  windowIndexes,
  wavelengthsNm,
  width,
}: {
  windowIndexes: readonly number[];
  wavelengthsNm: readonly (number | null)[] | null;
  width: number;
}) {
  const last = windowIndexes.length - 1;
  const name = (index: number) => {
    const bandIndex = windowIndexes[index] ?? 0;
    return wavelengthsNm === null ? String(bandIndex + 1) : fixed(wavelengthsNm[bandIndex], 0);
  };
  const end = wavelengthsNm === null ? `band ${name(last)}` : `${name(last)} nm`;
  const places = [
    { x: 2, anchor: 'start', text: name(0) },
    { x: width / 2, anchor: 'middle', text: name(Math.floor(last / 2)) },
    { x: width, anchor: 'end', text: end },
  ] as const;
  const shown = last < 1 ? places.slice(2) : last < 2 ? [places[0], places[2]] : places;
  return shown.map(({ x, anchor, text }) => (
    <text key={anchor} className="weights-text" x={x} y={HEIGHT - 3} textAnchor={anchor}>
      {text}
    </text>
  ));
}
