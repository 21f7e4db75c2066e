import { useJobs } from '../api/queries.ts';
import { useCommands } from '../store/commands.ts';
import { useWindow } from '../store/windowStore.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Menu } from '../ui/Menu.tsx';
import { CircleQuestionMark, FolderOpen, Moon, Redo2, Search, Sun, Undo2 } from '../ui/icons.ts';
import { JobButton } from './JobTray.tsx';
import { isDark } from './theme.ts';

/** The bar above everything: workspaces, commands, jobs, opening, theme, help. */
export function TopBar() {
  const commands = useCommands();
  const theme = useWindow((state) => state.theme);
  const undoLabel = useWindow((state) => state.undoLabel);
  const redoLabel = useWindow((state) => state.redoLabel);
  const jobs = useJobs();
  const dark = isDark(theme);
  return (
    <header className="topbar">
      <span className="brand">
        <Brand />
        Cubelens
      </span>
      <nav className="switcher" aria-label="Workspaces">
        <a href="#cube" aria-current="page">
          Cube
        </a>
      </nav>
      <button
        type="button"
        className="search"
        aria-keyshortcuts="Control+K"
        onClick={() => commands.run('window.palette')}
      >
        <Icon of={Search} small />
        <span className="grow truncate">Commands, cubes, bands</span>
        <kbd>Ctrl K</kbd>
      </button>
      <IconButton
        label={undoLabel === null ? 'Undo' : `Undo ${undoLabel}`}
        keys="Ctrl Z"
        icon={Undo2}
        why={undoLabel === null ? 'There is nothing to undo.' : null}
        onClick={() => commands.run('edit.undo')}
      />
      <IconButton
        label={redoLabel === null ? 'Redo' : `Redo ${redoLabel}`}
        keys="Ctrl ⇧ Z"
        icon={Redo2}
        why={redoLabel === null ? 'There is nothing to redo.' : null}
        onClick={() => commands.run('edit.redo')}
      />
      {jobs.length > 0 && <JobButton jobs={jobs} />}
      <Button variant="outline" icon={FolderOpen} keys="Ctrl O" onClick={() => commands.run('file.open')}>
        Open
      </Button>
      <IconButton
        label={dark ? 'Light theme' : 'Dark theme'}
        icon={dark ? Sun : Moon}
        onClick={() => commands.run('window.theme')}
      />
      <Menu
        trigger={<IconButton label="Help" icon={CircleQuestionMark} />}
        items={['help.keys', 'window.systemTheme', 'help.about'].map((id) => {
          const { title, keys } = commands.get(id);
          return {
            id,
            label: title,
            keys: keys?.[0],
            run: () => {
              commands.run(id);
            },
          };
        })}
      />
    </header>
  );
}

function Brand() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path className="lens-b" d="M10 1.5 17.4 5.7v8.6L10 18.5 2.6 14.3V5.7Z" />
      <path className="lens-b" d="M2.9 5.9 10 10l7.1-4.1M10 10v8.2" />
      <circle className="lens-c" cx="10" cy="10" r="3.6" />
    </svg>
  );
}
