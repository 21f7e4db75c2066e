import './numbersTable.css';
import { memo, useMemo } from 'react';
import { numbersRows, type NumbersData, type NumbersRow } from './numbersRows.ts';
import { derivativeSymbol, derivativeUnit, type TextPart } from './plotNumbers.ts';

export interface NumbersTableProps {
  data: NumbersData;
  /** The current band, or three. */
  bandIndexes: readonly number[];
  /** For screen readers: "Numbers of line 127, sample 98". */
  caption: string;
}

/**
 * All numbers of a pixel's spectrum, a row a band. The rows are all there, for search and screen readers: put it in an
 * element that scrolls, mount it with its tab, and feed it deferred.
 */
export function NumbersTable({ data, bandIndexes, caption }: NumbersTableProps) {
  const { rows, power } = useMemo(() => numbersRows(data), [data]);
  const { derivativeOrder, units, wavelengthsNm, spectrum } = data;
  const hasFilter = spectrum.smoothed !== null;
  return (
    <table className="numbers-table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Band</th>
          {wavelengthsNm === null ? (
            <th scope="col" className="numbers-left">
              Name
            </th>
          ) : (
            <th scope="col">Wavelength (nm)</th>
          )}
          <th scope="col">Stored</th>
          <th scope="col">Value</th>
          {hasFilter && <th scope="col">Smoothed</th>}
          {spectrum.derivative !== null && (
            <th scope="col">
              <Parts parts={derivativeSymbol(derivativeOrder)} /> (
              <Parts parts={derivativeUnit(units.derivative, power)} />)
            </th>
          )}
          <th scope="col" className="numbers-left">
            Segment
          </th>
          <th scope="col" className="numbers-left">
            Note
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.bandIndex}
            row={row}
            isCurrent={bandIndexes.includes(row.bandIndex)}
            isNamed={wavelengthsNm === null}
            hasFilter={hasFilter}
            hasDerivative={spectrum.derivative !== null}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  row: NumbersRow;
  isCurrent: boolean;
  isNamed: boolean;
  hasFilter: boolean;
  hasDerivative: boolean;
}

/** Another current band draws two rows anew, not all. */
const Row = memo(function Row({ row, isCurrent, isNamed, hasFilter, hasDerivative }: RowProps) {
  return (
    <tr aria-current={isCurrent ? 'true' : undefined}>
      <th scope="row">{row.bandIndex + 1}</th>
      <td className={isNamed ? 'numbers-left' : undefined}>{row.place}</td>
      <td>{row.stored}</td>
      <td>{row.value}</td>
      {hasFilter && <td>{row.smoothed}</td>}
      {hasDerivative && <td>{row.derivative}</td>}
      <td className="numbers-left">{row.segment}</td>
      <td className="numbers-left">
        {row.notes.map((note) => (
          <span key={note} className="numbers-note">
            {note}
          </span>
        ))}
      </td>
    </tr>
  );
});

const Parts = ({ parts }: { parts: readonly TextPart[] }) =>
  parts.map(({ text, raised }, index) =>
    raised ? <sup key={index}>{text}</sup> : <span key={index}>{text}</span>,
  );
