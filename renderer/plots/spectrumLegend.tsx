import type { ReactNode } from 'react';
import type { Curve, PlottedPixel } from './spectrumCurves.ts';
import type { SpectrumLayout } from './spectrumLayout.ts';
import { derivativeName } from './spectrumWords.ts';

export interface SpectrumLegendProps {
  series: readonly PlottedPixel[];
  curves: readonly Curve[];
  layout: SpectrumLayout;
  bandIsGood: readonly boolean[];
  derivativeOrder: number;
  /** True where values of bad bands are drawn. */
  badPoints: boolean;
}

/** What every colour, line and mark of the plot means; only what is drawn now. */
export function SpectrumLegend(props: SpectrumLegendProps) {
  const { series, curves, layout, derivativeOrder, badPoints } = props;
  const has = (kind: Curve['kind']) => curves.some((curve) => curve.kind === kind);
  const shaded = (kind: string) => layout.shades.some((shade) => shade.kind === kind);
  const filtered = has('smoothed') || has('derivative');
  const edges = curves.some(
    ({ kind, pixel, values }) =>
      (filtered || kind !== 'value') &&
      values.some((value, band) => value !== null && pixel.edge[band] === true),
  );
  return (
    <ul className="spectrum-legend" aria-label="Legend">
      {series.map((pixel) => (
        <li key={pixel.key}>
          <span className={`series-swatch series-${pixel.colour}`} aria-hidden="true" />
          {pixel.label}
        </li>
      ))}
      {has('value') && (
        <Entry text="Value">
          <path className="legend-line" d="M1,7H25" opacity={0.4} />
          <circle className="legend-mark" cx={6} cy={7} r={2.2} />
          <circle className="legend-mark" cx={20} cy={7} r={2.2} />
        </Entry>
      )}
      {has('smoothed') && (
        <Entry text="Smoothed">
          <path className="legend-line" d="M1,7H25" strokeWidth={2} />
        </Entry>
      )}
      {has('derivative') && (
        <Entry text={`${derivativeName(derivativeOrder)} (right axis)`}>
          <path className="legend-line" d="M1,7H25" strokeWidth={1.5} strokeDasharray="6 4" />
        </Entry>
      )}
      {has('derivative') && (
        <Entry text="Zero of the right axis">
          <path className="legend-muted" d="M1,7.5H25" strokeDasharray="8 4" />
        </Entry>
      )}
      {edges && (
        <Entry
          text="Edge: window off-centre"
          tip="At a segment's end the filter's window stays within the segment and is evaluated off its centre"
        >
          <path
            className="legend-line"
            d="M1,7H25"
            strokeWidth={2}
            strokeLinecap="round"
            strokeDasharray="0.5 3.5"
          />
          {has('value') && <circle className="legend-hollow" cx={13} cy={7} r={2.8} />}
        </Entry>
      )}
      {shaded('bad') && (
        <Entry text="Bad bands">
          <rect className="legend-bad" x={1} y={1} width={24} height={12} />
          {badPoints && <path className="legend-line" d="M10.8,4.8l4.4,4.4m0,-4.4l-4.4,4.4" />}
        </Entry>
      )}
      {shaded('gap') && (
        <Entry text="No bands">
          <rect className="legend-gap" x={1} y={1} width={24} height={12} />
        </Entry>
      )}
      {shaded('overlap') && (
        <Entry text="Detectors overlap">
          <rect className="legend-overlap" x={1} y={5} width={24} height={4} />
        </Entry>
      )}
      {layout.placeless > 0 && (
        <li title="They have no place on this axis; the band axis and the table show them">
          {layout.placeless === 1 ? '1 band' : `${layout.placeless} bands`} without wavelength
        </li>
      )}
    </ul>
  );
}

function Entry({ text, tip, children }: { text: string; tip?: string; children: ReactNode }) {
  return (
    <li title={tip}>
      <svg width={26} height={14} aria-hidden="true">
        {children}
      </svg>
      {text}
    </li>
  );
}
