import { useMemo } from 'react';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { ErrorBoundary } from '../../ui/ErrorBoundary.tsx';
import { Panels } from '../../ui/Panels.tsx';
import { BandStage } from './BandStage.tsx';
import { DisplayPanel } from './DisplayPanel.tsx';
import { FilterPanel } from './FilterPanel.tsx';
import { createImageState } from './imageState.ts';
import { LeftPanel } from './LeftPanel.tsx';
import { CubeContext } from './useCubeState.ts';

/** One open cube: what it is on the left, its picture in the middle, how it is shown on the right. */
export function CubeWorkspace({ cube }: { readonly cube: OpenCubeAnswer }) {
  const scope = useMemo(() => ({ cube, image: createImageState() }), [cube]);
  return (
    <CubeContext value={scope}>
      <Panels
        id="cubelens-cube"
        orientation="horizontal"
        className="cube"
        splitters={['Width of the left panel', 'Width of the right panel']}
        panes={[
          {
            id: 'left',
            size: 256,
            min: 200,
            max: 420,
            children: (
              <ErrorBoundary area="The list of cubes">
                <LeftPanel />
              </ErrorBoundary>
            ),
          },
          {
            id: 'centre',
            min: 420,
            children: (
              <ErrorBoundary area="The picture">
                <BandStage />
              </ErrorBoundary>
            ),
          },
          {
            id: 'right',
            size: 272,
            min: 248,
            max: 400,
            children: (
              <ErrorBoundary area="The display and filter">
                <aside className="side" aria-label="Display and filter">
                  <DisplayPanel />
                  <FilterPanel />
                </aside>
              </ErrorBoundary>
            ),
          },
        ]}
      />
    </CubeContext>
  );
}
