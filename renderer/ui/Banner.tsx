import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon, type IconNode } from './Icon.tsx';
import './Banner.css';

export interface BannerProps {
  readonly kind: 'error' | 'warning';
  readonly icon: IconNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** A line across the window about a state that lasts. */
export function Banner({ kind, icon, title, children, action }: BannerProps) {
  return (
    <div
      className={classes('banner', kind === 'warning' && 'warn')}
      role={kind === 'error' ? 'alert' : 'status'}
    >
      <Icon of={icon} small />
      <b className="strong">{title}</b>
      <span className="grow truncate">{children}</span>
      {action}
    </div>
  );
}
