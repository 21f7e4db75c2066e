/** A bar of a round length. */
export interface ScaleBar {
  /** CSS pixels. */
  width: number;
  label: string;
}

const steps = [5, 2, 1];
const units = [
  { metres: 1000, label: 'km' },
  { metres: 1, label: 'm' },
  { metres: 1e-3, label: 'mm' },
  { metres: 1e-6, label: 'µm' },
];

/**
 * The longest bar of 1, 2 or 5 times a power of ten that is not longer than `mostWidth` CSS pixels. Lengths are written in
 * km, m, mm or µm; with a `unitLabel` they are in that unit as they are. Null where the size of a sample is not known.
 */
export function scaleBar(
  metresPerSample: number | null,
  pixelsPerSample: number,
  mostWidth: number,
  unitLabel?: string,
): ScaleBar | null {
  if (metresPerSample === null || !(metresPerSample > 0) || !(pixelsPerSample > 0)) return null;
  const perPixel = metresPerSample / pixelsPerSample;
  const most = perPixel * mostWidth;
  if (!Number.isFinite(most) || most <= 0) return null;
  let exponent = Math.floor(Math.log10(most));
  // Logarithms of powers of ten may come out a hair below.
  if (10 ** (exponent + 1) <= most) exponent++;
  const step = steps.find((candidate) => candidate * 10 ** exponent <= most) ?? 1;
  const length = step * 10 ** exponent;
  return { width: length / perPixel, label: lengthLabel(length, unitLabel) };
}

function lengthLabel(length: number, unitLabel: string | undefined): string {
  if (unitLabel !== undefined) return `${plain(length)} ${unitLabel}`;
  // A hair below a unit's size is that size.
  const unit = units.find(({ metres }) => length >= metres * (1 - 1e-9)) ?? { metres: 1e-6, label: 'µm' };
  return `${plain(length / unit.metres)} ${unit.label}`;
}

const plain = (value: number): string => String(Number(value.toPrecision(3)));
