import { useState, type ReactNode } from 'react';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { ErrorBoundary } from '../../ui/ErrorBoundary.tsx';
import { Panels, type PaneProps } from '../../ui/Panels.tsx';
import { BandStage } from './BandStage.tsx';
import { DisplayPanel } from './DisplayPanel.tsx';
import { FilterPanel } from './FilterPanel.tsx';
import { createImageState, ImageContext } from './imageState.ts';
import { LeftPanel } from './LeftPanel.tsx';
import { useSidePanel } from './sidePanels.ts';
import { CubeContext } from '../../store/cubeScope.ts';

export interface CubeWorkspaceProps {
  readonly cube: OpenCubeAnswer;
  /** What stands below the picture. */
  readonly dock: ReactNode;
}

/** One open cube: what it is on the left, its picture in the middle over the dock, how it is shown on the right. */
export function CubeWorkspace({ cube, dock }: CubeWorkspaceProps) {
  // A workspace is made anew for each cube.
  const [image] = useState(createImageState);
  const [hasLeft, hasRight] = [useSidePanel('left'), useSidePanel('right')];
  // At 1920 the side panels have a little more; what the person set stays.
  const isWide = matchMedia('(min-width: 1600px)').matches;
  const left: PaneProps = {
    id: 'left',
    size: isWide ? 288 : 256,
    min: 200,
    max: 420,
    children: (
      <ErrorBoundary area="The list of cubes">
        <LeftPanel />
      </ErrorBoundary>
    ),
  };
  const right: PaneProps = {
    id: 'right',
    size: isWide ? 304 : 272,
    min: 248,
    max: 400,
    children: (
      <ErrorBoundary area="The display and filter">
        <aside className="side" aria-label="Display and filter" data-area="right">
          <DisplayPanel />
          <FilterPanel />
        </aside>
      </ErrorBoundary>
    ),
  };
  const centre: PaneProps = { id: 'centre', min: 420, children: <Centre dock={dock} /> };
  return (
    <CubeContext value={cube}>
      <ImageContext value={image}>
        <Panels
          id="cubelens-cube"
          orientation="horizontal"
          className="cube"
          panes={[...(hasLeft ? [left] : []), centre, ...(hasRight ? [right] : [])]}
          splitters={[
            ...(hasLeft ? ['Width of the left panel'] : []),
            ...(hasRight ? ['Width of the right panel'] : []),
          ]}
        />
      </ImageContext>
    </CubeContext>
  );
}

/** The picture over the dock. */
function Centre({ dock }: { readonly dock: ReactNode }) {
  return (
    <Panels
      id="cubelens-centre"
      orientation="vertical"
      splitters={['Height of the spectrum']}
      panes={[
        {
          id: 'stage',
          min: 220,
          children: (
            <ErrorBoundary area="The picture">
              <BandStage />
            </ErrorBoundary>
          ),
        },
        {
          id: 'dock',
          size: '37%',
          min: 200,
          max: '60%',
          children: <ErrorBoundary area="The spectrum">{dock}</ErrorBoundary>,
        },
      ]}
    />
  );
}
