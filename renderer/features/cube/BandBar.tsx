import { bandProblem } from '../../store/bandList.ts';
import { useEffect, useRef } from 'react';
import { BandTrack } from '../../plots/bandTrack.ts';
import { nearestBand } from '../../store/cubeView.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ChevronLeft, ChevronRight } from '../../ui/icons.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { useCommands } from '../../store/commands.ts';
import { bandPlace } from './modes.ts';
import { useCube, useView } from '../../store/cubeScope.ts';

/** The band that is shown: by slider, number or wavelength. */
export function BandBar() {
  const cube = useCube();
  const store = useWindowStore();
  const commands = useCommands();
  const mode = useView((view) => view.mode);
  const bandIndex = useView((view) => view.bandIndex);
  const { info, cubeId } = cube;
  const go = (to: number): void => {
    store.changeView(cubeId, { bandIndex: to });
  };
  const range = wavelengthRange(info.wavelengthsNm);
  return (
    <div className="bandbar">
      <IconButton
        small
        label="Previous band"
        keys="["
        icon={ChevronLeft}
        onClick={() => commands.run('band.previous')}
      />
      <Track />
      <IconButton
        small
        label="Next band"
        keys="]"
        icon={ChevronRight}
        onClick={() => commands.run('band.next')}
      />
      {mode !== 'rgb' && (
        <NumberField
          label={`Band number, 1 to ${info.bands}`}
          prefix="band"
          width={72}
          value={bandIndex + 1}
          check={(number) => bandProblem(number, info.bands)}
          onCommit={(number) => {
            go(number - 1);
          }}
        />
      )}
      {mode !== 'rgb' && range !== null && (
        <NumberField
          label="Wavelength in nanometres"
          unit="nm"
          width={88}
          value={info.wavelengthsNm?.[bandIndex] ?? null}
          format={(nm) => nm.toFixed(2)}
          step={(nm, direction) => info.wavelengthsNm?.[clamp(bandIndex + direction, info.bands)] ?? nm}
          check={(nm) =>
            nm >= range.low - 50 && nm <= range.high + 50
              ? null
              : `Wavelengths go from ${range.low.toFixed(0)} to ${range.high.toFixed(0)} nm.`
          }
          onCommit={(nm) => {
            const nearest = nearestBand(info, nm);
            if (nearest !== null) go(nearest);
          }}
        />
      )}
      {mode !== 'rgb' && range === null && (
        <span className="muted truncate">{bandPlace(cube, bandIndex)}</span>
      )}
    </div>
  );
}

const clamp = (bandIndex: number, bands: number): number => Math.min(bands - 1, Math.max(0, bandIndex));

function wavelengthRange(
  wavelengthsNm: readonly (number | null)[] | null,
): { low: number; high: number } | null {
  const known = wavelengthsNm?.filter((nm) => nm !== null) ?? [];
  if (known.length === 0) return null;
  return { low: known.reduce((a, b) => Math.min(a, b)), high: known.reduce((a, b) => Math.max(a, b)) };
}

function Track() {
  const element = useRef<HTMLDivElement>(null);
  const track = useRef<BandTrack | null>(null);
  const cube = useCube();
  const store = useWindowStore();
  const mode = useView((view) => view.mode);
  const bandIndex = useView((view) => view.bandIndex);
  const rgb = useView((view) => view.rgb);
  const { info, cubeId } = cube;

  useEffect(() => {
    if (element.current === null) return undefined;
    const made = new BandTrack(element.current, {
      // Where a person is in a cube is no step of undo.
      onDragStart: () => undefined,
      onDragEnd: () => undefined,
      onBand: (knob, to) => {
        const view = store.state.views[cubeId];
        if (view === undefined) return;
        if (view.mode !== 'rgb') store.changeView(cubeId, { bandIndex: to });
        else {
          const [red, green, blue] = view.rgb.map((one, at) => (at === knob ? to : one));
          store.changeView(cubeId, { rgb: [red ?? 0, green ?? 0, blue ?? 0] });
        }
      },
    });
    track.current = made;
    return () => {
      track.current = null;
      made.dispose();
    };
  }, [cubeId, store]);

  useEffect(() => {
    track.current?.set({
      wavelengthsNm: info.wavelengthsNm,
      bandIsGood: info.bandIsGood,
      bandNames: info.bandNames,
      segments: info.segments,
      bandIndexes: mode === 'rgb' ? rgb : [bandIndex],
    });
  }, [info, mode, rgb, bandIndex]);

  return <div ref={element} className="track" />;
}
