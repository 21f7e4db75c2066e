import { useId, type ReactNode } from 'react';
import { classes } from './classes.ts';
import './Section.css';

export interface SectionProps {
  readonly title: string;
  readonly count?: ReactNode;
  /** Buttons at the right of the head. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Takes the rest of the panel and scrolls. */
  readonly fill?: boolean | undefined;
}

/** A part of a side panel under its own heading. */
export function Section({ title, count, actions, children, fill }: SectionProps) {
  const id = useId();
  return (
    <section className={classes('section', fill && 'fill')} aria-labelledby={id}>
      <div className="section-head">
        <h2>
          <span id={id}>{title}</span>
          {count !== undefined && count !== null && <span className="count num">{count}</span>}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
