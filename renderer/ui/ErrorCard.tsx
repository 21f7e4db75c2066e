import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import { CircleAlert } from './icons.ts';
import './ErrorCard.css';

export interface ErrorCardProps {
  readonly title: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  readonly code?: string | undefined;
  readonly actions?: ReactNode;
}

/** An error beside its cause: what happened, where, and what next. */
export function ErrorCard({ title, message, remedy, code, actions }: ErrorCardProps) {
  return (
    <div className="errcard" role="alert">
      <h2>
        <Icon of={CircleAlert} />
        {title}
      </h2>
      <p className="num">{message}</p>
      {remedy !== undefined && <p>{remedy}</p>}
      {actions !== undefined && <div className="go">{actions}</div>}
      {code !== undefined && <p className="hint mono">{code}</p>}
    </div>
  );
}
