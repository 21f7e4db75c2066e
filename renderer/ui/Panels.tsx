import './Panels.css';
import type { ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { classes } from './classes.ts';

export interface PaneProps {
  readonly id: string;
  /** Pixels, or a share such as "34%". */
  readonly size?: number | string | undefined;
  readonly min: number;
  readonly max?: number | string | undefined;
  readonly children: ReactNode;
}

export interface PanelsProps {
  /** Sizes are remembered under this name. */
  readonly id: string;
  readonly orientation: 'horizontal' | 'vertical';
  /** Parts with what lies between: the splitters' names, one fewer than parts. */
  readonly panes: readonly PaneProps[];
  readonly splitters: readonly string[];
  readonly className?: string;
}

/** Parts beside or above each other with splitters between: drag, arrow keys, double click for the first size. */
export function Panels({ id, orientation, panes, splitters, className }: PanelsProps) {
  const panelIds = panes.map((pane) => pane.id);
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id, panelIds, storage: localStorage });
  return (
    <Group
      id={id}
      className={classes('panels', className)}
      orientation={orientation}
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
      resizeTargetMinimumSize={{ fine: 5, coarse: 20 }}
    >
      {panes.flatMap((pane, at) => [
        ...(at === 0
          ? []
          : [<Separator key={`${pane.id} splitter`} className="splitter" aria-label={splitters[at - 1]} />]),
        <Panel
          key={pane.id}
          id={pane.id}
          className="pane"
          defaultSize={pane.size}
          minSize={pane.min}
          maxSize={pane.max}
          // What has a size of its own keeps it when the window grows; the rest takes what there is.
          groupResizeBehavior={
            typeof pane.size === 'number' ? 'preserve-pixel-size' : 'preserve-relative-size'
          }
        >
          {pane.children}
        </Panel>,
      ])}
    </Group>
  );
}
