import './spectra.css';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { useServices } from '../../api/services.ts';
import { NumbersTable } from '../../plots/numbersTable.tsx';
import { numbersText } from '../../plots/numbersRows.ts';
import { SpectrumLegend } from '../../plots/spectrumLegend.ts';
import { SpectrumPlot } from '../../plots/spectrumPlot.ts';
import { useCommands } from '../../store/commands.ts';
import { useView } from '../../store/cubeScope.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ErrorCard } from '../../ui/ErrorCard.tsx';
import { Copy, Download, RotateCcw, Scan } from '../../ui/icons.ts';
import { TabPanel, Tabs } from '../../ui/Tabs.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { SpectraLink } from './spectraLink.ts';
import { createSpectraState, type SpectraState } from './spectraState.ts';
import { currentBands, numbersOf, pixelWords, plotOf } from './spectrumWords.ts';

const label = 'Spectrum of the pixel';

/** The spectrum of the picked pixel, as curves and as numbers. */
export function SpectrumDock({ cube }: { readonly cube: OpenCubeAnswer }) {
  const { client } = useServices();
  const store = useWindowStore();
  const [state] = useState(createSpectraState);
  const [link, setLink] = useState<SpectraLink | null>(null);
  useEffect(() => {
    const made = new SpectraLink(client, cube, store, state);
    setLink(made);
    return () => {
      made.dispose();
    };
  }, [client, cube, state, store]);
  const tab = useView((view) => view.tab);
  const trouble = useStore(state, (now) => now.trouble);
  const hasResult = useStore(state, (now) => now.result !== null || now.pinned !== null);
  const isSettled = useStore(state, (now) => now.settled);
  return (
    <section className="dock" aria-label="Spectra" aria-busy={!isSettled}>
      <Toolbar cube={cube} state={state} />
      <div className="dockbody">
        {!hasResult && trouble === null && <p className="emptypane">Click a pixel to see its spectrum.</p>}
        {hasResult && (
          <>
            <TabPanel value="spectrum" active={tab} label={label}>
              <Curves cube={cube} state={state} />
              <NoData state={state} />
            </TabPanel>
            <TabPanel value="numbers" active={tab} label={label}>
              <Numbers cube={cube} state={state} />
            </TabPanel>
          </>
        )}
        {trouble !== null && (
          <div className="errcover">
            <ErrorCard
              title="The spectrum could not be read"
              message={trouble.message}
              remedy={trouble.remedy ?? undefined}
              code={trouble.code}
              actions={
                <Button variant="outline" icon={RotateCcw} onClick={() => link?.retry()}>
                  Try again
                </Button>
              }
            />
          </div>
        )}
      </div>
    </section>
  );
}

interface PartProps {
  readonly cube: OpenCubeAnswer;
  readonly state: StoreApi<SpectraState>;
}

function Toolbar({ cube, state }: PartProps) {
  const store = useWindowStore();
  const commands = useCommands();
  const toasts = useToasts();
  const tab = useView((view) => view.tab);
  const result = useStore(state, (now) => now.result);
  const hasPins = useStore(state, (now) => now.pinned !== null);
  const noData = useNoData(state);
  const pinTrouble = useStore(state, (now) => now.pinTrouble);
  const note =
    pinTrouble !== null
      ? `The pins could not be read: ${pinTrouble.message}`
      : ((hasPins || tab === 'numbers' ? noData : null) ?? '');
  const copy = (): void => {
    const data = result === null ? null : numbersOf(cube, result);
    if (data === null) return;
    navigator.clipboard.writeText(numbersText(data)).then(
      () => {
        toasts.show({ kind: 'done', title: 'Numbers copied', message: 'A row a band, in full precision.' });
      },
      () => {
        toasts.show({
          kind: 'error',
          title: 'The clipboard cannot be written',
          message: 'Allow it for this page.',
        });
      },
    );
  };
  return (
    <div className="toolbar">
      <Tabs
        label={label}
        value={tab}
        tabs={[
          { value: 'spectrum', label: 'Spectrum' },
          { value: 'numbers', label: 'Numbers' },
        ]}
        onChange={(to) => {
          store.changeView(cube.cubeId, { tab: to });
        }}
      >
        <span className="grow truncate muted" role="status" title={note}>
          {note}
        </span>
        <IconButton
          small
          label="Reset zoom"
          keys="R"
          icon={Scan}
          why={tab === 'spectrum' ? null : 'The curves are not shown.'}
          onClick={() => {
            commands.run('spectrum.resetZoom');
          }}
        />
        <IconButton
          small
          label="Copy the numbers"
          icon={Copy}
          why={result === null ? 'No pixel is picked.' : null}
          onClick={copy}
        />
        <span className="sep" />
        <Button
          size="sm"
          variant="outline"
          icon={Download}
          why={result === null ? 'Click a pixel first.' : null}
          onClick={() => {
            commands.run('export.spectrum');
          }}
        >
          Export spectrum
        </Button>
      </Tabs>
    </div>
  );
}

function Curves({ cube, state }: PartProps) {
  const plotElement = useRef<HTMLDivElement>(null);
  const legendElement = useRef<HTMLDivElement>(null);
  const store = useWindowStore();
  const { stage } = useServices();

  useEffect(() => {
    if (plotElement.current === null || legendElement.current === null) return undefined;
    const { cubeId } = cube;
    const legend = new SpectrumLegend(legendElement.current);
    const plot = new SpectrumPlot(plotElement.current, {
      onBand: (bandIndex) => {
        const view = store.state.views[cubeId];
        if (view?.mode === 'rgb') store.changeView(cubeId, { rgb: [bandIndex, view.rgb[1], view.rgb[2]] });
        else store.changeView(cubeId, { bandIndex });
      },
      // Where a person is in a cube is no step of undo.
      onBandDragStart: () => undefined,
      onBandDragEnd: () => undefined,
      onHover: (bandIndex) => {
        legend.hover(bandIndex);
      },
    });
    stage.plot = plot;
    let drawn: {
      result: SpectraState['result'];
      pinned: SpectraState['pinned'];
      base: ReturnType<typeof plotOf> | null;
    } = { result: null, pinned: null, base: null };
    const draw = (): void => {
      const { result, pinned } = state.getState();
      const view = store.state.views[cubeId];
      // Pins of a cube whose pixel is not picked yet are seen alone.
      const shown = result ?? (pinned === null ? null : { ...pinned.result, pixels: [] });
      if (shown === null || view === undefined) return;
      if (drawn.base === null || drawn.result !== result || drawn.pinned !== pinned) {
        drawn = { result, pinned, base: plotOf(cube, shown, pinned) };
      }
      if (drawn.base === null) return;
      const full = { ...drawn.base, bandIndexes: currentBands(view) };
      plot.set(full);
      legend.set(full);
    };
    draw();
    const ends = [
      state.subscribe(draw),
      store.api.subscribe((now, before) => {
        if (now.views[cubeId] !== before.views[cubeId]) draw();
      }),
    ];
    return () => {
      for (const end of ends) end();
      stage.plot = null;
      plot.dispose();
      legend.dispose();
    };
  }, [cube, stage, state, store]);

  return (
    <div className="spectrum">
      <div ref={plotElement} className="plotarea" />
      <div ref={legendElement} className="legend" />
    </div>
  );
}

/** Why the pixel has no curve; null where it has one. */
function useNoData(state: StoreApi<SpectraState>): string | null {
  const result = useStore(state, (now) => now.result);
  const [pixel] = result?.pixels ?? [];
  if (pixel === undefined || pixel.values.some((value) => value !== null)) return null;
  return `${pixelWords(pixel)} has no data in any band`;
}

/** Covers the empty axes of a pixel without data; with pins their curves are to be seen, and the toolbar says it. */
function NoData({ state }: { readonly state: StoreApi<SpectraState> }) {
  const words = useNoData(state);
  const hasPins = useStore(state, (now) => now.pinned !== null);
  if (words === null || hasPins) return null;
  return <p className="emptypane nodata">{words}: its values are nodata or not finite.</p>;
}

function Numbers({ cube, state }: PartProps) {
  const result = useDeferredValue(useStore(state, (now) => now.result));
  const mode = useView((view) => view.mode);
  const bandIndex = useView((view) => view.bandIndex);
  const rgb = useView((view) => view.rgb);
  const data = useMemo(() => (result === null ? null : numbersOf(cube, result)), [cube, result]);
  const bandIndexes = useMemo(() => (mode === 'rgb' ? rgb : [bandIndex]), [mode, rgb, bandIndex]);
  const [pixel] = result?.pixels ?? [];
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The table opens where the person is.
    const row = area.current?.querySelector<HTMLElement>('[aria-current]');
    // Not by scrollIntoView, which scrolls the window too.
    if (area.current && row)
      area.current.scrollTop = row.offsetTop - (area.current.clientHeight - row.offsetHeight) / 2;
  }, []);
  if (data === null || pixel === undefined)
    return <p className="emptypane">Click a pixel to see its numbers.</p>;
  return (
    <div ref={area} className="numbersarea" role="region" aria-label="Numbers" tabIndex={0}>
      <NumbersTable
        data={data}
        bandIndexes={bandIndexes}
        caption={`Numbers of ${pixelWords(pixel).toLowerCase()}`}
      />
    </div>
  );
}
