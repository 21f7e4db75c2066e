import { needsCube, type Command } from '../../store/commands.ts';

/** Commands that open the export dialog. */
export const exportCommands: readonly Command[] = [
  {
    id: 'export.image',
    title: 'Export image…',
    group: 'Window',
    keys: ['Ctrl E'],
    why: needsCube,
    run: ({ store }) => {
      store.set({ dialog: 'export-image' });
    },
  },
  {
    id: 'export.cube',
    title: 'Export cube…',
    group: 'Window',
    why: needsCube,
    run: ({ store }) => {
      store.set({ dialog: 'export-cube' });
    },
  },
  {
    id: 'export.spectrum',
    title: 'Export spectrum…',
    group: 'Window',
    why: (scope) =>
      needsCube(scope) ??
      (scope.cube !== null && scope.store.state.views[scope.cube.cubeId]?.pixel === null
        ? 'Click a pixel first.'
        : null),
    run: ({ store }) => {
      store.set({ dialog: 'export-spectrum' });
    },
  },
];
