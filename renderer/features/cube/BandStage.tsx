import './cube.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { colourMapsQuery, type DrawnColourMap } from '../../api/queries.ts';
import { useServices } from '../../api/services.ts';
import { BandView } from '../../gl/bandView.ts';
import { useCommands } from '../../store/commands.ts';
import { useWindow, useWindowStore } from '../../store/windowStore.ts';
import { Button } from '../../ui/Button.tsx';
import { classes } from '../../ui/classes.ts';
import { ErrorCard } from '../../ui/ErrorCard.tsx';
import { ContextMenu } from '../../ui/Menu.tsx';
import { FolderOpen, RotateCcw } from '../../ui/icons.ts';
import { BandBar } from './BandBar.tsx';
import { ClassLegend, ColourChip, PendingChip } from './chips.tsx';
import { aspectOf, metresPerSample } from './ground.ts';
import { ImageLink } from './imageLink.ts';
import { bandTitle } from './modes.ts';
import { Readout } from './readout.ts';
import { StageToolbar } from './StageToolbar.tsx';
import { useImage, useImageStore } from './imageState.ts';
import { useCube, useView } from '../../store/cubeScope.ts';

/** The picture of a cube with what belongs to it: modes above, band slider and read-out below. */
export function BandStage() {
  return (
    <section className="stage" aria-label="Band view">
      <StageToolbar />
      <Picture />
      <BandBar />
      <ReadoutBar />
    </section>
  );
}

function Picture() {
  const { client, session } = useServices();
  const { data: colourMaps, error, refetch } = useQuery(colourMapsQuery(client));
  const cube = useCube();
  const { cubeId, options } = cube;
  const hasFile = useWindow((state) => state.origins[cubeId]?.kind === 'file');
  const commands = useCommands();
  const [fault, setFault] = useState<Error | null>(null);
  const [link, setLink] = useState<ImageLink | null>(null);
  const trouble = useImage((state) => state.trouble);
  const problem = useImage((state) => state.problem);
  const noImage = useImage((state) => state.noImage);
  const hasChips = useWindow((state) => state.chips);
  return (
    <div className={classes('view', noImage !== null && 'is-stale', !hasChips && 'is-bare')}>
      {colourMaps !== undefined && fault === null && (
        <ContextMenu
          trigger={
            <div className="viewarea">
              <Canvas key={cube.cubeId} colourMaps={colourMaps} onFault={setFault} onLink={setLink} />
            </div>
          }
          items={() =>
            [
              'pin.toggle',
              'view.fit',
              'view.actualSize',
              'view.chips',
              'export.image',
              'export.spectrum',
            ].map((id) => {
              const command = commands.get(id);
              return {
                id,
                label: command.title,
                keys: command.keys?.[0],
                why: commands.why(command),
                run: () => {
                  commands.run(id);
                },
              };
            })
          }
        />
      )}
      {cube.classes === null ? <ColourChip colourMaps={colourMaps ?? []} /> : <ClassLegend />}
      <PendingChip />
      {noImage !== null && (
        <p className="chip tl num" role="status">
          {noImage}
        </p>
      )}
      {error !== null && (
        <div className="errcover">
          <ErrorCard
            title="The colours could not be had"
            message={error.message}
            actions={
              <Button variant="outline" icon={RotateCcw} onClick={() => void refetch()}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      {fault !== null && (
        <div className="errcover">
          <ErrorCard title="The picture cannot be drawn" message={fault.message} />
        </div>
      )}
      {fault === null && (trouble !== null || problem !== null) && (
        <div className="errcover">
          <ErrorCard
            title="The image could not be shown"
            message={trouble?.message ?? problem?.message ?? ''}
            remedy={trouble?.remedy ?? problem?.remedy}
            code={trouble?.code}
            actions={
              <>
                <Button variant="outline" icon={RotateCcw} onClick={() => link?.retry()}>
                  Try again
                </Button>
                {hasFile && (
                  <Button
                    variant="outline"
                    icon={FolderOpen}
                    onClick={() => void session.reopen(cubeId, options)}
                  >
                    Open again
                  </Button>
                )}
              </>
            }
          />
        </div>
      )}
    </div>
  );
}

interface CanvasProps {
  readonly colourMaps: readonly DrawnColourMap[];
  readonly onFault: (fault: Error) => void;
  readonly onLink: (link: ImageLink | null) => void;
}

/** The band view itself: made once a cube, driven by its link from then on. */
function Canvas({ colourMaps, onFault, onLink }: CanvasProps) {
  const element = useRef<HTMLDivElement>(null);
  const { client, stage } = useServices();
  const store = useWindowStore();
  const image = useImageStore();
  const bandIndex = useView((view) => view.bandIndex);
  const cube = useCube();

  useEffect(() => {
    if (element.current === null) return undefined;
    const parts: { readout: Readout | null; link: ImageLink | null } = { readout: null, link: null };
    let view: BandView;
    try {
      view = new BandView(element.current, client, {
        onPick: (pixel) => {
          store.changeView(cube.cubeId, { pixel });
        },
        onHover: (pixel) => parts.readout?.hover(pixel),
        onView: ({ scale }) => {
          image.setState({ scale });
        },
        onLoading: (loading) => {
          image.setState({ loading });
        },
        onProblem: (problem) => {
          image.setState({ problem });
        },
        onDrawn: (key) => parts.link?.drawn(key),
      });
    } catch (thrown) {
      onFault(thrown instanceof Error ? thrown : new Error(String(thrown)));
      return undefined;
    }
    view.setAspect(aspectOf(cube.info));
    view.setScaleBar({ metresPerSample: metresPerSample(cube.info) });
    const link = new ImageLink({ client, cube, view, state: image, colourMaps, store });
    const readoutElement = document.querySelector<HTMLElement>('.readout');
    if (readoutElement !== null) parts.readout = new Readout(readoutElement, client, cube, store);
    stage.view = view;
    stage.limits = () => image.getState().limits;
    parts.link = link;
    onLink(link);
    return () => {
      stage.view = null;
      stage.limits = null;
      onLink(null);
      parts.readout?.dispose();
      link.dispose();
      view.dispose();
    };
  }, [client, colourMaps, cube, image, onFault, onLink, stage, store]);

  const isShown = useImage((state) => state.shown);
  const isSettled = useImage((state) => state.settled);
  const name = `${bandTitle(cube, bandIndex)}. Arrow keys move the pixel, plus and minus zoom.`;
  return <div ref={element} aria-label={name} aria-busy={!isShown} data-drawn={isSettled} />;
}

function ReadoutBar() {
  return (
    <div
      className="readout num"
      role="group"
      aria-label="Under the pointer"
      data-empty="Point at the image, or click a pixel"
    />
  );
}
