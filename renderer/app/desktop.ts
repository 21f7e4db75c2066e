import type { QueryClient } from '@tanstack/react-query';
import type { HostBridge, JobSnapshot, MenuCommand } from '../../src/engine/contract/index.ts';
import type { CubeSession } from '../api/cubeSession.ts';
import { jobsKey } from '../api/queries.ts';
import type { Commands } from '../store/commands.ts';
import type { WindowStore } from '../store/windowStore.ts';

const pauseMs = 150;

interface Parts {
  commands: Pick<Commands, 'list' | 'why' | 'run'>;
  store: Pick<WindowStore, 'api' | 'state'>;
  session: Pick<CubeSession, 'openNext'>;
  queries: QueryClient;
}

/**
 * Joins the window to the desktop app around it: menus show the window's commands and run them, the task bar shows how far
 * jobs are, files come that the system asks to open. Gives the function that ends it.
 */
export function joinDesktop(bridge: HostBridge, { commands, store, session, queries }: Parts): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Each by itself: a menu that is drawn anew closes under the hand.
  const setMenu = onChange((menu: readonly MenuCommand[]) => void bridge.setMenu(menu));
  const setProgress = onChange(({ share, running }: Progress) => void bridge.setProgress(share, running));
  const tell = (): void => {
    timer = undefined;
    setMenu(menuOf(commands, store.state.dialog !== null));
    setProgress(progressOf(queries.getQueryData<JobSnapshot[]>(jobsKey) ?? []));
  };
  const later = (): void => {
    timer ??= setTimeout(tell, pauseMs);
  };
  const ends = [
    store.api.subscribe(later),
    queries.getQueryCache().subscribe(later),
    bridge.onCommand((id) => {
      if (commands.list.some((command) => command.id === id)) commands.run(id);
    }),
    bridge.onOpenFile((file) => void session.openNext(file)),
  ];
  tell();
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}

/** Passes on what differs from what it passed on before. */
function onChange<Value>(pass: (value: Value) => void): (value: Value) => void {
  let passed = '';
  return (value) => {
    const now = JSON.stringify(value);
    if (now === passed) return;
    passed = now;
    pass(value);
  };
}

/** @param isCovered a dialog of the window is open: what it covers cannot be reached from the menu either. */
function menuOf(commands: Parts['commands'], isCovered: boolean): MenuCommand[] {
  return commands.list.map((command) => ({
    id: command.id,
    title: command.title,
    group: command.group,
    keys: command.keys?.[0] ?? null,
    enabled: !isCovered && commands.why(command) === null,
  }));
}

/** What the task bar shows. */
interface Progress {
  share: number | null;
  running: number;
}

/** Share of all running jobs together; null where none runs. In hundredths: a task bar shows no more. */
function progressOf(jobs: readonly JobSnapshot[]): Progress {
  const running = jobs.filter(({ state }) => state === 'running');
  if (running.length === 0) return { share: null, running: 0 };
  const shares = running.map(({ done, total }) => (total > 0 ? Math.min(1, done / total) : 0));
  const share = shares.reduce((sum, one) => sum + one, 0) / running.length;
  return { share: Math.round(share * 100) / 100, running: running.length };
}
