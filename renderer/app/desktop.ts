import type { QueryClient } from '@tanstack/react-query';
import type { HostBridge, JobSnapshot, MenuCommand } from '../../src/engine/contract/index.ts';
import type { CubeSession } from '../api/cubeSession.ts';
import { jobsKey } from '../api/queries.ts';
import type { Commands } from '../store/commands.ts';
import type { WindowStore } from '../store/windowStore.ts';

const pauseMs = 150;

interface Parts {
  commands: Pick<Commands, 'list' | 'why' | 'run'>;
  store: Pick<WindowStore, 'api'>;
  session: Pick<CubeSession, 'openFile'>;
  queries: QueryClient;
}

/**
 * Joins the window to the desktop app around it: menus show the window's commands and run them, the task bar shows how far
 * jobs are, files come that the system asks to open. Gives the function that ends it.
 */
export function joinDesktop(bridge: HostBridge, { commands, store, session, queries }: Parts): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sent = '';
  const tell = (): void => {
    timer = undefined;
    const menu = menuOf(commands);
    const { share, running } = progressOf(queries.getQueryData<JobSnapshot[]>(jobsKey) ?? []);
    const now = JSON.stringify([menu, share, running]);
    if (now === sent) return;
    sent = now;
    void bridge.setMenu(menu);
    void bridge.setProgress(share, running);
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
    bridge.onOpenFile((file) => void session.openFile(file)),
  ];
  tell();
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}

function menuOf(commands: Parts['commands']): MenuCommand[] {
  return commands.list.map((command) => ({
    id: command.id,
    title: command.title,
    group: command.group,
    keys: command.keys?.[0] ?? null,
    enabled: commands.why(command) === null,
  }));
}

/** Share of all running jobs together; null where none runs. In hundredths: a task bar shows no more. */
function progressOf(jobs: readonly JobSnapshot[]): { share: number | null; running: number } {
  const running = jobs.filter(({ state }) => state === 'running');
  if (running.length === 0) return { share: null, running: 0 };
  const shares = running.map(({ done, total }) => (total > 0 ? Math.min(1, done / total) : 0));
  const share = shares.reduce((sum, one) => sum + one, 0) / running.length;
  return { share: Math.round(share * 100) / 100, running: running.length };
}
