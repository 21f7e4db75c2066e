const ARIA_NAMES: Readonly<Record<string, string>> = {
  Ctrl: 'Control',
  '⌃': 'Control',
  '⌘': 'Meta',
  '⇧': 'Shift',
  '⌥': 'Alt',
  Esc: 'Escape',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  '−': '-',
  '+': 'Plus',
};

/** A key as shown ("Ctrl ⇧ Z") in the words of `aria-keyshortcuts` ("Control+Shift+Z"). */
export function ariaKeys(keys: string): string {
  return keys
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => ARIA_NAMES[part] ?? part)
    .join('+');
}
