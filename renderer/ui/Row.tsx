import { createContext, use, useState, type ReactNode } from 'react';
import './Row.css';

const SlotContext = createContext<HTMLElement | null>(null);

export interface RowProps {
  readonly label: string;
  readonly htmlFor?: string | undefined;
  readonly children: ReactNode;
  /** A consequence of the value, in small type below. */
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
}

/** One line of a form: label left, control right, what follows from it below. */
export function Row({ label, htmlFor, children, hint, error = null }: RowProps) {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  return (
    <div className="row">
      {htmlFor === undefined ? (
        <span className="label">{label}</span>
      ) : (
        <label htmlFor={htmlFor}>{label}</label>
      )}
      <SlotContext value={slot}>
        <div className="pair">{children}</div>
      </SlotContext>
      {error !== null && <span className="hint error">{error}</span>}
      <div className="slot" ref={setSlot} />
      {hint !== undefined && hint !== null && hint !== '' && <span className="hint num">{hint}</span>}
    </div>
  );
}

/** Where a field inside a `Row` puts its message; null outside of one. */
export function useMessageSlot(): HTMLElement | null {
  return use(SlotContext);
}
