import type { ImageMode } from '../../store/cubeView.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Download, MapPin, Maximize, PanelRight } from '../../ui/icons.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { useCommands } from '../../store/commands.ts';
import { modeProblem } from './modes.ts';
import { useSidePanel } from './sidePanels.ts';
import { useImage } from './imageState.ts';
import { useCube, useSettings, useView } from '../../store/cubeScope.ts';
import { pinAt } from '../../store/pins.ts';

const modes: readonly { value: ImageMode; label: string }[] = [
  { value: 'band', label: 'Band' },
  { value: 'rgb', label: 'RGB' },
  { value: 'smoothed', label: 'Smoothed' },
  { value: 'derivative', label: 'Derivative' },
];

/** What is shown of the cube, and how near. */
export function StageToolbar() {
  const cube = useCube();
  const store = useWindowStore();
  const commands = useCommands();
  const mode = useView((view) => view.mode);
  const scale = useImage((state) => state.scale);
  const pixel = useView((view) => view.pixel);
  const isPinned = useSettings(({ pins }) => pixel !== null && pinAt(pins, pixel) !== null);
  const pins = useSettings((settings) => settings.pins.length);
  const hasRight = useSidePanel('right');
  const percent = scale * devicePixelRatio * 100;
  return (
    <div className="toolbar">
      <Segmented
        tall
        label="Image mode"
        value={mode}
        options={modes.map((one) => ({ ...one, why: modeProblem(cube, one.value) }))}
        onChange={(to) => {
          store.changeView(cube.cubeId, { mode: to });
        }}
      />
      <span className="grow" />
      <span className="sr" role="status">
        {pins === 1 ? '1 pin' : `${pins === 0 ? 'No' : pins} pins`}
      </span>
      <span className="num muted zoom">{percent < 10 ? percent.toPrecision(2) : Math.round(percent)} %</span>
      <IconButton
        small
        label="Fit image"
        keys="0"
        icon={Maximize}
        onClick={() => {
          commands.run('view.fit');
        }}
      />
      <Button
        size="sm"
        className="num"
        keys="9"
        onClick={() => {
          commands.run('view.actualSize');
        }}
      >
        1:1
      </Button>
      <IconButton
        small
        label={isPinned ? 'Remove the pin of this pixel' : 'Pin this pixel'}
        keys="P"
        icon={MapPin}
        pressed={isPinned}
        why={commands.why(commands.get('pin.toggle'))}
        onClick={() => {
          commands.run('pin.toggle');
        }}
      />
      <span className="sep" />
      <Button
        size="sm"
        variant="outline"
        icon={Download}
        aria-label="Export image"
        keys="Ctrl E"
        onClick={() => {
          commands.run('export.image');
        }}
      >
        <span className="wide">Export image</span>
      </Button>
      {!hasRight && (
        <IconButton
          small
          label="Show display and filter"
          keys="Ctrl ⇧ B"
          icon={PanelRight}
          onClick={() => {
            commands.run('window.rightPanel');
          }}
        />
      )}
    </div>
  );
}
