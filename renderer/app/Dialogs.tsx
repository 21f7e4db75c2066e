import { useQuery } from '@tanstack/react-query';
import { useActiveCube } from '../api/queries.ts';
import { useServices } from '../api/services.ts';
import { OpenDialog } from '../features/files/OpenDialog.tsx';
import { ExportDialog } from '../features/exports/ExportDialog.tsx';
import type { ExportWhat } from '../features/exports/exportPlan.ts';
import type { ExportSession } from '../features/exports/exportSession.ts';
import { useWindow, useWindowStore, type DialogName } from '../store/windowStore.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Properties } from '../ui/Props.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { KeySheet } from './KeySheet.tsx';

const exportDialogs: Partial<Record<DialogName, ExportWhat>> = {
  'export-image': 'image',
  'export-cube': 'cube',
  'export-spectrum': 'spectrum',
};

/** The dialogs of the window; one at a time. */
export function Dialogs({ exports }: { readonly exports: ExportSession }) {
  const dialog = useWindow((state) => state.dialog);
  const store = useWindowStore();
  const cube = useActiveCube();
  const { stage } = useServices();
  const what = dialog === null ? null : (exportDialogs[dialog] ?? null);
  const close = (): void => {
    store.set({ dialog: null });
  };
  return (
    <>
      <OpenDialog open={dialog === 'open'} />
      {what !== null && cube !== null && (
        <ExportDialog
          key={what}
          cube={cube}
          what={what}
          limits={stage.limits?.() ?? null}
          exports={exports}
          onClose={close}
        />
      )}
      <CommandPalette open={dialog === 'palette'} onClose={close} />
      <KeySheet open={dialog === 'keys'} onClose={close} />
      <About open={dialog === 'about'} onClose={close} />
    </>
  );
}

function About({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { client } = useServices();
  const { data } = useQuery({
    queryKey: ['host'],
    queryFn: async () => (await client.api.host.$get()).json(),
    enabled: open,
  });
  const licences = useQuery({
    queryKey: ['licences'],
    queryFn: async () => (await client.call('/licences.txt')).text(),
    enabled: open,
  });
  return (
    <Dialog open={open} onClose={onClose} title="About Cubelens" size="lg">
      <Properties
        label="About Cubelens"
        items={[
          { name: 'Version', value: data?.version ?? '' },
          {
            name: 'Kernels',
            value: data === undefined ? '' : `${data.kernels.name}: ${data.kernels.why}`,
          },
          { name: 'Licence', value: 'MIT' },
          { name: 'Fonts', value: 'Inter and JetBrains Mono, SIL Open Font License 1.1' },
        ]}
      />
      <pre className="licences" tabIndex={0} aria-label="Licences of what this window is made of">
        {licences.data ?? licences.error?.message ?? ''}
      </pre>
    </Dialog>
  );
}
