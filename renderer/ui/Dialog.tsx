import { Dialog as Base } from '@base-ui/react/dialog';
import { useRef, type ReactNode } from 'react';
import { IconButton } from './Button.tsx';
import { classes } from './classes.ts';
import { closing } from './closing.ts';
import { X } from './icons.ts';
import { usePortalContainer } from './portal.tsx';
import './Dialog.css';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly size?: 'sm' | 'md' | 'lg' | 'xl' | undefined;
  /** Between the title and the close button. */
  readonly headExtra?: ReactNode;
  /** The content touches the dialog's edges. */
  readonly flush?: boolean | undefined;
}

const FIRST_FIELD =
  ':is(input, textarea, button, [tabindex="0"]):not([tabindex="-1"], :disabled, [aria-hidden])';

/** A modal dialog: keeps the focus inside and gives it back. */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, children, footer, size = 'md', headExtra, flush } = props;
  const container = usePortalContainer();
  const content = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={closing(onClose)}>
      <Base.Portal container={container}>
        <Base.Backdrop className="scrim" />
        <Base.Popup
          className={classes('dialog', size)}
          initialFocus={() =>
            content.current?.closest('.dialog')?.querySelector<HTMLElement>('[data-autofocus]') ??
            content.current?.querySelector<HTMLElement>(FIRST_FIELD) ??
            true
          }
        >
          <header>
            <Base.Title>{title}</Base.Title>
            {headExtra}
            <Base.Close render={<IconButton label="Close" icon={X} />} />
          </header>
          <div ref={content} className={classes('content', flush && 'flush')}>
            {children}
          </div>
          {footer !== undefined && <footer>{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
