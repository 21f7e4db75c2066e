import type { ComponentPropsWithRef } from 'react';
import { classes } from './classes.ts';
import { Icon, type IconNode } from './Icon.tsx';
import './field.css';

export interface TextFieldProps extends Omit<ComponentPropsWithRef<'input'>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly icon?: IconNode | undefined;
  readonly invalid?: boolean | undefined;
  /** The class that sets the width: `full`, `grow` or `w-104`. */
  readonly className?: string | undefined;
}

/** A line of text. */
export function TextField({ label, value, onChange, icon, invalid, className, ...native }: TextFieldProps) {
  return (
    <label
      className={classes(
        'field',
        invalid && 'is-invalid',
        native.disabled && 'is-disabled',
        className ?? 'full',
      )}
    >
      {icon && <Icon of={icon} small />}
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        {...native}
        className="left"
        aria-label={label}
        aria-invalid={invalid || undefined}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </label>
  );
}
