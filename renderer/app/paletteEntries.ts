/** One line of the palette. */
export interface PaletteEntry {
  id: string;
  label: string;
  group: string;
  keys?: string | undefined;
  /** Why it cannot be run now. */
  why: string | null;
  run: () => void;
}

/**
 * The entries that hold every word of a text, those first that begin with it, then those with a word that does; what
 * cannot be run now comes last.
 */
export function rankEntries(entries: readonly PaletteEntry[], text: string): PaletteEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = ({ label, group, why }: PaletteEntry): number | null => {
    const name = label.toLowerCase();
    if (!words.every((word) => name.includes(word) || group.toLowerCase().includes(word))) return null;
    const first = words[0] ?? '';
    const place = name.startsWith(first)
      ? 0
      : name.split(/\s+/).some((word) => word.startsWith(first))
        ? 1
        : 2;
    return place + (why === null ? 0 : 10);
  };
  return entries
    .map((entry, at) => ({ entry, at, rank: rank(entry) }))
    .filter((one) => one.rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.at - b.at)
    .map(({ entry }) => entry);
}
