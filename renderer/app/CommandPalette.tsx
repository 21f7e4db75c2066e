import { useState } from 'react';
import { useCubes } from '../api/queries.ts';
import { useCommands } from '../store/commands.ts';
import { useWindowStore } from '../store/windowStore.ts';
import { Palette } from '../ui/Palette.tsx';
import { rankEntries, type PaletteEntry } from './paletteEntries.ts';
import { nearestBand } from '../store/cubeView.ts';

/** Commands, open cubes and bands by their names. */
export function CommandPalette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const commands = useCommands();
  const cubes = useCubes();
  const store = useWindowStore();
  const [text, setText] = useState('');
  const active = cubes.find(({ cubeId }) => cubeId === store.state.activeCubeId);
  const entries: PaletteEntry[] = [
    ...commands.list
      .filter(({ id }) => id !== 'window.palette')
      .map((command) => ({
        id: command.id,
        label: command.title,
        group: command.group,
        keys: command.keys?.[0],
        why: open ? commands.why(command) : null,
        run: () => {
          commands.run(command.id);
        },
      })),
    ...cubes.map(({ cubeId, info }) => ({
      id: cubeId,
      label: `Show ${info.file}`,
      group: 'Cubes',
      why: null,
      run: () => {
        store.activate(cubeId);
      },
    })),
  ];
  const shown = rankEntries(entries, text);
  const number = Number(text.replace(/nm$/, '').trim());
  if (active !== undefined && text.trim() !== '' && Number.isFinite(number)) {
    const { cubeId, info } = active;
    const nearest = nearestBand(info, number);
    const goTo = (bandIndex: number) => () => {
      store.changeView(cubeId, { bandIndex });
    };
    if (nearest !== null && number > info.bands) {
      const nm = info.wavelengthsNm?.[nearest]?.toFixed(2) ?? '';
      shown.unshift({
        id: 'nm',
        label: `Go to ${nm} nm, band ${nearest + 1}`,
        group: 'Bands',
        why: null,
        run: goTo(nearest),
      });
    }
    if (Number.isInteger(number) && number >= 1 && number <= info.bands) {
      shown.unshift({
        id: 'band',
        label: `Go to band ${number}`,
        group: 'Bands',
        why: null,
        run: goTo(number - 1),
      });
    }
  }
  return (
    <Palette
      open={open}
      text={text}
      entries={shown}
      onText={setText}
      onClose={() => {
        setText('');
        onClose();
      }}
    />
  );
}
