import './files.css';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { FileRecord } from '../../../src/engine/contract/index.ts';
import type { BrowserHost } from '../../api/browserHost.ts';
import { troubleOf } from '../../api/problem.ts';
import { useServices } from '../../api/services.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { bytesText } from '../../ui/groups.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Box, ChevronRight, File as FileIcon, Folder, HardDrive, History, Upload } from '../../ui/icons.ts';

/** The page's own dialog over the folders of `serve`. */
export function OpenDialog({ open }: { readonly open: boolean }) {
  const { host, session } = useServices();
  const store = useWindowStore();
  const [text, setText] = useState('');
  const [folderId, setFolderId] = useState<string | null>(null);
  const [place, setPlace] = useState<'folder' | 'recent'>('folder');
  const [cubesOnly, setCubesOnly] = useState(true);
  const [chosen, setChosen] = useState<string | null>(null);
  const close = (): void => {
    store.set({ dialog: null });
  };
  // A host with dialogs of its own never opens this one.
  const browser = host as BrowserHost;
  const roots = useQuery({
    queryKey: ['roots'],
    queryFn: ({ signal }) => browser.roots(signal),
    enabled: open,
  });
  const shownId = folderId ?? roots.data?.roots[0]?.folderId ?? null;
  const folder = useQuery({
    queryKey: ['folder', shownId],
    queryFn: ({ signal }) => browser.folder(shownId ?? '', signal),
    enabled: open && shownId !== null && place === 'folder',
    staleTime: 0,
  });
  const recent = useQuery({
    queryKey: ['recent'],
    queryFn: browser.recentFiles,
    enabled: open && place === 'recent',
    staleTime: 0,
  });
  const entries =
    place === 'folder' ? entriesOf(folder.data, cubesOnly, text) : recentEntries(recent.data, text);
  const current = entries.find(({ id }) => id === chosen) ?? entries[0] ?? null;
  const trouble = roots.error ?? (place === 'folder' ? folder.error : recent.error);

  const enter = (id: string): void => {
    setPlace('folder');
    setFolderId(id);
    setText('');
    setChosen(null);
  };
  const take = (entry: Entry | null): void => {
    if (entry === null) return;
    if (entry.kind === 'folder') {
      enter(entry.id);
      return;
    }
    close();
    setText('');
    void session.openFile(browser.fileOf(entry.id, entry.name));
  };
  const move = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    const step = steps[event.key];
    const above = folder.data?.above.at(-1);
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      const at = entries.findIndex(({ id }) => id === current?.id);
      setChosen(entries[Math.min(entries.length - 1, Math.max(0, at + step))]?.id ?? null);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(current);
    } else if (event.key === 'Backspace' && text === '' && place === 'folder' && above !== undefined) {
      event.preventDefault();
      enter(above.folderId);
    }
  };

  return (
    <Dialog
      open={open}
      onClose={close}
      title="Open a cube"
      size="xl"
      flush
      headExtra={
        <input
          className="filter"
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls="open-files"
          aria-activedescendant={current === null ? undefined : `file-${current.id}`}
          aria-label="Filter by name"
          placeholder="Filter by name"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(null);
          }}
          onKeyDown={move}
        />
      }
      footer={
        <>
          <span className="grow muted truncate">{current === null ? '' : current.words}</span>
          <Button variant="outline" onClick={close}>
            Cancel
          </Button>
          <Button
            variant="primary"
            why={current === null ? 'Choose a file.' : null}
            onClick={() => {
              take(current);
            }}
          >
            {current?.kind === 'folder' ? 'Open folder' : 'Open'}
          </Button>
        </>
      }
    >
      <div className="filebrowser">
        <Places
          place={place}
          rootId={folder.data?.above[0]?.folderId ?? shownId}
          roots={roots.data?.roots ?? []}
          onFolder={enter}
          onRecent={() => {
            setPlace('recent');
            setChosen(null);
          }}
          onDemo={() => {
            close();
            void session.openDemo();
          }}
          onSend={(files) => {
            close();
            void session.openDropped(files);
          }}
        />
        <div className="fb-main">
          <div className="crumbs">
            {place === 'recent' ? (
              <span>Opened before</span>
            ) : (
              [...(folder.data?.above ?? []), ...(folder.data === undefined ? [] : [folder.data.folder])].map(
                (one, at) => (
                  <span key={one.folderId} className="crumb">
                    {at > 0 && <Icon of={ChevronRight} small />}
                    <button
                      type="button"
                      onClick={() => {
                        enter(one.folderId);
                      }}
                    >
                      {one.name}
                    </button>
                  </span>
                ),
              )
            )}
            <span className="grow" />
            {place === 'folder' && (
              <Checkbox label="Cubes only" checked={cubesOnly} onChange={setCubesOnly} />
            )}
          </div>
          <div className="scroll">
            {trouble !== null ? (
              <p className="emptypane" role="alert">
                {troubleOf(trouble).message} {troubleOf(trouble).remedy}
              </p>
            ) : entries.length === 0 ? (
              <p className="emptypane">{emptyWords(place, text, folder.isPending, cubesOnly)}</p>
            ) : (
              <Files entries={entries} current={current?.id ?? null} onChoose={setChosen} onTake={take} />
            )}
            {(folder.data?.leftOut ?? 0) > 0 && place === 'folder' && (
              <p className="padx muted num">{folder.data?.leftOut} further entries are not shown.</p>
            )}
          </div>
        </div>
      </div>
    </Dialog>
  );
}

function emptyWords(
  place: 'folder' | 'recent',
  text: string,
  isPending: boolean,
  cubesOnly: boolean,
): string {
  if (text !== '') return 'No name here holds that text.';
  if (place === 'recent') return 'Nothing was opened yet.';
  if (isPending) return 'Reading the folder';
  return !cubesOnly
    ? 'This folder is empty.'
    : 'No cube in this folder. Untick “Cubes only” to see all files.';
}

interface Entry {
  id: string;
  kind: 'folder' | 'file';
  name: string;
  type: string;
  size: string;
  changed: string;
  words: string;
}

function entriesOf(
  folder:
    { folders: readonly { folderId: string; name: string }[]; files: readonly FileRecord[] } | undefined,
  cubesOnly: boolean,
  text: string,
): Entry[] {
  const fits = (name: string): boolean => name.toLowerCase().includes(text.toLowerCase());
  const folders = (folder?.folders ?? [])
    .filter(({ name }) => fits(name))
    .map(({ folderId, name }) => ({
      id: folderId,
      kind: 'folder' as const,
      name,
      type: 'Folder',
      size: '',
      changed: '',
      words: '',
    }));
  const files = (folder?.files ?? [])
    .filter(({ name, type }) => fits(name) && (!cubesOnly || type !== 'other'))
    .map(({ fileId, name, type, bytes, changedAt, parts }) => ({
      id: fileId,
      kind: 'file' as const,
      name,
      type: type === 'other' ? '' : type,
      size: bytesText(bytes),
      changed: new Date(changedAt).toISOString().slice(0, 10),
      words: parts.length > 1 ? parts.join(' with ') : name,
    }));
  return [...folders, ...files];
}

function recentEntries(
  files: readonly { fileId: string; name: string; folder: string }[] | undefined,
  text: string,
): Entry[] {
  return (files ?? [])
    .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
    .map(({ fileId, name, folder }) => ({
      id: fileId,
      kind: 'file',
      name,
      type: folder,
      size: '',
      changed: '',
      words: `${folder}/${name}`,
    }));
}

function Files(props: {
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

function Places(props: {
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
