import { needsCube, type Command } from '../../store/commands.ts';

const tab =
  (to: 'spectrum' | 'numbers'): Command['run'] =>
  ({ store, cube }) => {
    if (cube !== null) store.changeView(cube.cubeId, { tab: to });
  };

/** Commands of the spectrum. */
export const spectraCommands: readonly Command[] = [
  {
    id: 'spectrum.resetZoom',
    title: 'Reset the spectrum’s zoom',
    group: 'Spectrum',
    keys: ['R'],
    why: needsCube,
    run: ({ services }) => services.stage.plot?.resetZoom(),
  },
  {
    id: 'spectrum.curves',
    title: 'Spectrum',
    group: 'Spectrum',
    keys: ['S'],
    why: needsCube,
    run: tab('spectrum'),
  },
  {
    id: 'spectrum.numbers',
    title: 'Numbers',
    group: 'Spectrum',
    keys: ['N'],
    why: needsCube,
    run: tab('numbers'),
  },
];
