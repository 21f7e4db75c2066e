import type { ReactNode } from 'react';
import './Props.css';

export interface PropertiesProps {
  readonly label: string;
  readonly items: readonly { readonly name: string; readonly value: ReactNode }[];
}

/** A list of names and values. */
export function Properties({ label, items }: PropertiesProps) {
  return (
    <dl className="props num" aria-label={label}>
      {items.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
