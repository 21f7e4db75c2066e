import { useQuery } from '@tanstack/react-query';
import { useServices } from '../api/services.ts';
import { useCommands } from '../store/commands.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Box, FolderOpen } from '../ui/icons.ts';

/** What stands in the window while nothing is open. */
export function FirstStart() {
  const commands = useCommands();
  const { host, session } = useServices();
  const { data: recent = [] } = useQuery({ queryKey: ['recent'], queryFn: host.recentFiles, staleTime: 0 });
  return (
    <div className="hero">
      <div className="drop">
        <Icon of={Box} className="big" />
        <h1>Open a hyperspectral cube</h1>
        <p>
          Drop a file here: ENVI (.hdr with its data file) or GeoTIFF, of any size. It is read in place and
          never changed.
        </p>
        <div className="go">
          <Button
            variant="primary"
            size="lg"
            icon={FolderOpen}
            keys="Ctrl O"
            onClick={() => commands.run('file.open')}
          >
            Open a file
          </Button>
          <Button variant="outline" size="lg" onClick={() => commands.run('file.demo')}>
            Try the demo scene
          </Button>
        </div>
      </div>
      {recent.length > 0 && (
        <section className="recent" aria-label="Recent files">
          <h2>Recent</h2>
          <ul>
            {recent.slice(0, 6).map(({ fileId, name, folder }) => (
              <li key={fileId}>
                <button type="button" onClick={() => void session.openFile(host.fileOf(fileId, name))}>
                  <Icon of={Box} small />
                  <span className="truncate">{name}</span>
                  <span className="meta truncate">{folder}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
