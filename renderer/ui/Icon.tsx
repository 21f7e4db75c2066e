import type { LucideIcon } from 'lucide-react';
import { classes } from './classes.ts';
import './Icon.css';

/** An icon of `icons.ts`. */
export type IconNode = LucideIcon;

export interface IconProps {
  readonly of: IconNode;
  readonly small?: boolean | undefined;
  readonly className?: string | undefined;
}

/** A picture beside a word; hidden from screen readers. */
export function Icon({ of: Drawing, small, className }: IconProps) {
  return <Drawing className={classes('icon', small && 'sm', className)} aria-hidden />;
}
