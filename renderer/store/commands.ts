import { createContext, useContext } from 'react';
import type { OpenCubeAnswer } from '../../src/engine/contract/index.ts';
import type { Services } from '../api/services.ts';
import type { WindowStore } from './windowStore.ts';

/** What a command works on. */
export interface CommandScope {
  store: WindowStore;
  services: Services;
  /** The cube that the window shows. */
  cube: OpenCubeAnswer | null;
}

/** Something a person can ask for, by key, menu, palette or button: it stands in one place. */
export interface Command {
  id: string;
  title: string;
  group: 'Window' | 'Band view' | 'Bands and modes' | 'Spectrum' | 'Filter' | 'Help';
  /** Keys as shown: "Ctrl K"; the first is the one to show. Single keys act only outside of fields. */
  keys?: readonly string[];
  /** Why it cannot be done now; null: it can. */
  why?: (scope: CommandScope) => string | null;
  run: (scope: CommandScope) => void | Promise<void>;
}

/** All commands of the window, and the way to run one. */
export interface Commands {
  list: readonly Command[];
  get: (id: string) => Command;
  /** Why a command cannot be run now. */
  why: (command: Command) => string | null;
  run: (id: string) => void;
}

export const CommandsContext = createContext<Commands | null>(null);

export function useCommands(): Commands {
  const commands = useContext(CommandsContext);
  if (commands === null) throw new Error('No commands are given here.');
  return commands;
}

/** For commands that need a cube. */
export const needsCube = ({ cube }: CommandScope): string | null =>
  cube === null ? 'Open a cube first.' : null;
