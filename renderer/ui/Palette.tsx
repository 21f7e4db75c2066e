import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { closing } from './closing.ts';
import { Icon, type IconNode } from './Icon.tsx';
import { Search } from './icons.ts';
import { ariaKeys } from './keys.ts';
import { usePortalContainer } from './portal.tsx';
import './Palette.css';

export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  /** The label as drawn, with `<mark>` round what matched. */
  readonly shown?: ReactNode;
  /** A few words after the label. */
  readonly where?: string | undefined;
  readonly keys?: string | undefined;
  readonly icon?: IconNode | undefined;
  /** Why it cannot be run now. */
  readonly why?: string | null | undefined;
}

export interface PaletteGroup {
  readonly head: string;
  readonly items: readonly PaletteItem[];
}

export interface PaletteProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly label: string;
  readonly placeholder: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** Already filtered and in order. */
  readonly groups: readonly PaletteGroup[];
  /** Called after the palette has asked to be closed. */
  readonly onRun: (id: string) => void;
  /** Said when nothing matches. */
  readonly none: string;
  /** At the right of the foot. */
  readonly foot?: ReactNode;
}

/** Search over commands: type, choose with the arrows, run with Enter. */
export function Palette(props: PaletteProps) {
  const { open, onClose, label, placeholder, query, onQuery, groups, onRun, none, foot } = props;
  const container = usePortalContainer();
  const run = ({ id, why = null }: PaletteItem) => {
    if (why !== null) return;
    onClose();
    onRun(id);
  };
  return (
    <Dialog.Root open={open} onOpenChange={closing(onClose)}>
      <Dialog.Portal container={container}>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="dialog palette" aria-label={label}>
          <Autocomplete.Root
            open
            inline
            items={groups}
            filter={null}
            autoHighlight="always"
            keepHighlight
            value={query}
            itemToStringValue={(item: PaletteItem) => item.label}
            onValueChange={(next, { reason }) => {
              // A chosen item would write its name into the field.
              if (reason !== 'item-press') onQuery(next);
            }}
          >
            <div className="q">
              <Icon of={Search} />
              <Autocomplete.Input aria-label={label} placeholder={placeholder} spellCheck={false} />
            </div>
            <Autocomplete.Empty className="none">{groups.length === 0 && none}</Autocomplete.Empty>
            <Autocomplete.List className="found" aria-label={label}>
              {groups.map((group) => (
                <Autocomplete.Group key={group.head} items={group.items}>
                  <Autocomplete.GroupLabel className="head">{group.head}</Autocomplete.GroupLabel>
                  {group.items.map((item) => (
                    <Autocomplete.Item
                      key={item.id}
                      className="item num"
                      value={item}
                      aria-disabled={(item.why ?? null) !== null || undefined}
                      aria-keyshortcuts={item.keys === undefined ? undefined : ariaKeys(item.keys)}
                      onClick={() => {
                        run(item);
                      }}
                    >
                      {item.icon && <Icon of={item.icon} small />}
                      <span className="truncate">{item.shown ?? item.label}</span>
                      <span className="where truncate">{item.why ?? item.where}</span>
                      {item.keys !== undefined && <kbd>{item.keys}</kbd>}
                    </Autocomplete.Item>
                  ))}
                </Autocomplete.Group>
              ))}
            </Autocomplete.List>
          </Autocomplete.Root>
          <footer>
            <span>
              <kbd>↑</kbd>
              <kbd>↓</kbd>choose
            </span>
            <span>
              <kbd>Enter</kbd>run
            </span>
            <span>
              <kbd>Esc</kbd>close
            </span>
            <span className="grow" />
            {foot !== undefined && <span>{foot}</span>}
          </footer>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
