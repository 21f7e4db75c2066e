import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Icon } from './Icon.tsx';
import { Check } from './icons.ts';
import './Checkbox.css';

export interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean | undefined;
}

/** On or off. */
export function Checkbox({ label, checked, onChange, disabled }: CheckboxProps) {
  return (
    <label className="check">
      <Base.Root
        className="box"
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => {
          onChange(next);
        }}
      >
        <Base.Indicator className="mark">
          <Icon of={Check} />
        </Base.Indicator>
      </Base.Root>
      {label}
    </label>
  );
}
