import { Select as Base } from '@base-ui/react/select';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import { Check, ChevronDown } from './icons.ts';
import { usePortalContainer } from './portal.tsx';
import './field.css';
import './Select.css';

export interface SelectOption<T extends string> {
  readonly value: T;
  readonly label: string;
  /** Drawn before the label, here and in the list. */
  readonly preview?: ReactNode;
}

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean | undefined;
}

/** One of many choices. */
export function Select<T extends string>({ label, value, options, onChange, disabled }: SelectProps<T>) {
  const container = usePortalContainer();
  const chosen = options.find((option) => option.value === value);
  return (
    <Base.Root
      items={options}
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <Base.Trigger className="field select" aria-label={label}>
        {chosen?.preview}
        <Base.Value className="truncate" />
        <Base.Icon className="chevron">
          <Icon of={ChevronDown} small />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal container={container}>
        <Base.Positioner className="select-place" sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className="select-list">
            <Base.List aria-label={label}>
              {options.map((option) => (
                <Base.Item key={option.value} className="item" value={option.value}>
                  {option.preview}
                  <Base.ItemText className="truncate">{option.label}</Base.ItemText>
                  <Base.ItemIndicator className="mark">
                    <Icon of={Check} small />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
