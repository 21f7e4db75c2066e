import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';
import { usePortalContainer } from './portal.tsx';
import './Tooltip.css';

export interface TooltipProps {
  readonly text: string;
  readonly keys?: string | undefined;
  /** Nothing to say for now. The child keeps its place in the tree, and so its focus. */
  readonly off?: boolean | undefined;
  /** A click does not close it: the words say why a click does nothing. */
  readonly stays?: boolean | undefined;
  readonly children: ReactElement;
}

/** Words on hover and on keyboard focus. The child carries its own `aria-label`. */
export function Tooltip({ text, keys, off = false, stays = false, children }: TooltipProps) {
  const container = usePortalContainer();
  return (
    <Base.Root disabled={off}>
      <Base.Trigger render={children} closeOnClick={!stays} />
      <Base.Portal container={container}>
        <Base.Positioner className="tooltip-place" sideOffset={6} collisionPadding={8}>
          <Base.Popup className="tooltip">
            <span className="text">{text}</span>
            {keys !== undefined && <kbd>{keys}</kbd>}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
