import {
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { createPortal } from 'react-dom';
import { Button } from './Button.tsx';
import { classes } from './classes.ts';
import { formatNumber, judge, parseNumber, stepped, usableRepairs, type Step } from './numberText.ts';
import { useMessageSlot } from './Row.tsx';
import './field.css';
import './NumberField.css';

const PAUSE_MS = 250;

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number | null;
  readonly onCommit: (value: number) => void;
  /** What is wrong with a number, or null. */
  readonly check?: ((value: number) => string | null) | undefined;
  readonly format?: ((value: number) => string) | undefined;
  readonly parse?: ((text: string) => number) | undefined;
  readonly step?: Step | undefined;
  readonly unit?: string | undefined;
  readonly prefix?: string | undefined;
  readonly width?: 64 | 72 | 88 | 'grow' | undefined;
  readonly disabled?: boolean | undefined;
  /** Numbers near a wrong one, each a button under the message. */
  readonly repairs?: ((value: number) => readonly number[]) | undefined;
  /** Hears of each message that appears, and null when it goes. */
  readonly onProblem?: ((message: string | null) => void) | undefined;
  readonly id?: string | undefined;
}

interface Draft {
  readonly text: string;
  /** The reader left the field or pressed Enter: a wrong text says so. */
  readonly done: boolean;
}

const anything = () => null;

/** A number with its unit. A wrong text stays in the field with its message; the last valid number stays in use. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, onCommit, check = anything, format = formatNumber, parse = parseNumber } = props;
  const { step = 1, unit, prefix, width = 72, disabled, repairs, onProblem, id } = props;
  const [draft, setDraft] = useState<Draft | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const messageId = useId();

  // A number that came from elsewhere (undo, a slider) takes the place of what was typed.
  const [seen, setSeen] = useState(value);
  const [sent, setSent] = useState<number | null>(null);
  if (value !== seen) {
    setSeen(value);
    setSent(null);
    if (value !== sent) setDraft(null);
  }

  const rules = { parse, check };
  const judged = draft === null ? null : judge(draft.text, rules);
  const problem = draft?.done === true && judged !== null && 'problem' in judged ? judged.problem : null;

  // What Escape goes back to: the number before typing began.
  const before = useRef(value);
  const commit = (next: number) => {
    setSent(next);
    if (next !== value) onCommit(next);
  };

  const typedPause = useEffectEvent(() => {
    if (judged !== null && !('problem' in judged)) commit(judged.value);
  });
  const text = draft?.text;
  useEffect(() => {
    if (text === undefined) return undefined;
    const timer = setTimeout(() => {
      typedPause();
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);

  const tell = useEffectEvent((message: string | null) => onProblem?.(message));
  useEffect(() => {
    if (problem === null) return undefined;
    tell(problem);
    return () => {
      tell(null);
    };
  }, [problem]);

  const settle = () => {
    if (draft === null || judged === null) return;
    if ('problem' in judged) setDraft({ ...draft, done: true });
    else accept(judged.value);
  };
  const accept = (next: number) => {
    setDraft(null);
    before.current = next;
    commit(next);
  };
  // What was wrong can come right without a key: another field has changed. Then it is in use, as it stands there.
  const wrongText = useRef<string | null>(null);
  const wrong = problem === null ? null : (draft?.text ?? null);
  const comeRight = useEffectEvent(() => {
    if (draft !== null && draft.text === wrongText.current) settle();
  });
  useEffect(() => {
    if (wrong === null && wrongText.current !== null) comeRight();
    wrongText.current = wrong;
  }, [wrong]);
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (event.key === 'Enter') settle();
    else if (event.key === 'Escape' && draft !== null) {
      // The first Escape is the field's, the next one the dialog's.
      event.stopPropagation();
      setDraft(null);
      if (before.current !== null) commit(before.current);
    } else if (move !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const typed = judged !== null && !('problem' in judged) ? judged.value : value;
      if (typed === null) return;
      const times = move.times * (event.shiftKey ? 10 : 1);
      accept(stepped(typed, step, move.direction, times, check));
    }
  };

  const field = (
    <label
      className={classes(
        'field',
        width === 'grow' ? 'grow' : `w-${String(width)}`,
        problem !== null && 'is-invalid',
        disabled && 'is-disabled',
      )}
    >
      {prefix !== undefined && <span className="unit">{prefix}</span>}
      <input
        ref={input}
        id={id}
        type="text"
        role="spinbutton"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        aria-valuenow={value ?? undefined}
        aria-valuetext={value === null ? undefined : [format(value), unit].filter(Boolean).join(' ')}
        aria-invalid={problem === null ? undefined : true}
        aria-describedby={problem === null ? undefined : messageId}
        disabled={disabled}
        value={draft?.text ?? (value === null ? '' : format(value))}
        onChange={(event) => {
          if (draft === null) before.current = value;
          setDraft({ text: event.target.value, done: draft?.done ?? false });
        }}
        onKeyDown={onKeyDown}
        onBlur={settle}
      />
      {unit !== undefined && unit !== '' && <span className="unit">{unit}</span>}
    </label>
  );
  const typed = judged?.value ?? null;
  const offers = problem === null || typed === null || !repairs ? [] : usableRepairs(repairs(typed), check);
  return (
    <WithMessage
      field={field}
      grow={width === 'grow'}
      message={
        problem !== null && (
          <div className="numberproblem num">
            <span id={messageId} className="hint error" role="alert">
              {problem}
            </span>
            {offers.map((offer) => (
              <Button
                key={offer}
                size="sm"
                variant="outline"
                aria-label={`${label}: ${format(offer)}`}
                onClick={() => {
                  accept(offer);
                  input.current?.focus();
                }}
              >
                {format(offer)}
              </Button>
            ))}
          </div>
        )
      }
    />
  );
}

const MOVES: Readonly<Record<string, { readonly direction: 1 | -1; readonly times: number } | undefined>> = {
  ArrowUp: { direction: 1, times: 1 },
  ArrowDown: { direction: -1, times: 1 },
  PageUp: { direction: 1, times: 10 },
  PageDown: { direction: -1, times: 10 },
};

interface WithMessageProps {
  readonly field: ReactNode;
  readonly message: ReactNode;
  readonly grow: boolean;
}

/** The message stands below the whole row where there is one, else below the field. */
function WithMessage({ field, message, grow }: WithMessageProps) {
  const slot = useMessageSlot();
  if (slot === null) {
    return (
      <div className={classes('numberfield', grow && 'grow')}>
        {field}
        {message}
      </div>
    );
  }
  return (
    <>
      {field}
      {createPortal(message, slot)}
    </>
  );
}
