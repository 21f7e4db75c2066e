import './files.css';
import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import type { BrowserHost } from '../../api/browserHost.ts';
import { troubleOf } from '../../api/problem.ts';
import { useServices } from '../../api/services.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ChevronRight } from '../../ui/icons.ts';
import { FileRows } from './FileRows.tsx';
import { emptyWords, entriesOf, recentEntries, type Entry } from './openEntries.ts';
import { Places } from './Places.tsx';

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
              <FileRows entries={entries} current={current?.id ?? null} onChoose={setChosen} onTake={take} />
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
