import type { DialogRootChangeEventDetails } from '@base-ui/react/dialog';

/** What a dialog does when it is asked to close. A press on a message above it is no such wish. */
export function closing(onClose: () => void) {
  return (open: boolean, details: DialogRootChangeEventDetails): void => {
    const at = details.event.target;
    if (details.reason === 'outside-press' && at instanceof Element && at.closest('.toasts') !== null) {
      details.cancel();
    } else if (!open) onClose();
  };
}
