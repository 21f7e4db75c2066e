import type { Limits } from '../../store/cubeView.ts';
import { useCube } from '../../store/cubeScope.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { Row } from '../../ui/Row.tsx';
import { useImage } from './imageState.ts';
import { withLimit } from './limits.ts';

/** Sets limits by number. */
export function useLimitChange(): (planes: readonly Limits[]) => void {
  const { cubeId } = useCube();
  const store = useWindowStore();
  return (planes) => {
    store.setDisplay(cubeId, { stretch: { kind: 'numbers', planes } }, 'Limits');
  };
}

/** The values of the first and the last colour. */
export function LimitFields() {
  const limits = useImage((state) => state.limits);
  const change = useLimitChange();
  const [only] = limits ?? [];
  const format = (value: number): string => {
    const size = Math.abs(value);
    const text = size > 0 && size < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(5)));
    return text.replace(/^-/, '\u2212');
  };
  const range = only === undefined ? 1 : Math.abs(only.high - only.low) || 1;
  const step = (value: number, direction: 1 | -1): number => value + (direction * range) / 100;
  return (
    <Row label="Limits">
      {(['low', 'high'] as const).map((name) => (
        <NumberField
          key={name}
          label={name === 'low' ? 'Lower limit' : 'Upper limit'}
          width="grow"
          value={only?.[name] ?? null}
          format={format}
          step={step}
          check={limitProblem}
          onCommit={(value) => {
            change([withLimit(only ?? { low: 0, high: 1 }, name, value)]);
          }}
        />
      ))}
    </Row>
  );
}

/** Graphics cards and plots reckon in numbers of this size. */
const largestLimit = 1e30;

const limitProblem = (value: number): string | null =>
  Math.abs(value) <= largestLimit ? null : 'Limits go from −1e30 to 1e30.';
