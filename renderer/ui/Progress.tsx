import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import { LoaderCircle } from './icons.ts';
import './Progress.css';

const RADIUS = 6.5;
const ROUND = 2 * Math.PI * RADIUS;

export interface RingProps {
  /** Share done, 0 to 1; null while it is not known. */
  readonly value: number | null;
}

/** A small ring beside words that say the same. */
export function Ring({ value }: RingProps) {
  if (value === null) return <Icon of={LoaderCircle} className="spin" />;
  return (
    <svg className="ring" viewBox="0 0 16 16" aria-hidden>
      <circle className="t" cx="8" cy="8" r={RADIUS} />
      <circle
        className="v"
        cx="8"
        cy="8"
        r={RADIUS}
        strokeDasharray={ROUND}
        strokeDashoffset={ROUND * (1 - share(value))}
      />
    </svg>
  );
}

export interface BarProps extends RingProps {
  readonly label: string;
  readonly failed?: boolean | undefined;
}

/** How far a job is. */
export function Bar({ value, label, failed }: BarProps) {
  const percent = value === null ? undefined : Math.round(share(value) * 100);
  return (
    <span
      className={classes('bar', failed && 'err', value === null && 'unknown')}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <i style={value === null ? undefined : { width: `${(share(value) * 100).toFixed(2)}%` }} />
    </span>
  );
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}
