import './Palette.css';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog as Base } from '@base-ui/react/dialog';
import { Icon } from './Icon.tsx';
import { Search } from './icons.ts';
import { usePortalContainer } from './portal.tsx';

export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  readonly keys?: string | undefined;
  /** Why it cannot be chosen now. */
  readonly why: string | null;
  readonly run: () => void;
}

export interface PaletteProps {
  readonly open: boolean;
  readonly text: string;
  /** Already ranked. */
  readonly entries: readonly PaletteItem[];
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** A field with what it finds below: typing narrows, arrows choose, Enter runs. */
export function Palette({ open, text, entries, onText, onClose }: PaletteProps) {
  const container = usePortalContainer();
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal container={container}>
        <Base.Backdrop className="scrim" />
        <Base.Popup className="dialog palette" aria-label="Commands">
          <Autocomplete.Root
            open
            inline
            items={entries}
            value={text}
            filter={null}
            autoHighlight="always"
            keepHighlight
            itemToStringValue={(entry: PaletteItem) => entry.label}
            onValueChange={(value, details) => {
              // A choice runs; it does not become the text.
              if (details.reason !== 'item-press') onText(value);
            }}
          >
            <label className="palette-field">
              <Icon of={Search} />
              <Autocomplete.Input aria-label="Commands, cubes, bands" placeholder="Commands, cubes, bands" />
            </label>
            <Autocomplete.Empty className="palette-empty">Nothing is called that.</Autocomplete.Empty>
            <Autocomplete.List className="palette-list">
              {(entry: PaletteItem) => (
                <Autocomplete.Item
                  key={entry.id}
                  value={entry}
                  className="palette-item"
                  disabled={entry.why !== null}
                  onClick={() => {
                    onClose();
                    entry.run();
                  }}
                >
                  <span className="truncate">{entry.label}</span>
                  <span className="group truncate">{entry.why ?? entry.group}</span>
                  {entry.keys !== undefined && <kbd>{entry.keys}</kbd>}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
