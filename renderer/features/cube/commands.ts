import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { isFilterable, type ImageMode, type Pixel } from '../../store/cubeView.ts';
import { mostPins, pinAt, withoutPin, withPin, type Pin } from '../../store/pins.ts';
import type { WindowStore } from '../../store/windowStore.ts';
import { needsCube, type Command, type CommandScope } from '../../store/commands.ts';
import { zoomStep } from '../../gl/inputs.ts';
import { filterChange } from './filterChange.ts';
import { modeProblem } from './modes.ts';
import { panelCommand } from './sidePanels.ts';

const bandStep =
  (step: number): Command['run'] =>
  ({ store, cube }) => {
    if (cube === null) return;
    const { bandIndex = 0 } = store.state.views[cube.cubeId] ?? {};
    const next = Math.min(cube.info.bands - 1, Math.max(0, bandIndex + step));
    store.changeView(cube.cubeId, { bandIndex: next });
  };

const mode = (to: ImageMode, title: string, key: string): Command => ({
  id: `mode.${to}`,
  title,
  group: 'Bands and modes',
  keys: [key],
  why: (scope) => needsCube(scope) ?? (scope.cube === null ? null : modeProblem(scope.cube, to)),
  run: ({ store, cube }) => {
    if (cube !== null) store.changeView(cube.cubeId, { mode: to });
  },
});

const filterNeeds = (scope: CommandScope): string | null =>
  needsCube(scope) ??
  (scope.cube !== null && !isFilterable(scope.cube.info)
    ? 'A filter needs three good bands in a row.'
    : null);

const filterStep = (
  id: string,
  title: string,
  key: string,
  field: 'window' | 'degree' | 'derivative',
  step: number,
): Command => ({
  id: `filter.${id}`,
  title,
  group: 'Filter',
  keys: [key],
  why: filterNeeds,
  run: ({ store, cube }) => {
    const filter = cube === null ? undefined : store.state.document[cube.cubeId]?.filter;
    if (cube === null || filter === undefined) return;
    const to =
      field === 'derivative' ? (filter.derivative % Math.min(3, filter.degree)) + step : filter[field] + step;
    const change = filterChange(cube.info, filter, { [field]: to });
    if (change !== null) store.setFilter(cube.cubeId, change, title);
  },
});

const pinsOf = (
  store: WindowStore,
  cube: OpenCubeAnswer | null,
): { pixel: Pixel | null; pins: readonly Pin[] } => ({
  pixel: store.state.views[cube?.cubeId ?? '']?.pixel ?? null,
  pins: store.state.document[cube?.cubeId ?? '']?.pins ?? [],
});

function pinNeeds(scope: CommandScope): string | null {
  const { pixel, pins } = pinsOf(scope.store, scope.cube);
  if (scope.cube === null) return needsCube(scope);
  if (pixel === null) return 'Click a pixel first.';
  return pins.length >= mostPins && pinAt(pins, pixel) === null
    ? `There are ${mostPins} pins, more cannot be told apart: remove one first.`
    : null;
}

/** Commands of the Cube workspace. */
export const cubeCommands: readonly Command[] = [
  panelCommand('left', 'Left panel', 'Ctrl B'),
  panelCommand('right', 'Right panel', 'Ctrl ⇧ B'),
  {
    id: 'cube.close',
    title: 'Close this cube',
    group: 'Window',
    why: needsCube,
    run: ({ services, cube }) => (cube === null ? undefined : services.session.close(cube.cubeId)),
  },
  {
    id: 'view.zoomIn',
    title: 'Zoom in',
    group: 'Band view',
    keys: ['+'],
    why: needsCube,
    run: ({ services }) => services.stage.view?.zoomBy(zoomStep),
  },
  {
    id: 'view.zoomOut',
    title: 'Zoom out',
    group: 'Band view',
    keys: ['−'],
    why: needsCube,
    run: ({ services }) => services.stage.view?.zoomBy(1 / zoomStep),
  },
  {
    id: 'view.fit',
    title: 'Fit image',
    group: 'Band view',
    keys: ['0'],
    why: needsCube,
    run: ({ services }) => services.stage.view?.fit(),
  },
  {
    id: 'view.actualSize',
    title: 'One pixel to one pixel',
    group: 'Band view',
    keys: ['9'],
    why: needsCube,
    run: ({ services }) => services.stage.view?.actualSize(),
  },
  {
    id: 'view.chips',
    title: 'Hide or show what lies on the picture',
    group: 'Band view',
    keys: ['H'],
    why: needsCube,
    run: ({ store }) => {
      store.set({ chips: !store.state.chips });
    },
  },
  {
    id: 'pin.toggle',
    title: 'Pin the picked pixel, or remove its pin',
    group: 'Spectrum',
    keys: ['P'],
    why: pinNeeds,
    run: ({ store, cube }) => {
      const { pixel, pins } = pinsOf(store, cube);
      if (cube === null || pixel === null) return;
      const pin = pinAt(pins, pixel);
      if (pin === null) store.setPins(cube.cubeId, withPin(pins, pixel), 'Pin');
      else store.setPins(cube.cubeId, withoutPin(pins, pixel), 'Remove pin');
    },
  },
  {
    id: 'pin.removeAll',
    title: 'Remove all pins',
    group: 'Spectrum',
    why: (scope) =>
      needsCube(scope) ?? (pinsOf(scope.store, scope.cube).pins.length > 0 ? null : 'No pixel is pinned.'),
    run: ({ store, cube }) => {
      if (cube !== null) store.setPins(cube.cubeId, [], 'Remove all pins');
    },
  },
  {
    id: 'band.previous',
    title: 'Previous band',
    group: 'Bands and modes',
    keys: ['['],
    why: needsCube,
    run: bandStep(-1),
  },
  {
    id: 'band.next',
    title: 'Next band',
    group: 'Bands and modes',
    keys: [']'],
    why: needsCube,
    run: bandStep(1),
  },
  {
    id: 'band.back10',
    title: 'Ten bands back',
    group: 'Bands and modes',
    keys: ['{'],
    why: needsCube,
    run: bandStep(-10),
  },
  {
    id: 'band.forward10',
    title: 'Ten bands on',
    group: 'Bands and modes',
    keys: ['}'],
    why: needsCube,
    run: bandStep(10),
  },
  {
    id: 'band.goTo',
    title: 'Go to band or wavelength',
    group: 'Bands and modes',
    keys: ['B'],
    why: needsCube,
    run: () => {
      const field = document.querySelector<HTMLInputElement>('.bandbar input');
      field?.focus();
      field?.select();
    },
  },
  mode('band', 'Band', '1'),
  mode('rgb', 'RGB', '2'),
  mode('smoothed', 'Smoothed', '3'),
  mode('derivative', 'Derivative', '4'),
  filterStep('narrower', 'Narrower window', ',', 'window', -2),
  filterStep('wider', 'Wider window', '.', 'window', 2),
  filterStep('degreeDown', 'Lower degree', ';', 'degree', -1),
  filterStep('degreeUp', 'Higher degree', "'", 'degree', 1),
  filterStep('nextDerivative', 'Next derivative', 'D', 'derivative', 1),
];
