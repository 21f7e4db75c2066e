import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { classes } from './classes.ts';
import { Tooltip } from './Tooltip.tsx';
import './Segmented.css';

export interface SegmentedOption<T extends string | number> {
  readonly value: T;
  readonly label: string;
  /** Why it cannot be chosen now. */
  readonly why?: string | null | undefined;
}

export interface SegmentedProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly SegmentedOption<T>[];
  readonly onChange: (value: T) => void;
  readonly tall?: boolean | undefined;
  readonly fill?: boolean | undefined;
}

/** One of two to four choices. */
export function Segmented<T extends string | number>(props: SegmentedProps<T>) {
  const { label, value, options, onChange, tall, fill } = props;
  return (
    <RadioGroup
      className={classes('segmented num', tall && 'tall', fill && 'fill')}
      aria-label={label}
      value={value}
      onValueChange={(next: T) => {
        onChange(next);
      }}
    >
      {options.map(({ value: option, label: words, why = null }) => (
        <Tooltip key={option} text={why ?? ''} off={why === null} stays>
          <Radio.Root
            className="option"
            value={option}
            disabled={why !== null}
            aria-label={words}
            aria-description={why ?? undefined}
          >
            {words}
          </Radio.Root>
        </Tooltip>
      ))}
    </RadioGroup>
  );
}
