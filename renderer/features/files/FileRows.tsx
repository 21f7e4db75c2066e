import { Icon } from '../../ui/Icon.tsx';
import { Box, File as FileIcon, Folder } from '../../ui/icons.ts';
import type { Entry } from './openEntries.ts';

/** Folders and files, one of them current. */
export function FileRows(props: {
  readonly entries: readonly Entry[];
  readonly current: string | null;
  readonly onChoose: (id: string) => void;
  readonly onTake: (entry: Entry) => void;
}) {
  const { entries, current, onChoose, onTake } = props;
  return (
    <ul className="files" id="open-files" role="listbox" aria-label="Files">
      {entries.map((entry) => (
        <li
          key={entry.id}
          id={`file-${entry.id}`}
          role="option"
          aria-selected={entry.id === current}
          className={entry.id === current ? 'on' : ''}
          ref={entry.id === current ? keepSeen : undefined}
          onClick={() => {
            onChoose(entry.id);
          }}
          onDoubleClick={() => {
            onTake(entry);
          }}
        >
          <Icon of={entry.kind === 'folder' ? Folder : entry.type === '' ? FileIcon : Box} small />
          <span className="truncate name">{entry.name}</span>
          <span className="muted type">{entry.type}</span>
          <span className="num size">{entry.size}</span>
          <span className="num muted changed">{entry.changed}</span>
        </li>
      ))}
    </ul>
  );
}

function keepSeen(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
