import { ContextMenu as BaseContext } from '@base-ui/react/context-menu';
import { Menu as Base } from '@base-ui/react/menu';
import { Fragment, type ReactElement } from 'react';
import { Icon } from './Icon.tsx';
import { ariaKeys } from './keys.ts';
import { menuGroups, type MenuAction, type MenuEntry } from './menuGroups.ts';
import { usePortalContainer } from './portal.tsx';
import './Menu.css';

export type { MenuAction, MenuEntry } from './menuGroups.ts';

export interface MenuProps {
  /** The button that opens the menu; for a context menu the area. */
  readonly trigger: ReactElement;
  /** A function is asked when the menu opens. */
  readonly items: readonly MenuEntry[] | (() => readonly MenuEntry[]);
  readonly onOpenChange?: ((open: boolean) => void) | undefined;
}

/** A menu under a button. */
export function Menu({ trigger, items, onOpenChange }: MenuProps) {
  const container = usePortalContainer();
  return (
    <Base.Root
      onOpenChange={(open) => {
        onOpenChange?.(open);
      }}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal container={container}>
        <Base.Positioner className="menu-place" sideOffset={4} align="start" collisionPadding={8}>
          <Base.Popup className="menu num">
            <MenuItems items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** A menu at the pointer, also by the Menu key and Shift+F10. */
export function ContextMenu({ trigger, items, onOpenChange }: MenuProps) {
  const container = usePortalContainer();
  return (
    <BaseContext.Root
      onOpenChange={(open) => {
        onOpenChange?.(open);
      }}
    >
      <BaseContext.Trigger render={trigger} />
      <BaseContext.Portal container={container}>
        <BaseContext.Positioner className="menu-place" collisionPadding={8}>
          <BaseContext.Popup className="menu num">
            <MenuItems items={items} />
          </BaseContext.Popup>
        </BaseContext.Positioner>
      </BaseContext.Portal>
    </BaseContext.Root>
  );
}

function MenuItems({ items }: Pick<MenuProps, 'items'>) {
  const groups = menuGroups(typeof items === 'function' ? items() : items);
  return groups.map(({ head, rule, actions }, index) => (
    <Fragment key={index}>
      {rule && <Base.Separator className="rule" />}
      {head === null ? (
        actions.map((action) => <MenuItem key={action.id} {...action} />)
      ) : (
        <Base.Group>
          <Base.GroupLabel className="head">{head}</Base.GroupLabel>
          {actions.map((action) => (
            <MenuItem key={action.id} {...action} />
          ))}
        </Base.Group>
      )}
    </Fragment>
  ));
}

function MenuItem({ label, keys, icon, why = null, run }: MenuAction) {
  return (
    <Base.Item
      className="item"
      label={label}
      aria-label={label}
      aria-keyshortcuts={keys === undefined ? undefined : ariaKeys(keys)}
      aria-description={why ?? undefined}
      title={why ?? undefined}
      disabled={why !== null}
      onClick={run}
    >
      {icon && <Icon of={icon} small />}
      {label}
      {keys !== undefined && <kbd>{keys}</kbd>}
    </Base.Item>
  );
}
