import { useState } from 'react';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { useServices } from '../../api/services.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Row } from '../../ui/Row.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { draftOf, optionsOf, type ReadingField } from './readingOptions.ts';

const fields: readonly { field: ReadingField; label: string; hint: string }[] = [
  { field: 'scale', label: 'Scale', hint: 'value = stored × scale + offset' },
  { field: 'offset', label: 'Offset', hint: '' },
  { field: 'noData', label: 'Nodata', hint: 'the stored number that means “no value”' },
  { field: 'badBands', label: 'Bad bands', hint: 'such as 1-3, 130-135: they take no part in filters' },
  { field: 'joins', label: 'Joins after', hint: 'bands after which a segment ends: no fit crosses there' },
  {
    field: 'wavelengths',
    label: 'Wavelengths',
    hint: 'one a band, in nanometres; empty: as the file says',
  },
];

/** Overrides what the file says, or what was assumed; the cube is opened once more with it. */
export function ReadingDialog({
  cube,
  onClose,
}: {
  readonly cube: OpenCubeAnswer;
  readonly onClose: () => void;
}) {
  const { session } = useServices();
  const [draft, setDraft] = useState(() => draftOf(cube));
  const made = optionsOf(cube, draft);
  const problems = 'problems' in made ? made.problems : {};
  const apply = (): void => {
    if (!('options' in made)) return;
    onClose();
    void session.reopen(cube.cubeId, made.options);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="How it is read"
      size="md"
      footer={
        <>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" why={'options' in made ? null : 'A field is wrong.'} onClick={apply}>
            Read it so
          </Button>
        </>
      }
    >
      <form
        className="dform"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        {fields.map(({ field, label, hint }) => (
          <Row key={field} label={label} hint={hint} error={problems[field] ?? null}>
            <TextField
              label={label}
              className="full"
              value={draft[field]}
              invalid={problems[field] !== undefined}
              onChange={(text) => {
                setDraft((before) => ({ ...before, [field]: text }));
              }}
            />
          </Row>
        ))}
        <p className="hint">The file itself is never changed. Exports and recipes keep what you say here.</p>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
