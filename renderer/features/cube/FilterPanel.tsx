import { useQuery } from '@tanstack/react-query';
import type { FilterSettings } from '../../../src/engine/contract/index.ts';
import { readFilterAt } from '../../api/calls.ts';
import { useServices } from '../../api/services.ts';
import { formatNumber, formatUnit } from '../../plots/numbers.ts';
import { WeightsBars } from '../../plots/weightsBars.tsx';
import { firstSettings, isFilterable } from '../../store/cubeView.ts';
import { filterProblem } from '../../store/segments.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { useCommands } from '../../store/commands.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Download, RotateCcw } from '../../ui/icons.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { Row } from '../../ui/Row.tsx';
import { Properties } from '../../ui/Props.tsx';
import { Section } from '../../ui/Section.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { Slider } from '../../ui/Slider.tsx';
import {
  degreeProblem,
  derivativeProblem,
  filterChange,
  widestWindow,
  windowProblem,
} from './filterChange.ts';
import { useCube, useSettings, useView } from '../../store/cubeScope.ts';

/** The Savitzky-Golay filter of curves and images. */
export function FilterPanel() {
  const cube = useCube();
  const store = useWindowStore();
  const commands = useCommands();
  const filter = useSettings((settings) => settings.filter);
  const { info, cubeId } = cube;
  if (cube.classes !== null) return null;
  if (!isFilterable(info)) {
    return (
      <Section title="Filter" fill>
        <p className="padx muted">A filter needs three good bands in a row.</p>
      </Section>
    );
  }
  const change = (part: Partial<FilterSettings>, label: string): void => {
    const made = filterChange(info, filter, part);
    if (made !== null) store.setFilter(cubeId, made, label);
  };
  const widest = widestWindow(info, filter.axis);
  const hasWavelengths = info.wavelengthsNm !== null;
  return (
    <Section
      title="Filter"
      count="Savitzky–Golay"
      fill
      actions={
        <IconButton
          small
          label="Reset filter"
          icon={RotateCcw}
          onClick={() => {
            store.setFilter(cubeId, firstSettings(info).filter, 'Reset filter');
          }}
        />
      }
    >
      <div className="form">
        <Row label="Window" hint={<WindowWidth />}>
          <Slider
            label="Window"
            value={filter.window}
            min={3}
            max={Math.max(5, Math.min(widest, 51))}
            step={2}
            valueText={(window) => `${window} bands`}
            onStart={() => {
              store.beginGroup('Window');
            }}
            onChange={(window) => {
              change({ window }, 'Window');
            }}
            onEnd={() => {
              store.endGroup();
            }}
          />
          <NumberField
            label="Window in bands"
            unit="bands"
            width={72}
            value={filter.window}
            step={2}
            check={(window) => windowProblem(info, filter, window)}
            repairs={(window) =>
              [window - 1, window + 1].filter((one) => windowProblem(info, filter, one) === null)
            }
            onCommit={(window) => {
              change({ window }, 'Window');
            }}
          />
        </Row>
        <Row label="Degree">
          <Slider
            label="Degree"
            value={filter.degree}
            min={0}
            max={6}
            onStart={() => {
              store.beginGroup('Degree');
            }}
            onChange={(degree) => {
              change({ degree }, 'Degree');
            }}
            onEnd={() => {
              store.endGroup();
            }}
          />
          <NumberField
            label="Degree of the polynomial"
            width={72}
            value={filter.degree}
            check={(degree) => degreeProblem(filter, degree)}
            onCommit={(degree) => {
              change({ degree }, 'Degree');
            }}
          />
        </Row>
        <Row
          label="Derivative"
          hint={filter.degree < 3 ? derivativeProblem(filter, filter.degree + 1) : null}
        >
          <Segmented
            fill
            label="Derivative"
            value={filter.derivative}
            options={[0, 1, 2, 3].map((order) => ({
              value: order,
              label: String(order),
              why: derivativeProblem(filter, order),
            }))}
            onChange={(derivative) => {
              change({ derivative }, 'Derivative');
            }}
          />
        </Row>
        <Row label="Axis">
          <Segmented
            fill
            label="Axis"
            value={filter.axis}
            options={[
              {
                value: 'wavelength',
                label: 'Wavelength',
                why: hasWavelengths ? null : 'The file has no wavelengths.',
              },
              { value: 'band', label: 'Band' },
            ]}
            onChange={(axis) => {
              change({ axis }, 'Axis');
            }}
          />
        </Row>
        <Row label="Edge">
          <Segmented
            fill
            label="Edge"
            value={filter.edge}
            options={[
              { value: 'fit', label: 'Fit' },
              { value: 'nan', label: 'Leave out' },
            ]}
            onChange={(edge) => {
              change({ edge }, 'Edge');
            }}
          />
        </Row>
        <Row label="Gap">
          <Segmented
            fill
            label="Gap"
            value={filter.gap}
            options={[
              { value: 'refit', label: 'Refit' },
              { value: 'strict', label: 'Strict' },
            ]}
            onChange={(gap) => {
              change({ gap }, 'Gap');
            }}
          />
        </Row>
      </div>
      <Weights />
      <div className="form">
        <Button
          variant="outline"
          icon={Download}
          onClick={() => {
            commands.run('export.cube');
          }}
        >
          {filter.derivative > 0 ? 'Export derivative cube…' : 'Export smoothed cube…'}
        </Button>
      </div>
    </Section>
  );
}

/** The filter at the current band as what it is: a weight a band. */
function Weights() {
  const cube = useCube();
  const { info } = cube;
  const filter = useSettings((settings) => settings.filter);
  const answer = useFilterAt();
  const bandIndex = useView((view) => view.bandIndex);
  const problem = filterProblem(cube, filter, bandIndex);
  if (problem !== null) return <p className="padx muted num">{problem}</p>;
  if (answer === null) return null;
  const unit = formatUnit(answer.unit.replace(/^1(?=\/|$)/, ''));
  return (
    <>
      <div className="subhead num">
        <h3>Weights at band {bandIndex + 1}</h3>
      </div>
      <div className="padx">
        <WeightsBars answer={answer} wavelengthsNm={info.wavelengthsNm} />
      </div>
      <Properties
        label="Filter at the band"
        items={[
          { name: 'Noise gain', value: `${formatNumber(answer.noiseGain, 3)} ${unit}` },
          { name: 'Window', value: answer.edge ? 'off-centre, at a segment’s end' : 'centred' },
        ]}
      />
    </>
  );
}

/** How wide the window is at the current band. */
function WindowWidth() {
  const answer = useFilterAt();
  const bandIndex = useView((view) => view.bandIndex);
  const axis = useSettings((settings) => settings.filter.axis);
  if (answer === null) return <>No window at band {bandIndex + 1}</>;
  const width = axis === 'wavelength' ? `${answer.width.toFixed(1)} nm` : `${answer.width} bands`;
  return (
    <>
      {width} wide at band {bandIndex + 1}
    </>
  );
}

/** What the filter does at the current band; null where it does nothing there. */
export function useFilterAt() {
  const cube = useCube();
  const { cubeId } = cube;
  const { client } = useServices();
  const bandIndex = useView((view) => view.bandIndex);
  const filter = useSettings((settings) => settings.filter);
  const problem = filterProblem(cube, filter, bandIndex);
  const { data, isError } = useQuery({
    queryKey: ['filter', cubeId, bandIndex, filter],
    queryFn: ({ signal }) => readFilterAt(client, cubeId, bandIndex, filter, signal),
    placeholderData: (before) => before,
    gcTime: 10_000,
    enabled: problem === null,
  });
  return isError || problem !== null ? null : (data ?? null);
}
