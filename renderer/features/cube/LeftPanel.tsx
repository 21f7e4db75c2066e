import { useServices } from '../../api/services.ts';
import { useState } from 'react';
import { useWindow } from '../../store/windowStore.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { CircleCheck, Copy, Info, TriangleAlert } from '../../ui/icons.ts';
import { Properties } from '../../ui/Props.tsx';
import { Row } from '../../ui/Row.tsx';
import { Section } from '../../ui/Section.tsx';
import { Select } from '../../ui/Select.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { CubeList } from './CubeList.tsx';
import { PinList } from './PinList.tsx';
import { ReadingDialog } from './ReadingDialog.tsx';
import { factsOf, notesOf } from './facts.ts';
import { useCube } from '../../store/cubeScope.ts';

/** What is open, what the file says, and how it was read. */
export function LeftPanel() {
  return (
    <aside className="side" aria-label="Cubes and metadata" data-area="left">
      <CubeList />
      <PinList />
      <Metadata />
      <HowItWasRead />
    </aside>
  );
}

function Metadata() {
  const { info, metadata, options } = useCube();
  const toasts = useToasts();
  const copy = (): void => {
    navigator.clipboard.writeText(JSON.stringify({ ...info, metadata }, null, 2)).then(
      () => {
        toasts.show({ kind: 'done', title: 'Metadata copied as JSON' });
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
    <Section
      title="Metadata"
      actions={<IconButton small label="Copy metadata as JSON" icon={Copy} onClick={copy} />}
    >
      {info.images.length > 1 && <ImageChoice imageId={options.imageId ?? info.images[0]?.imageId ?? ''} />}
      <Properties
        label="Metadata"
        items={factsOf(info).map(({ name, value }) => ({
          name,
          value: value ?? <span className="muted">not in the file</span>,
        }))}
      />
    </Section>
  );
}

/** Which of several images of a file is open. */
function ImageChoice({ imageId }: { readonly imageId: string }) {
  const cube = useCube();
  const { session } = useServices();
  return (
    <div className="form">
      <Row label="Image">
        <Select
          label="Image of the file"
          value={imageId}
          options={cube.info.images.map((image) => ({
            value: image.imageId,
            label: `${image.name || image.imageId}, ${image.lines} × ${image.samples} × ${image.bands}`,
          }))}
          onChange={(to) => void session.reopen(cube.cubeId, { imageId: to })}
        />
      </Row>
    </div>
  );
}

const icons = { warning: TriangleAlert, info: Info, ok: CircleCheck };

function HowItWasRead() {
  const cube = useCube();
  const [isChanging, setIsChanging] = useState(false);
  const origin = useWindow((state) => state.origins[cube.cubeId]);
  const notes = notesOf(cube.info);
  return (
    <Section
      title="How it was read"
      count={notes.length}
      fill
      actions={
        <Button
          size="sm"
          why={origin?.kind === 'file' ? null : 'A made scene has no file to read otherwise.'}
          onClick={() => {
            setIsChanging(true);
          }}
        >
          Change…
        </Button>
      }
    >
      {isChanging && (
        <ReadingDialog
          cube={cube}
          onClose={() => {
            setIsChanging(false);
          }}
        />
      )}
      <ul className="notes num">
        {notes.map(({ kind, title, why }) => (
          <li key={`${title} ${why}`}>
            <Icon of={icons[kind]} small className={kind === 'warning' ? 'warn' : ''} />
            <div>
              <b>{title}</b>
              <span className="why">{why}</span>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
