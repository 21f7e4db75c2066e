import { bandProblem } from '../../store/bandList.ts';
import { hasTrueColour, nearestBand, trueColour } from '../../store/cubeView.ts';
import { useCube, useView } from '../../store/cubeScope.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { Button } from '../../ui/Button.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Row } from '../../ui/Row.tsx';

const channels = ['Red', 'Green', 'Blue'] as const;

/** The three bands of a colour picture, by wavelength or number. */
export function ChannelFields() {
  const cube = useCube();
  const { info, cubeId } = cube;
  const store = useWindowStore();
  const rgb = useView((view) => view.rgb);
  const hasWavelengths = info.wavelengthsNm !== null;
  const set = (channel: number, bandIndex: number): void => {
    const [red = 0, green = 0, blue = 0] = rgb.map((one, at) => (at === channel ? bandIndex : one));
    store.changeView(cubeId, { rgb: [red, green, blue] });
  };
  return (
    <>
      {channels.map((name, channel) => {
        const bandIndex = rgb[channel] ?? 0;
        return (
          <Row key={name} label={name}>
            <NumberField
              label={`${name}, band number`}
              prefix="band"
              width={72}
              value={bandIndex + 1}
              check={(number) => bandProblem(number, info.bands)}
              onCommit={(number) => {
                set(channel, number - 1);
              }}
            />
            {hasWavelengths && (
              <NumberField
                label={`${name}, nanometres`}
                unit="nm"
                width="grow"
                value={info.wavelengthsNm?.[bandIndex] ?? null}
                format={(nm) => nm.toFixed(1)}
                onCommit={(nm) => {
                  const nearest = nearestBand(info, nm);
                  if (nearest !== null) set(channel, nearest);
                }}
              />
            )}
          </Row>
        );
      })}
      <Row label="">
        <Button
          variant="outline"
          size="sm"
          onClick={() => {
            store.changeView(cubeId, { rgb: trueColour(info) });
          }}
        >
          {hasTrueColour(info) ? 'True colour' : 'Three bands'}
        </Button>
      </Row>
    </>
  );
}
