import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { createContext, use, useRef, type ReactNode, type RefObject } from 'react';
import './words.css';

type Container = RefObject<HTMLElement | null>;

const PortalContext = createContext<Container | undefined>(undefined);

export interface PortalProviderProps {
  /** An element inside `<main>`; without it the provider puts one after its children. */
  readonly container?: Container | undefined;
  readonly children: ReactNode;
}

/**
 * The root of everything in this folder: where popups are put (inside `<main>`, so that they belong to a landmark),
 * no style elements (the content security policy blocks them), one delay for all tooltips.
 */
export function PortalProvider({ container, children }: PortalProviderProps) {
  const own = useRef<HTMLDivElement>(null);
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider>
        <PortalContext value={container ?? own}>
          {children}
          {container === undefined && <div ref={own} />}
        </PortalContext>
      </Tooltip.Provider>
    </CSPProvider>
  );
}

/** The element popups are put into. */
export function usePortalContainer(): Container | undefined {
  return use(PortalContext);
}
