import { Slider as Base } from '@base-ui/react/slider';
import { useEffect, useEffectEvent, useRef } from 'react';
import './Slider.css';

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number | undefined;
  readonly onChange: (value: number) => void;
  /** The first change of a drag or key. */
  readonly onStart?: (() => void) | undefined;
  /** The end of that drag or key, also when it is cancelled. */
  readonly onEnd?: (() => void) | undefined;
  readonly valueText?: ((value: number) => string) | undefined;
  readonly disabled?: boolean | undefined;
}

/** A number under the hand. Each gesture is one `onStart`, any number of `onChange`, one `onEnd`. */
export function Slider(props: SliderProps) {
  const { label, value, min, max, step = 1, onChange, onStart, onEnd, valueText, disabled } = props;
  const gesture = useRef(false);
  const start = () => {
    if (gesture.current) return;
    gesture.current = true;
    onStart?.();
  };
  const end = useEffectEvent(() => {
    finish(gesture, onEnd);
  });
  useEffect(() => {
    // A drag that ends where it began commits nothing, and a cancelled one neither: their end is seen here,
    // after the slider's own handlers have had the event.
    const later = () => setTimeout(end);
    addEventListener('pointerup', later);
    addEventListener('pointercancel', later);
    return () => {
      removeEventListener('pointerup', later);
      removeEventListener('pointercancel', later);
      end();
    };
  }, []);
  return (
    <Base.Root
      className="slider"
      value={value}
      min={min}
      max={max}
      step={step}
      largeStep={step * 10}
      disabled={disabled}
      onValueChange={(next) => {
        start();
        onChange(next);
      }}
      onValueCommitted={() => {
        finish(gesture, onEnd);
      }}
    >
      <Base.Control className="control">
        <Base.Track className="track">
          <Base.Indicator className="done" />
          <Base.Thumb
            className="knob"
            aria-label={label}
            getAriaValueText={valueText === undefined ? null : (_text, shown) => valueText(shown)}
          />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  );
}

/** Ends an open gesture. */
function finish(gesture: { current: boolean }, onEnd: (() => void) | undefined): void {
  if (!gesture.current) return;
  gesture.current = false;
  onEnd?.();
}
