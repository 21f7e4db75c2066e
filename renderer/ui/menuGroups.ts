import type { IconNode } from './Icon.tsx';

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly keys?: string | undefined;
  readonly icon?: IconNode | undefined;
  /** Why it cannot be had now. */
  readonly why?: string | null | undefined;
  readonly run: () => void;
}

export type MenuEntry = MenuAction | 'rule' | { readonly head: string };

export interface MenuGroup {
  readonly head: string | null;
  /** A line above. */
  readonly rule: boolean;
  readonly actions: MenuAction[];
}

/** A flat list cut at its heads and rules. Rules at an end and doubled ones are dropped. */
export function menuGroups(entries: readonly MenuEntry[]): MenuGroup[] {
  const groups: MenuGroup[] = [];
  let rule = false;
  let open = false;
  for (const entry of entries) {
    if (entry === 'rule') {
      rule = groups.length > 0;
      open = false;
    } else if ('head' in entry) {
      groups.push({ head: entry.head, rule, actions: [] });
      rule = false;
      open = true;
    } else {
      if (!open) {
        groups.push({ head: null, rule, actions: [] });
        rule = false;
        open = true;
      }
      groups.at(-1)?.actions.push(entry);
    }
  }
  return groups;
}
