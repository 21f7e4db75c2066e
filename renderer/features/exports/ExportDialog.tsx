import './exports.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { troubleOf, type Trouble } from '../../api/problem.ts';
import { useServices } from '../../api/services.ts';
import { isFilterable, type Limits } from '../../store/cubeView.ts';
import { useWindow } from '../../store/windowStore.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { bytesText } from '../../ui/groups.ts';
import { Copy, TriangleAlert } from '../../ui/icons.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Row } from '../../ui/Row.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { TextField } from '../../ui/TextField.tsx';
import {
  commandText,
  endings,
  filterText,
  formatsOf,
  planExport,
  suggestedName,
  type CubeVariant,
  type ExportChoice,
  type ExportFormat,
  type ExportWhat,
} from './exportPlan.ts';
import type { ExportSession } from './exportSession.ts';

export interface ExportDialogProps {
  readonly cube: OpenCubeAnswer;
  readonly what: ExportWhat;
  readonly limits: readonly Limits[] | null;
  readonly exports: ExportSession;
  readonly onClose: () => void;
}

const formatLabels: Record<ExportFormat, string> = {
  geotiff: 'GeoTIFF',
  envi: 'ENVI',
  npy: 'NPY',
  png: 'PNG picture',
  csv: 'CSV table',
};
const titles: Record<ExportWhat, string> = {
  image: 'Export image',
  cube: 'Export cube',
  spectrum: 'Export spectrum',
};

/** What to write, where, how large it becomes, and the same as a command. */
export function ExportDialog({ cube, what: asked, limits, exports, onClose }: ExportDialogProps) {
  const { host } = useServices();
  const view = useWindow((state) => state.views[cube.cubeId]);
  const settings = useWindow((state) => state.document[cube.cubeId]);
  const canFilter = cube.classes === null && isFilterable(cube.info);
  const [choice, setChoice] = useState<ExportChoice>(() => ({
    what: asked,
    variant: canFilter && (settings?.filter.derivative ?? 0) > 0 ? 'derivative' : 'plain',
    format: formatsOf[asked][0] ?? 'geotiff',
    bands: `1-${cube.info.bands}`,
    withPins: true,
  }));
  const [typed, setTyped] = useState<string | null>(null);
  const [replaces, setReplaces] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  const source = view === undefined || settings === undefined ? null : { cube, view, settings, limits };
  const suggested = source === null ? '' : suggestedName(source, choice);
  const name = typed ?? suggested;
  const target = useQuery({
    queryKey: ['target', name],
    queryFn: () => host.lookAtTarget(name),
    enabled: nameProblem(name, choice.format) === null,
    staleTime: 0,
    gcTime: 0,
    placeholderData: (before) => before,
  });
  if (source === null) return null;
  const plan = planExport(source, choice);
  const change = (part: Partial<ExportChoice>): void => {
    setChoice((before) => {
      const next = { ...before, ...part };
      const formats = formatsOf[next.what];
      return formats.includes(next.format) ? next : { ...next, format: formats[0] ?? 'geotiff' };
    });
    setTyped(null);
    setTrouble(null);
  };
  const problem = typeof plan === 'string' ? plan : nameProblem(name, choice.format);
  const existing = target.data?.name === name ? target.data.existing : null;
  const mustAsk = existing !== null && replaces !== name;
  const room = target.data?.freeBytes ?? null;
  const asksLater = target.data === null;

  const start = async (): Promise<void> => {
    if (typeof plan === 'string' || problem !== null) return;
    if (mustAsk) {
      setReplaces(name);
      return;
    }
    setIsStarting(true);
    try {
      const granted = await host.pickTarget(name);
      if (granted !== null) {
        const replace = granted.replace || replaces === name;
        await exports.start(cube.cubeId, granted.grantId, replace, plan.output);
        onClose();
      }
    } catch (thrown) {
      setTrouble(troubleOf(thrown));
    } finally {
      setIsStarting(false);
    }
  };
  const failed = trouble ?? (target.error === null ? null : troubleOf(target.error));

  return (
    <Dialog
      open
      onClose={onClose}
      title={titles[choice.what]}
      size="md"
      footer={
        <>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="primary"
            why={problem ?? (isStarting ? 'It is being started.' : null)}
            onClick={() => void start()}
          >
            {existing !== null && replaces === name ? 'Replace' : 'Export'}
          </Button>
        </>
      }
    >
      <form
        className="dform"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <Row label="What">
          <Segmented<ExportWhat>
            fill
            label="What"
            value={choice.what}
            options={[
              { value: 'image', label: 'Image' },
              { value: 'cube', label: 'Cube' },
              {
                value: 'spectrum',
                label: 'Spectrum',
                why: source.view.pixel === null ? 'Click a pixel first.' : null,
              },
            ]}
            onChange={(what) => {
              change({ what });
            }}
          />
        </Row>
        {choice.what === 'cube' && (
          <Row label="Cube">
            <Segmented<CubeVariant>
              fill
              label="Cube"
              value={choice.variant}
              options={[
                {
                  value: 'derivative',
                  label: 'Derivative',
                  why: !canFilter
                    ? 'A filter needs three good bands in a row.'
                    : source.settings.filter.derivative === 0
                      ? 'The filter’s derivative is 0.'
                      : null,
                },
                {
                  value: 'smoothed',
                  label: 'Smoothed',
                  why: canFilter ? null : 'A filter needs three good bands in a row.',
                },
                { value: 'plain', label: 'As it is' },
              ]}
              onChange={(variant) => {
                change({ variant });
              }}
            />
          </Row>
        )}
        <Row label="Format">
          <Segmented
            fill
            label="Format"
            value={choice.format}
            options={formatsOf[choice.what].map((format) => ({
              value: format,
              label: formatLabels[format],
              why: format === 'npy' && source.view.mode === 'rgb' ? 'NPY holds one plane.' : null,
            }))}
            onChange={(format) => {
              change({ format });
            }}
          />
        </Row>
        {choice.what === 'cube' && (
          <Row label="Bands" hint={bandsHint(cube, choice, typeof plan === 'string')}>
            <TextField
              label="Bands"
              className="full"
              value={choice.bands}
              onChange={(bands) => {
                setChoice((before) => ({ ...before, bands }));
              }}
            />
          </Row>
        )}
        {choice.what === 'spectrum' && source.settings.pins.length > 0 && (
          <Row label="Pins">
            <Checkbox
              label={`With those of the ${source.settings.pins.length === 1 ? 'pin' : `${source.settings.pins.length} pins`}`}
              checked={choice.withPins}
              onChange={(withPins) => {
                change({ withPins });
              }}
            />
          </Row>
        )}
        {canFilter && isFiltered(choice, source.view.mode) && (
          <Row label="Filter">
            <span className="num">{filterText(source.settings.filter)}</span>
          </Row>
        )}
        <Row label="Name">
          <TextField
            label="Name"
            className="full"
            data-autofocus
            value={name}
            invalid={problem !== null}
            onChange={(text) => {
              setTyped(text);
              setTrouble(null);
            }}
          />
        </Row>
        <Row label="Folder">
          <span>{asksLater ? 'The dialog of the system asks for it.' : (target.data?.folder ?? '')}</span>
        </Row>
        {typeof plan !== 'string' && (
          <>
            <div className="preview num">
              <div>
                <b>
                  {{ exact: '', most: 'at most ', about: 'about ' }[plan.precision]}
                  {bytesText(plan.bytes)}
                </b>
                <span>{plan.shape}</span>
              </div>
              {!asksLater && (
                <div>
                  <b>{room === null ? 'unknown' : bytesText(room)}</b>
                  <span>free in the folder</span>
                </div>
              )}
            </div>
            <div className="cmd">
              <code className="mono">{commandText(['cubelens', ...plan.words, '--out', name])}</code>
              <IconButton
                small
                label="Copy the command"
                icon={Copy}
                onClick={() =>
                  void navigator.clipboard.writeText(commandText(['cubelens', ...plan.words, '--out', name]))
                }
              />
            </div>
          </>
        )}
        {problem !== null && (
          <p className="hint error" role="alert">
            {problem}
          </p>
        )}
        {existing !== null && replaces === name && (
          <p className="callout warn" role="alert">
            <Icon of={TriangleAlert} small /> {existing} is there already. Replace it?
          </p>
        )}
        {typeof plan !== 'string' && room !== null && plan.bytes > room && (
          <p className="callout warn" role="alert">
            <Icon of={TriangleAlert} small /> There is less room in the folder than this needs.
          </p>
        )}
        {failed !== null && (
          <p className="hint error" role="alert">
            {failed.message} {failed.remedy}
          </p>
        )}
        <p className="hint">A recipe is written beside it: it makes the same file again, to the byte.</p>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

const isFiltered = ({ what, variant }: ExportChoice, mode: string): boolean =>
  what === 'spectrum' ||
  (what === 'cube' ? variant !== 'plain' : mode === 'smoothed' || mode === 'derivative');

function nameProblem(name: string, format: ExportFormat): string | null {
  if (name.trim() === '') return 'Give a name.';
  if (/[/\\]/.test(name)) return 'A name has no folder in it.';
  const wanted = format === 'geotiff' ? /\.tiff?$/i : new RegExp(`\\${endings[format]}$`, 'i');
  return wanted.test(name) ? null : `The name ends in ${endings[format]}.`;
}

function bandsHint(cube: OpenCubeAnswer, { variant }: ExportChoice, isWrong: boolean): string | null {
  const bad = cube.info.bandIsGood.filter((isGood) => !isGood).length;
  if (isWrong || bad === 0 || variant === 'plain') return null;
  return `${bad} bad ${bad === 1 ? 'band is' : 'bands are'} written without values.`;
}
