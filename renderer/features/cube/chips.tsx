import { useEffect, useState } from 'react';
import type { DrawnColourMap } from '../../api/queries.ts';
import { axisFactor, formatNumber } from '../../plots/numbers.ts';
import { unitLabel } from '../../plots/valueAxis.tsx';
import { displayOf } from '../../store/cubeView.ts';
import { Icon } from '../../ui/Icon.tsx';
import { LoaderCircle } from '../../ui/icons.ts';
import { paletteOf } from './classColours.ts';
import { imageUnit } from './units.ts';
import { Ramp } from './Ramp.tsx';
import { useImage } from './imageState.ts';
import { useCube, useSettings, useView } from '../../store/cubeScope.ts';

/** Which colour stands for which value, in the data's unit. */
export function ColourChip({ colourMaps }: { readonly colourMaps: readonly DrawnColourMap[] }) {
  const cube = useCube();
  const mode = useView((view) => view.mode);
  const limits = useImage((state) => state.limits);
  const { filter, displays } = useSettings((settings) => settings);
  const map = colourMaps.find(({ name }) => name === displays[displayOf(mode)].colourMap);
  const [only] = limits ?? [];
  if (mode === 'rgb' || map === undefined || only === undefined) return null;
  const { label, factor } = axisFactor(Math.max(Math.abs(only.low), Math.abs(only.high)));
  const unit = unitLabel(label, imageUnit(cube, mode, filter));
  const [low, high] = [formatNumber(only.low / factor, 3), formatNumber(only.high / factor, 3)];
  return (
    <div className="chip br colorbar num" role="img" aria-label={`Colours from ${low} to ${high} ${unit}`}>
      <Ramp colours={map.colours} />
      <div className="ends">
        <span>{low}</span>
        <span className="unit truncate">{unit}</span>
        <span>{high}</span>
      </div>
    </div>
  );
}

/** The classes of a class map in their colours. */
export function ClassLegend() {
  const cube = useCube();
  const palette = paletteOf(cube.classes ?? []);
  return (
    <ul className="chip tr classlegend" aria-label="Classes" tabIndex={0}>
      {(cube.classes ?? []).map(({ name }, number) => (
        // Classes have no id but their number.
        <li key={`${number} ${name}`}>
          <span
            className="swatch"
            style={{ background: `rgb(${(palette[number] ?? [0, 0, 0]).join(' ')})` }}
          />
          <span>
            <span className="num muted">{number}</span> {name}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Only what lasts is worth a sign. */
const patienceMs = 300;

/** How much of the picture is still to come. */
export function PendingChip() {
  const { pending } = useImage((state) => state.loading);
  const isPending = pending > 0;
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!isPending) return undefined;
    const timer = setTimeout(() => {
      setIsLong(true);
    }, patienceMs);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [isPending]);
  if (!isPending || !isLong) return null;
  return (
    <div className="chip tl pending num" role="status">
      <Icon of={LoaderCircle} small className="spin" />
      {pending === 1 ? '1 tile to come' : `${pending} tiles to come`}
    </div>
  );
}
