import type { ComponentPropsWithRef, ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon, type IconNode } from './Icon.tsx';
import { ariaKeys } from './keys.ts';
import { Tooltip } from './Tooltip.tsx';
import './Button.css';

interface Shared {
  readonly keys?: string | undefined;
  /** Why the button cannot be used now: it is shown as disabled, stays focusable, and its tooltip says this. */
  readonly why?: string | null | undefined;
}

type Native = ComponentPropsWithRef<'button'>;

export interface ButtonProps extends Native, Shared {
  readonly variant?: 'plain' | 'outline' | 'primary' | 'danger' | undefined;
  readonly size?: 'sm' | 'md' | 'lg' | undefined;
  readonly icon?: IconNode | undefined;
  readonly children?: ReactNode;
}

export interface IconButtonProps extends Omit<Native, 'children'>, Shared {
  readonly label: string;
  readonly icon: IconNode;
  readonly small?: boolean | undefined;
  readonly pressed?: boolean | undefined;
}

/** Button with words. */
export function Button({
  variant = 'plain',
  size = 'md',
  icon,
  keys,
  why = null,
  className,
  children,
  ...native
}: ButtonProps) {
  const look = classes('btn', variant !== 'plain' && variant, size !== 'md' && size, className);
  const words = typeof children === 'string' ? children : '';
  return (
    <Tooltip
      text={why ?? words}
      keys={why === null ? keys : undefined}
      off={why === null && keys === undefined}
      stays={why !== null}
    >
      <button type="button" {...usable(native, keys, why)} className={look}>
        {icon && <Icon of={icon} small={size === 'sm'} />}
        {children}
      </button>
    </Tooltip>
  );
}

/** Button with an icon only; its tooltip says what it does and by which key. */
export function IconButton({
  label,
  icon,
  keys,
  small,
  pressed,
  why = null,
  className,
  ...native
}: IconButtonProps) {
  return (
    <Tooltip
      text={why === null ? label : `${label}. ${why}`}
      keys={why === null ? keys : undefined}
      stays={why !== null}
    >
      <button
        type="button"
        {...usable(native, keys, why)}
        aria-label={label}
        aria-pressed={pressed}
        className={classes('btn', small && 'sm', 'icon-only', className)}
      >
        <Icon of={icon} small={small} />
      </button>
    </Tooltip>
  );
}

/** The attributes of a button that may be blocked: `disabled` would take the focus and the tooltip away. */
function usable(native: Native, keys: string | undefined, why: string | null): Native {
  const shortcuts = keys === undefined ? {} : { 'aria-keyshortcuts': ariaKeys(keys) };
  if (why === null) return { ...native, ...shortcuts };
  const {
    disabled: _disabled,
    onMouseDown: _mouseDown,
    onPointerDown: _pointerDown,
    onKeyDown: _keyDown,
    onKeyUp: _keyUp,
    ...rest
  } = native;
  return {
    ...rest,
    ...shortcuts,
    'aria-disabled': true,
    'aria-description': why,
    onClick: (event) => {
      event.preventDefault();
    },
  };
}
