import type { ReactNode } from 'react';
import './Empty.css';

export interface EmptyProps {
  readonly children: ReactNode;
}

/** Says in an empty place what would stand there. */
export function Empty({ children }: EmptyProps) {
  return (
    <div className="emptypane">
      <p>{children}</p>
    </div>
  );
}
