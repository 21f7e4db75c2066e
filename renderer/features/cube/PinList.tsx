import { useEffect, useRef } from 'react';
import { curveKey } from '../../plots/curveKey.ts';
import { useCube, useSettings, useView } from '../../store/cubeScope.ts';
import { pinAt, withoutPin, type Pin } from '../../store/pins.ts';
import { useServices } from '../../api/services.ts';
import { useCommands } from '../../store/commands.ts';
import { useWindowStore } from '../../store/windowStore.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Trash2, X } from '../../ui/icons.ts';
import { Section } from '../../ui/Section.tsx';

/** The pinned pixels: each can be gone to and removed. Nothing where there is none. */
export function PinList() {
  const { cubeId } = useCube();
  const store = useWindowStore();
  const commands = useCommands();
  const { stage } = useServices();
  const list = useRef<HTMLUListElement>(null);
  const pins = useSettings((settings) => settings.pins);
  const pixel = useView((view) => view.pixel);
  if (pins.length === 0) return null;
  /** The focus does not fall out of the window with the row that had it. */
  const focusRow = (at: number): void => {
    requestAnimationFrame(() => {
      const rows = list.current?.querySelectorAll<HTMLElement>('button.name') ?? [];
      const row = rows[Math.min(at, rows.length - 1)];
      (row ?? document.querySelector<HTMLElement>('.band-view'))?.focus();
    });
  };
  const current = pixel === null ? null : pinAt(pins, pixel);
  const go = ({ line, sample }: Pin): void => {
    store.changeView(cubeId, { pixel: { line, sample } });
    stage.view?.showPixel({ line, sample });
  };
  return (
    <Section
      title="Pins"
      count={pins.length}
      actions={
        <IconButton
          small
          label="Remove all pins"
          icon={Trash2}
          onClick={() => {
            commands.run('pin.removeAll');
            focusRow(0);
          }}
        />
      }
    >
      <ul ref={list} className="tree num" aria-label="Pins">
        {pins.map((pin, at) => (
          <li key={pin.number} className={pin === current ? 'item on' : 'item'}>
            <button
              type="button"
              className="name"
              aria-current={pin === current ? 'true' : undefined}
              onClick={() => {
                go(pin);
              }}
            >
              <PinKey number={pin.number} />
              <span className="truncate">
                {pin.number} · Line {pin.line}, sample {pin.sample}
              </span>
            </button>
            <IconButton
              small
              label={`Remove pin ${pin.number}`}
              icon={X}
              onClick={() => {
                store.setPins(cubeId, withoutPin(pins, pin), 'Remove pin');
                focusRow(at);
              }}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** How a pin's curve is drawn. */
function PinKey({ number }: { readonly number: number }) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    element.current?.replaceChildren(curveKey(number));
  }, [number]);
  return <span ref={element} className="pinkey" />;
}
