import { useState } from 'react';
import type { OpenCubeAnswer } from '../../src/engine/contract/index.ts';
import { useCubes } from '../api/queries.ts';
import { useCommands, type Commands } from '../store/commands.ts';
import { cubeTitles } from '../features/cube/cubeTitles.ts';
import { nearestBand } from '../store/cubeView.ts';
import { useWindowStore, type WindowStore } from '../store/windowStore.ts';
import { Palette } from '../ui/Palette.tsx';
import { rankEntries, type PaletteEntry } from './paletteEntries.ts';

/** Commands, open cubes and bands by their names. */
export function CommandPalette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const commands = useCommands();
  const cubes = useCubes();
  const store = useWindowStore();
  const [text, setText] = useState('');
  if (!open) return null;
  const active = cubes.find(({ cubeId }) => cubeId === store.state.activeCubeId);
  const groups = [
    { head: 'Bands', entries: active === undefined ? [] : bandEntries(active, store, text) },
    { head: 'Commands', entries: rankEntries(commandEntries(commands), text) },
    { head: 'Cubes', entries: rankEntries(cubeEntries(cubes, store), text) },
  ].filter(({ entries }) => entries.length > 0);
  const close = (): void => {
    setText('');
    onClose();
  };
  return (
    <Palette
      open
      label="Commands, cubes, bands"
      placeholder="Commands, cubes, bands"
      none="Nothing is called that."
      query={text}
      groups={groups.map(({ head, entries }) => ({
        head,
        items: entries.map(({ id, label, group, keys, why }) => ({ id, label, where: group, keys, why })),
      }))}
      onQuery={setText}
      onClose={close}
      onRun={(id) => {
        groups
          .flatMap(({ entries }) => entries)
          .find((entry) => entry.id === id)
          ?.run();
      }}
    />
  );
}

function commandEntries(commands: Commands): PaletteEntry[] {
  return commands.list
    .filter(({ id }) => id !== 'window.palette')
    .map((command) => ({
      id: command.id,
      label: command.title,
      group: command.group,
      keys: command.keys?.[0],
      why: commands.why(command),
      run: () => {
        commands.run(command.id);
      },
    }));
}

function cubeEntries(cubes: readonly OpenCubeAnswer[], store: WindowStore): PaletteEntry[] {
  const titles = cubeTitles(cubes);
  return cubes.map(({ cubeId, info }, at) => ({
    id: cubeId,
    label: titles[at] ?? info.file,
    group: `${info.lines} × ${info.samples} × ${info.bands}`,
    why: null,
    run: () => {
      store.activate(cubeId);
    },
  }));
}

/** "85" is a band, "850" the band nearest to it in nanometres, or both. */
function bandEntries({ cubeId, info }: OpenCubeAnswer, store: WindowStore, text: string): PaletteEntry[] {
  const number = Number(text.replace(/nm\s*$/i, '').trim());
  if (text.trim() === '' || !Number.isFinite(number)) return [];
  const entry = (bandIndex: number, label: string): PaletteEntry => ({
    id: `band ${label}`,
    label,
    group: info.file,
    why: null,
    run: () => {
      store.changeView(cubeId, { bandIndex });
    },
  });
  const nearest = nearestBand(info, number, 50);
  return [
    ...(Number.isInteger(number) && number >= 1 && number <= info.bands
      ? [entry(number - 1, `Go to band ${number}`)]
      : []),
    ...(nearest === null
      ? []
      : [entry(nearest, `Go to ${info.wavelengthsNm?.[nearest]?.toFixed(2) ?? ''} nm, band ${nearest + 1}`)]),
  ];
}
