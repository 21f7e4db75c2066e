import { formatNumber, formatUnit, isUnitless } from './numbers.ts';
import type { PlottedPixel, Shown } from './spectrumCurves.ts';
import type { SpectrumLayout } from './spectrumLayout.ts';
import { bandTitle, derivativeName, type SpectrumUnits } from './spectrumWords.ts';

export interface SpectrumReadoutProps {
  layout: SpectrumLayout;
  bandIndex: number;
  bandNames: readonly (string | null)[] | null;
  bandIsGood: readonly boolean[];
  series: readonly PlottedPixel[];
  units: SpectrumUnits;
  derivativeOrder: number;
  show: Shown;
  /** The side of the plot it keeps to, away from the pointer. */
  side: 'left' | 'right';
}

/** The numbers of all pixels at the band under the pointer. */
export function SpectrumReadout(props: SpectrumReadoutProps) {
  const { layout, bandIndex, bandNames, bandIsGood, series, units, derivativeOrder, show, side } = props;
  const edge = series.some((pixel) => pixel.edge[bandIndex] === true && pixel.smoothed !== null);
  const columns = [
    { name: 'Value', unit: units.values, of: (pixel: PlottedPixel) => pixel.values },
    ...(show.smoothed && series.some((pixel) => pixel.smoothed !== null)
      ? [{ name: 'Smoothed', unit: units.smoothed, of: (pixel: PlottedPixel) => pixel.smoothed }]
      : []),
    ...(show.derivative && series.some((pixel) => pixel.derivative !== null)
      ? [
          {
            name: derivativeName(derivativeOrder),
            unit: units.derivative,
            of: (pixel: PlottedPixel) => pixel.derivative,
          },
        ]
      : []),
  ];
  return (
    <div className={`spectrum-readout spectrum-readout-${side}`} aria-hidden="true">
      <p>
        <strong>{bandTitle(layout, bandIndex, bandNames)}</strong>
        {bandIsGood[bandIndex] === false && <span> · bad band</span>}
        {edge && <span> · edge</span>}
      </p>
      <table>
        <thead>
          <tr>
            <th />
            {columns.map(({ name, unit }) => (
              <th key={name}>
                {name}
                {unit !== null && !isUnitless(unit) && <small>{formatUnit(unit)}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map((pixel) => (
            <tr key={pixel.key}>
              <th>
                <span className={`series-swatch series-${pixel.colour}`} />
                {pixel.label}
              </th>
              {columns.map(({ name, of }) => (
                <td key={name}>{cell(of(pixel)?.[bandIndex])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const cell = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : formatNumber(value);
