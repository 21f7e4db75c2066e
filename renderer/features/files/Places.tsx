import { useRef } from 'react';
import { Icon } from '../../ui/Icon.tsx';
import { Box, HardDrive, History, Upload } from '../../ui/icons.ts';

/** Where files can come from. */
export function Places(props: {
  readonly place: 'folder' | 'recent';
  readonly rootId: string | null;
  readonly roots: readonly { folderId: string; name: string }[];
  readonly onFolder: (folderId: string) => void;
  readonly onRecent: () => void;
  readonly onDemo: () => void;
  readonly onSend: (files: File[]) => void;
}) {
  const { place, rootId, roots, onFolder, onRecent, onDemo, onSend } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <nav className="roots" aria-label="Places">
      <h3>Folders</h3>
      <ul>
        {roots.map(({ folderId, name }) => (
          <li key={folderId}>
            <button
              type="button"
              aria-current={place === 'folder' && folderId === rootId ? 'true' : undefined}
              onClick={() => {
                onFolder(folderId);
              }}
            >
              <Icon of={HardDrive} small />
              <span className="truncate">{name}</span>
            </button>
          </li>
        ))}
      </ul>
      <h3>Elsewhere</h3>
      <ul>
        <li>
          <button type="button" aria-current={place === 'recent' ? 'true' : undefined} onClick={onRecent}>
            <Icon of={History} small />
            Recent
          </button>
        </li>
        <li>
          <button type="button" onClick={onDemo}>
            <Icon of={Box} small />
            Demo scene
          </button>
        </li>
        <li>
          <button type="button" onClick={() => input.current?.click()}>
            <Icon of={Upload} small />
            Send small files
          </button>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            aria-label="Files to send"
            onChange={(event) => {
              const files = [...(event.target.files ?? [])];
              event.target.value = '';
              if (files.length > 0) onSend(files);
            }}
          />
        </li>
      </ul>
    </nav>
  );
}
