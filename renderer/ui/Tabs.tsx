import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import './Tabs.css';

export interface TabsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly tabs: readonly { readonly value: T; readonly label: string }[];
  /** Stands right of the strip. */
  readonly children?: ReactNode;
}

export interface TabPanelProps {
  readonly value: string;
  /** The value of the strip. */
  readonly active: string;
  /** The label of the strip. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A strip of tabs; each names a `TabPanel` that may stand anywhere. */
export function Tabs<T extends string>({ label, value, onChange, tabs, children }: TabsProps<T>) {
  return (
    <Base.Root
      className="tabbar"
      value={value}
      onValueChange={(next: T) => {
        onChange(next);
      }}
    >
      <Base.List className="tabs" activateOnFocus aria-label={label}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} id={partId('tab', label, tab.value)} value={tab.value}>
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {children}
    </Base.Root>
  );
}

/** What a tab shows; nothing while another tab is active. */
export function TabPanel({ value, active, label, children }: TabPanelProps) {
  if (value !== active) return null;
  return (
    <div
      role="tabpanel"
      className="tabpanel"
      id={partId('panel', label, value)}
      aria-labelledby={partId('tab', label, value)}
      tabIndex={0}
    >
      {children}
    </div>
  );
}

/** Strip and panel stand in different places of the tree: the label of the strip joins them. */
function partId(part: string, label: string, value: string): string {
  return `${part}-${label}-${value}`.replaceAll(/\s+/g, '-');
}
