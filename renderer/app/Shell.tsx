import './shell.css';
import { lazy, Suspense, useEffect, useState, type DragEvent } from 'react';
import { useActiveCube, useCubes } from '../api/queries.ts';
import { cubeTitles } from '../features/cube/cubeTitles.ts';
import { useServices } from '../api/services.ts';
import { useWindow, useWindowStore } from '../store/windowStore.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { ErrorCard } from '../ui/ErrorCard.tsx';
import { Icon } from '../ui/Icon.tsx';
import { FolderOpen, LoaderCircle, Unplug } from '../ui/icons.ts';
import { Bar } from '../ui/Progress.tsx';
import { Dialogs } from './Dialogs.tsx';
import { FirstStart } from './FirstStart.tsx';
import type { ExportSession } from '../features/exports/exportSession.ts';
import { TopBar } from './TopBar.tsx';
import { useCommands } from '../store/commands.ts';

const CubeWorkspace = lazy(async () => ({
  default: (await import('../features/cube/CubeWorkspace.tsx')).CubeWorkspace,
}));

const SpectrumDock = lazy(async () => ({
  default: (await import('../features/spectra/SpectrumDock.tsx')).SpectrumDock,
}));

/** The whole window. */
export function Shell({ exports }: { readonly exports: ExportSession }) {
  const cube = useActiveCube();
  const cubes = useCubes();
  const { session } = useServices();
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const title = cube === null ? null : cubeTitles(cubes)[cubes.indexOf(cube)];
    document.title = title === undefined || title === null ? 'Cubelens' : `${title} · Cubelens`;
  }, [cube, cubes]);

  const drop = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setIsOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) void session.openDropped(files);
  };
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setIsOver(event.type === 'dragover');
  };
  return (
    <div className="window" onDrop={drop} onDragOver={over} onDragLeave={over}>
      <TopBar />
      <ConnectionBanner />
      <main id="cube" className={isOver ? 'workspace is-over' : 'workspace'}>
        {cube === null ? (
          <FirstStart />
        ) : (
          <ErrorBoundary key={cube.cubeId} area="The cube">
            <h1 className="sr">{cube.info.file}</h1>
            <Suspense fallback={null}>
              <CubeWorkspace cube={cube} dock={<SpectrumDock key={cube.cubeId} cube={cube} />} />
            </Suspense>
          </ErrorBoundary>
        )}
        <Opening />
        <Dialogs exports={exports} />
      </main>
    </div>
  );
}

function ConnectionBanner() {
  const connection = useWindow((state) => state.connection);
  const { client } = useServices();
  if (connection === 'ready') return null;
  if (connection === 'unknown') {
    return (
      <Banner kind="error" icon={Unplug} title="Cubelens was started anew.">
        Open the new address that it printed in the terminal; this page then goes on.
      </Banner>
    );
  }
  return (
    <Banner
      kind="error"
      icon={Unplug}
      title="The engine does not answer."
      action={
        <Button
          variant="outline"
          size="sm"
          onClick={() => void client.call('/api/host').catch(() => undefined)}
        >
          Connect now
        </Button>
      }
    >
      Connecting again. What you set is kept in this window.
    </Banner>
  );
}

/** Only what lasts is worth a sign. */
const patienceMs = 300;

/** The card covers the window: the keyboard goes there too. */
function focusFirst(element: HTMLElement | null): void {
  element?.querySelector<HTMLElement>('button')?.focus();
}

/** What is being opened, and why it could not be. */
function Opening() {
  const opening = useWindow((state) => state.opening);
  const trouble = useWindow((state) => state.openTrouble);
  const store = useWindowStore();
  const commands = useCommands();
  const { session } = useServices();
  const name = opening?.name ?? null;
  const [lasting, setLasting] = useState<string | null>(null);
  useEffect(() => {
    if (name === null) return undefined;
    const timer = setTimeout(() => {
      setLasting(name);
    }, patienceMs);
    return () => {
      clearTimeout(timer);
      setLasting(null);
    };
  }, [name]);
  if (opening !== null && lasting === name) {
    return (
      <div className="opening" role="status">
        <div className="errcard">
          <h2>
            <Icon of={LoaderCircle} className="spin" />
            <span className="truncate">Opening {opening.name}</span>
          </h2>
          {opening.share !== null && <Bar label={`Sending ${opening.name}`} value={opening.share} />}
          <div className="go">
            <Button
              variant="outline"
              onClick={() => {
                session.cancelOpening();
              }}
            >
              Cancel
            </Button>
          </div>
        </div>
      </div>
    );
  }
  if (trouble === null || opening !== null) return null;
  const { message, remedy, code } = trouble.trouble;
  return (
    <div
      className="opening"
      ref={focusFirst}
      onKeyDown={(event) => {
        if (event.key === 'Escape') store.set({ openTrouble: null });
      }}
    >
      <ErrorCard
        title={`${trouble.name} could not be opened`}
        message={message}
        remedy={remedy ?? undefined}
        code={code}
        actions={
          <>
            <Button variant="primary" icon={FolderOpen} onClick={() => commands.run('file.open')}>
              Choose another file
            </Button>
            <Button
              variant="outline"
              onClick={() => {
                store.set({ openTrouble: null });
              }}
            >
              Close
            </Button>
          </>
        }
      />
    </div>
  );
}
