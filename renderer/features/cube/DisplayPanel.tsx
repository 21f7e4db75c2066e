import { useQuery } from '@tanstack/react-query';
import type { ColourMapName } from '../../../src/engine/contract/index.ts';
import { colourMapsQuery } from '../../api/queries.ts';
import { useServices } from '../../api/services.ts';
import { ChannelHistogram } from '../../plots/channelHistogram.tsx';
import { Histogram } from '../../plots/histogram.tsx';
import { displayOf, firstSettings, type Stretch } from '../../store/cubeView.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { RotateCcw } from '../../ui/icons.ts';
import { Row } from '../../ui/Row.tsx';
import { Section } from '../../ui/Section.tsx';
import { Select } from '../../ui/Select.tsx';
import { ChannelFields } from './ChannelFields.tsx';
import { LimitFields, useLimitChange } from './LimitFields.tsx';
import { bandTitle } from './modes.ts';
import { Ramp } from './Ramp.tsx';
import { imageUnit, valueUnit } from './units.ts';
import { useImage } from './imageState.ts';
import { useCube, useSettings, useView } from '../../store/cubeScope.ts';

const stretches = {
  '2-98': { label: 'Percentile 2 – 98 %', stretch: { kind: 'percentiles', low: 2, high: 98 } },
  '1-99': { label: 'Percentile 1 – 99 %', stretch: { kind: 'percentiles', low: 1, high: 99 } },
  '0.1-99.9': { label: 'Percentile 0.1 – 99.9 %', stretch: { kind: 'percentiles', low: 0.1, high: 99.9 } },
  extremes: { label: 'Lowest to highest', stretch: { kind: 'extremes' } },
  numbers: { label: 'By number', stretch: null },
} as const satisfies Record<string, { label: string; stretch: Stretch | null }>;
type StretchName = keyof typeof stretches;

const nameOf = (stretch: Stretch): StretchName => {
  if (stretch.kind === 'extremes' || stretch.kind === 'numbers') return stretch.kind;
  const name = `${stretch.low}-${stretch.high}`;
  return Object.hasOwn(stretches, name) ? (name as StretchName) : '2-98';
};

const colourMapLabels: Record<ColourMapName, string> = {
  gray: 'Grey',
  viridis: 'Viridis',
  magma: 'Magma',
  inferno: 'Inferno',
  plasma: 'Plasma',
  cividis: 'Cividis',
  'blue-red': 'Blue–red',
  'purple-green': 'Purple–green',
};

/** How values become colours. */
export function DisplayPanel() {
  const cube = useCube();
  const store = useWindowStore();
  const mode = useView((view) => view.mode);
  if (cube.classes !== null) {
    return (
      <Section title="Display" fill>
        <p className="padx muted">A class map is shown in its own colours.</p>
      </Section>
    );
  }
  const reset = (): void => {
    store.setDisplay(cube.cubeId, firstSettings(cube.info).displays[displayOf(mode)], 'Reset display');
  };
  return (
    <Section
      title="Display"
      actions={<IconButton small label="Reset display" icon={RotateCcw} onClick={reset} />}
    >
      {mode === 'rgb' ? <ColourHistogram /> : <BandHistogram reset={reset} />}
      <div className="form">
        {mode === 'rgb' ? <ChannelFields /> : <LimitFields />}
        <StretchRow />
        {mode !== 'rgb' && <ColourMapRow />}
        <FollowRow />
      </div>
    </Section>
  );
}

/** The three bands' values in one plot. */
function ColourHistogram() {
  const cube = useCube();
  const statistics = useImage((state) => state.statistics);
  const channels = (statistics?.planes ?? []).map(
    ({ histogram }) => histogram ?? { low: 0, high: 1, counts: [] },
  );
  if (channels.length !== 3) return null;
  return (
    <div className="padx">
      <ChannelHistogram channels={channels} unit={valueUnit(cube)} label={cube.info.file} />
    </div>
  );
}

function BandHistogram({ reset }: { readonly reset: () => void }) {
  const cube = useCube();
  const store = useWindowStore();
  const mode = useView((view) => view.mode);
  const bandIndex = useView((view) => view.bandIndex);
  const filter = useSettings((settings) => settings.filter);
  const statistics = useImage((state) => state.statistics);
  const limits = useImage((state) => state.limits);
  const change = useLimitChange();
  const [plane] = statistics?.planes ?? [];
  const [only] = limits ?? [];
  const { low, high, counts } = plane?.histogram ?? { low: 0, high: 1, counts: [] };
  return (
    <div className="padx">
      <Histogram
        counts={counts}
        low={low}
        high={high}
        limits={only ?? { low: 0, high: 1 }}
        unit={imageUnit(cube, mode, filter)}
        label={bandTitle(cube, bandIndex)}
        onReset={reset}
        onLimits={(next, phase) => {
          if (phase === 'drag' && !isDragging.has(store)) {
            isDragging.add(store);
            store.beginGroup('Limits');
          }
          change([next]);
          if (phase === 'end') {
            isDragging.delete(store);
            store.endGroup();
          }
        }}
      />
      {statistics !== null && statistics.level > 0 && (
        <p className="hint num">Counted on 1 of {2 ** statistics.level} lines and samples.</p>
      )}
    </div>
  );
}

/** Windows whose limits are under the hand: their whole drag is one step of undo. */
const isDragging = new WeakSet();

function StretchRow() {
  const { cubeId } = useCube();
  const store = useWindowStore();
  const mode = useView((view) => view.mode);
  const { stretch, colourMap } = useSettings((settings) => settings.displays[displayOf(mode)]);
  const limits = useImage((state) => state.limits);
  const isAboutZero = mode === 'derivative' && (colourMap === 'blue-red' || colourMap === 'purple-green');
  return (
    <Row
      label="Stretch"
      hint={isAboutZero && stretch.kind !== 'numbers' ? 'The same on both sides of 0' : null}
    >
      <Select
        label="Stretch"
        value={nameOf(stretch)}
        options={Object.entries(stretches).map(([value, { label }]) => ({
          value: value as StretchName,
          label,
        }))}
        onChange={(name) => {
          const to: Stretch = stretches[name].stretch ?? {
            kind: 'numbers',
            planes: limits ?? [{ low: 0, high: 1 }],
          };
          store.setDisplay(cubeId, { stretch: to }, 'Stretch');
        }}
      />
    </Row>
  );
}

function ColourMapRow() {
  const { cubeId } = useCube();
  const store = useWindowStore();
  const { client } = useServices();
  const { data: colourMaps = [] } = useQuery(colourMapsQuery(client));
  const mode = useView((view) => view.mode);
  const { colourMap } = useSettings((settings) => settings.displays[displayOf(mode)]);
  return (
    <Row label="Colour map">
      <Select
        label="Colour map"
        value={colourMap}
        options={colourMaps.map(({ name, colours }) => ({
          value: name,
          label: colourMapLabels[name],
          preview: <Ramp colours={colours} />,
        }))}
        onChange={(to) => {
          store.setDisplay(cubeId, { colourMap: to }, 'Colour map');
        }}
      />
    </Row>
  );
}

/** Whether the limits are found anew for each band, or stay. */
function FollowRow() {
  const { cubeId, info } = useCube();
  const store = useWindowStore();
  const mode = useView((view) => view.mode);
  const { stretch } = useSettings((settings) => settings.displays[displayOf(mode)]);
  const limits = useImage((state) => state.limits);
  return (
    <Checkbox
      label={mode === 'rgb' ? 'Each channel on its own' : 'Follow the band'}
      checked={stretch.kind !== 'numbers'}
      onChange={(follows) => {
        const first = firstSettings(info).displays[displayOf(mode)].stretch;
        const held: Stretch = { kind: 'numbers', planes: limits ?? [{ low: 0, high: 1 }] };
        store.setDisplay(cubeId, { stretch: follows ? first : held }, 'Follow the band');
      }}
    />
  );
}
