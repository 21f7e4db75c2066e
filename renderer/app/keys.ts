import type { Commands } from '../store/commands.ts';

/** A key press in the words of the commands: "Ctrl ⇧ Z", "[", "F6". On a Mac Ctrl is the command key. */
export function keyName(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const { key } = event;
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  const isLetter = /^[a-z]$/i.test(key);
  // What needs Shift to be typed at all ("?", "{") is named by itself.
  if (event.shiftKey && (isLetter || key.length > 1)) parts.push('⇧');
  parts.push(key === '-' ? '−' : key === '=' && !event.shiftKey ? '+' : isLetter ? key.toUpperCase() : key);
  return parts.join(' ');
}

/** True where single keys are text or choose in a list. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest('input:not([type=range]), textarea, select, [contenteditable]') !== null ||
    target.closest('[role=menu], [role=listbox], [role=dialog]') !== null
  );
}

/** Runs the commands of keys; the one listener of the window. Gives the function that ends it. */
export function listenToKeys(commands: Commands, nextArea: (back: boolean) => void): () => void {
  const byKey = new Map(
    commands.list.flatMap((command) => (command.keys ?? []).map((key) => [key, command] as const)),
  );
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const name = keyName(event);
    if (event.key === 'F6') {
      event.preventDefault();
      // The messages of the component library listen to the same key.
      event.stopImmediatePropagation();
      nextArea(event.shiftKey);
      return;
    }
    const command = byKey.get(name);
    if (command === undefined) return;
    const isSingle = !/Ctrl|Alt/.test(name);
    if (isSingle && isTyping(event.target)) return;
    // Undo inside a field is the field's own.
    if (/^Ctrl (⇧ )?[ZY]$/.test(name) && isTyping(event.target)) return;
    if (document.querySelector('[role=dialog]') !== null && isSingle) return;
    event.preventDefault();
    commands.run(command.id);
  };
  window.addEventListener('keydown', listen, { capture: true });
  return () => {
    window.removeEventListener('keydown', listen, { capture: true });
  };
}

/** The parts of the window that F6 walks, in their order. */
const areas = [
  '.topbar',
  '[data-area=left]',
  '.stage .toolbar',
  '.band-view',
  '.bandbar',
  '.dock',
  '[data-area=right]',
];

/** Moves the focus into the next area that there is. */
export function focusNextArea(back: boolean): void {
  const there = areas
    .map((selector) => document.querySelector<HTMLElement>(selector))
    .filter((element) => element !== null);
  const at = there.findIndex((element) => element.contains(document.activeElement));
  const step = back ? -1 : 1;
  for (let tried = 1; tried <= there.length; tried++) {
    const index =
      ((((at === -1 && back ? 0 : at) + step * tried) % there.length) + there.length) % there.length;
    const area = there[index];
    const focusable = area?.matches('[tabindex]')
      ? area
      : area?.querySelector<HTMLElement>('button, input, [tabindex="0"], a[href]');
    if (focusable !== undefined && focusable !== null) {
      focusable.focus();
      return;
    }
  }
}
