import type { OpenCubeAnswer } from '../../src/engine/contract/index.ts';
import type { Services } from '../api/services.ts';
import { exportCommands } from '../features/exports/commands.ts';
import { spectraCommands } from '../features/spectra/commands.ts';
import { cubeCommands } from '../features/cube/commands.ts';
import type { Command, Commands, CommandScope } from '../store/commands.ts';
import type { WindowStore } from '../store/windowStore.ts';
import type { Toasts } from '../ui/toastList.ts';
import { troubleOf } from '../api/problem.ts';
import { windowCommands } from './windowCommands.ts';

/** Joins the commands of all parts. Throws where two have the same id or key. */
export function createCommands(store: WindowStore, services: Services, toasts: Toasts): Commands {
  const list = [...windowCommands, ...cubeCommands, ...spectraCommands, ...exportCommands];
  checkUnique(list);
  const byId = new Map(list.map((command) => [command.id, command]));
  const scope = (): CommandScope => ({ store, services, cube: activeCube(store, services) });
  const get = (id: string): Command => {
    const command = byId.get(id);
    if (command === undefined) throw new Error(`There is no command ${id}.`);
    return command;
  };
  const why = (command: Command): string | null => command.why?.(scope()) ?? null;
  return {
    list,
    get,
    why,
    run: (id) => {
      const command = get(id);
      const reason = why(command);
      if (reason !== null) {
        toasts.show({ kind: 'info', title: command.title, message: reason });
        return;
      }
      Promise.resolve(command.run(scope())).catch((thrown: unknown) => {
        const { message, remedy } = troubleOf(thrown);
        toasts.show({ kind: 'error', title: `${command.title}: ${message}`, message: remedy ?? undefined });
      });
    },
  };
}

function activeCube(store: WindowStore, { session }: Services): OpenCubeAnswer | null {
  return session.cubes.find(({ cubeId }) => cubeId === store.state.activeCubeId) ?? null;
}

function checkUnique(list: readonly Command[]): void {
  const taken = new Set<string>();
  for (const { id, keys = [] } of list) {
    for (const name of [id, ...keys]) {
      if (taken.has(name)) throw new Error(`Two commands have ${name}.`);
      taken.add(name);
    }
  }
}
