import { createContext, useContext } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import type { FilterSettings, OpenCubeAnswer, OpenOptions } from '../../src/engine/contract/index.ts';
import type { Trouble } from '../api/problem.ts';
import {
  displayOf,
  firstSettings,
  firstView,
  type CubeSettings,
  type CubeView,
  type Display,
} from './cubeView.ts';
import { History } from './history.ts';
import type { Pin } from './pins.ts';

/** The engine as this window finds it: answering, silent, or started anew without knowing this window. */
export type Connection = 'ready' | 'lost' | 'unknown';
export type Theme = 'system' | 'light' | 'dark';
export type DialogName =
  'open' | 'palette' | 'keys' | 'about' | 'export-image' | 'export-cube' | 'export-spectrum';

/** Where an open cube came from, to open it again when the engine has forgotten it. `id` is the host's. */
export type CubeOrigin =
  | { kind: 'file'; id: string; name: string; options: OpenOptions }
  | { kind: 'demo'; part: 'cube' | 'classes' };

/** Settings of all cubes that were opened: the part of the state that undo goes back in. */
export type Document = Readonly<Record<string, CubeSettings>>;

export interface WindowState {
  document: Document;
  undoLabel: string | null;
  redoLabel: string | null;
  views: Readonly<Record<string, CubeView>>;
  origins: Readonly<Record<string, CubeOrigin>>;
  activeCubeId: string | null;
  connection: Connection;
  theme: Theme;
  dialog: DialogName | null;
  /** Whether a side panel stands there; `auto`: where the window is wide enough. */
  panels: Readonly<Record<'left' | 'right', 'auto' | 'open' | 'closed'>>;
  /** Whether scale bar, colours and overview lie on the picture. */
  chips: boolean;
  /** What is being opened, and how much of it was sent. */
  opening: { name: string; share: number | null } | null;
  /** Why the last file could not be opened. */
  openTrouble: { name: string; trouble: Trouble } | null;
  /** Grows whenever the engine was away and is back: what had failed is tried again. */
  revived: number;
}

/** Parts that have no rule of their own. */
type FreeParts =
  'connection' | 'theme' | 'dialog' | 'panels' | 'chips' | 'opening' | 'openTrouble' | 'revived';

/** The state of one window, and the only ways to change it. */
export class WindowStore {
  readonly api: StoreApi<WindowState>;
  readonly #history: History<Document>;

  /** @param kept settings and places of cubes that will be found again. */
  constructor(theme: Theme, kept: Pick<WindowState, 'document' | 'views'> = { document: {}, views: {} }) {
    this.api = createStore<WindowState>(() => ({
      document: kept.document,
      undoLabel: null,
      redoLabel: null,
      views: kept.views,
      origins: {},
      activeCubeId: null,
      connection: 'ready',
      theme,
      dialog: null,
      panels: { left: 'auto', right: 'auto' },
      chips: true,
      opening: null,
      openTrouble: null,
      revived: 0,
    }));
    this.#history = new History<Document>(
      () => this.state.document,
      (document) => {
        this.api.setState({ document });
      },
      () => {
        const { undoLabel, redoLabel } = this.#history;
        this.api.setState({ undoLabel, redoLabel });
      },
    );
  }

  get state(): WindowState {
    return this.api.getState();
  }

  /**
   * Takes a cube that was opened; one that is known keeps its settings and its place.
   * @param like the cube that it is another reading of: where the person was there, they are here.
   */
  addCube(cube: OpenCubeAnswer, origin: CubeOrigin | null, like: string | null = null): void {
    const { cubeId } = cube;
    if (like !== null) this.#takeOver(cube, like);
    this.api.setState(({ document, views, origins }) => ({
      document: { ...document, [cubeId]: document[cubeId] ?? firstSettings(cube.info) },
      views: { ...views, [cubeId]: views[cubeId] ?? firstView(cube) },
      origins: origin === null ? origins : { ...origins, [cubeId]: origin },
    }));
  }

  #takeOver({ cubeId, info }: OpenCubeAnswer, like: string): void {
    this.api.setState(({ document, views }) => {
      const [view, settings] = [views[like], document[like]];
      if (view === undefined || settings === undefined || views[cubeId] !== undefined) return {};
      const isInside =
        view.bandIndex < info.bands &&
        view.rgb.every((bandIndex) => bandIndex < info.bands) &&
        (view.pixel === null || (view.pixel.line < info.lines && view.pixel.sample < info.samples));
      if (!isInside) return {};
      const pins = settings.pins.filter(({ line, sample }) => line < info.lines && sample < info.samples);
      const axis = info.wavelengthsNm === null ? 'band' : settings.filter.axis;
      return {
        views: { ...views, [cubeId]: view },
        document: { ...document, [cubeId]: { ...settings, filter: { ...settings.filter, axis }, pins } },
      };
    });
  }

  activate(cubeId: string | null): void {
    this.api.setState({ activeCubeId: cubeId });
  }

  changeView(cubeId: string, change: Partial<CubeView>): void {
    this.api.setState(({ views }) => {
      const view = views[cubeId];
      return view === undefined ? {} : { views: { ...views, [cubeId]: { ...view, ...change } } };
    });
  }

  setFilter(cubeId: string, change: Partial<FilterSettings>, label: string): void {
    this.#settings(cubeId, label, (settings) => {
      const filter = { ...settings.filter, ...change };
      const isSame = Object.entries(change).every(
        ([name, value]) => settings.filter[name as keyof FilterSettings] === value,
      );
      return isSame ? settings : { ...settings, filter };
    });
  }

  /** Changes the display of the mode that a cube is in. */
  setDisplay(cubeId: string, change: Partial<Display>, label: string): void {
    const mode = this.state.views[cubeId]?.mode ?? 'band';
    this.#settings(cubeId, label, (settings) => {
      const name = displayOf(mode);
      const display = { ...settings.displays[name], ...change };
      return { ...settings, displays: { ...settings.displays, [name]: display } };
    });
  }

  setPins(cubeId: string, pins: readonly Pin[], label: string): void {
    this.#settings(cubeId, label, (settings) => ({ ...settings, pins }));
  }

  /** All changes of settings until `endGroup` are one step of undo. */
  beginGroup(label: string): void {
    this.#history.begin(label);
  }

  endGroup(): void {
    this.#history.end();
  }

  undo(): void {
    this.#history.undo();
  }

  redo(): void {
    this.#history.redo();
  }

  /** A cube was closed; its settings stay for undo, its place and origin go. */
  forgetCube(cubeId: string, next: string | null): void {
    this.api.setState(({ views, origins, activeCubeId }) => ({
      views: without(views, cubeId),
      origins: without(origins, cubeId),
      activeCubeId: activeCubeId === cubeId ? next : activeCubeId,
    }));
  }

  set(change: Partial<Pick<WindowState, FreeParts>>): void {
    this.api.setState(change);
  }

  #settings(cubeId: string, label: string, change: (settings: CubeSettings) => CubeSettings): void {
    this.#history.do(label, (document) => {
      const before = document[cubeId];
      if (before === undefined) return document;
      const after = change(before);
      return after === before ? document : { ...document, [cubeId]: after };
    });
  }
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  const { [key]: _, ...rest } = record;
  return rest;
}

export const WindowContext = createContext<WindowStore | null>(null);

/** The store of this window. */
export function useWindowStore(): WindowStore {
  const store = useContext(WindowContext);
  if (store === null) throw new Error('No window is given here.');
  return store;
}

/** A part of the window's state; renders again when that part is another. */
export function useWindow<Part>(select: (state: WindowState) => Part): Part {
  return useStore(useWindowStore().api, select);
}
