import { useCubes } from '../../api/queries.ts';
import { useServices } from '../../api/services.ts';
import { useCommands } from '../../store/commands.ts';
import { useWindow, useWindowStore } from '../../store/windowStore.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Box, Download, Plus, X } from '../../ui/icons.ts';
import { Section } from '../../ui/Section.tsx';
import { cubeTitles } from './cubeTitles.ts';

/** The open cubes; the one that is shown can be chosen, each can be closed. */
export function CubeList() {
  const cubes = useCubes();
  const store = useWindowStore();
  const commands = useCommands();
  const { session } = useServices();
  const activeCubeId = useWindow((state) => state.activeCubeId);
  const titles = cubeTitles(cubes);
  return (
    <Section
      title="Cubes"
      count={cubes.length}
      actions={
        <>
          <IconButton
            small
            label="Export this cube"
            icon={Download}
            why={activeCubeId === null ? 'No cube is open.' : null}
            onClick={() => {
              commands.run('export.cube');
            }}
          />
          <IconButton
            small
            label="Open a cube"
            keys="Ctrl O"
            icon={Plus}
            onClick={() => commands.run('file.open')}
          />
        </>
      }
    >
      <ul className="tree" aria-label="Open cubes">
        {cubes.map(({ cubeId, info }, at) => {
          const name = titles[at] ?? info.file;
          return (
            <li key={cubeId} className={cubeId === activeCubeId ? 'item on' : 'item'}>
              <button
                type="button"
                className="name"
                aria-current={cubeId === activeCubeId ? 'true' : undefined}
                onClick={() => {
                  store.activate(cubeId);
                }}
              >
                <Icon of={Box} small />
                <span className="truncate" title={name}>
                  {name}
                </span>
                <span className="meta num">
                  {info.lines} × {info.samples} × {info.bands}
                </span>
              </button>
              <IconButton small label={`Close ${name}`} icon={X} onClick={() => void session.close(cubeId)} />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
