// Without schemas: the workers need the names, and no library with them.

export const colourMapNames = [
  'gray',
  'viridis',
  'magma',
  'inferno',
  'plasma',
  'cividis',
  'blue-red',
  'purple-green',
] as const;
export type ColourMapName = (typeof colourMapNames)[number];

/** `sequential`: from low to high; `diverging`: away from a light centre on both sides. */
export type ColourMapKind = 'sequential' | 'diverging';
