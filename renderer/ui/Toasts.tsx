import {
  createContext,
  use,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
  type FocusEvent,
  type ReactNode,
} from 'react';
import { Button, IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from './icons.ts';
import { createToasts, type ShownToast, type Toasts } from './toastList.ts';
import './Toasts.css';

export { createToasts, type Toast, type ToastAction, type Toasts } from './toastList.ts';

const STAYS_MS = 6000;
const ICONS = { done: CircleCheck, info: Info, warning: TriangleAlert, error: CircleAlert };

const ToastContext = createContext<Toasts | null>(null);

export interface ToastProviderProps {
  /** A list that stores write to as well; without it the provider makes its own. */
  readonly toasts?: Toasts | undefined;
  readonly children: ReactNode;
}

/** Shows and speaks the messages of its list. */
export function ToastProvider({ toasts, children }: ToastProviderProps) {
  const [own] = useState(createToasts);
  const list = toasts ?? own;
  return (
    <ToastContext value={list}>
      {children}
      <ToastStack toasts={list} />
    </ToastContext>
  );
}

/** The messages of the window. */
export function useToasts(): Toasts {
  const toasts = use(ToastContext);
  if (toasts === null) throw new Error('useToasts needs a ToastProvider above it.');
  return toasts;
}

function ToastStack({ toasts }: { readonly toasts: Toasts }) {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.list);
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  const left = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setFocused(false);
  };
  // A stack that empties under the pointer or with the focus inside never tells that they left.
  const held = shown.length > 0 && (hovered || focused);
  return (
    <>
      <Spoken shown={shown} />
      {shown.length > 0 && (
        <section
          className="toasts"
          aria-label="Messages"
          onPointerEnter={() => {
            setHovered(true);
          }}
          onPointerLeave={() => {
            setHovered(false);
          }}
          onFocus={() => {
            setFocused(true);
          }}
          onBlur={left}
        >
          {shown.map((toast) => (
            <ToastCard
              key={toast.id}
              toast={toast}
              held={held}
              onGone={() => {
                if (toasts.list().length <= 1) {
                  setHovered(false);
                  setFocused(false);
                }
                toasts.dismiss(toast.id);
              }}
            />
          ))}
        </section>
      )}
    </>
  );
}

/** The words for screen readers: errors at once, the rest when there is a pause. */
function Spoken({ shown }: { readonly shown: readonly ShownToast[] }) {
  const error = shown.findLast(({ kind }) => kind === 'error');
  const other = shown.findLast(({ kind }) => kind !== 'error');
  return (
    <>
      <div className="sr" role="alert" aria-live="assertive">
        {error && <p key={error.id}>{words(error)}</p>}
      </div>
      <div className="sr" role="status" aria-live="polite">
        {other && <p key={other.id}>{words(other)}</p>}
      </div>
    </>
  );
}

function words({ title, message }: ShownToast): string {
  return message === undefined ? title : `${title}. ${message}`;
}

interface ToastCardProps {
  readonly toast: ShownToast;
  /** The reader is at it: no toast goes. */
  readonly held: boolean;
  readonly onGone: () => void;
}

/** Calls `onGone` after the time a message stays. */
function useLeave(running: boolean, onGone: () => void): void {
  const leave = useEffectEvent(onGone);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setTimeout(() => {
      leave();
    }, STAYS_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [running]);
}

function ToastCard({ toast, held, onGone }: ToastCardProps) {
  useLeave(toast.kind !== 'error' && !held, onGone);
  return (
    <div className="toast">
      <Icon of={ICONS[toast.kind]} className={`is-${toast.kind}`} />
      <div>
        <b className="strong">{toast.title}</b>
        {toast.message !== undefined && <div className="muted num">{toast.message}</div>}
        {toast.actions !== undefined && toast.actions.length > 0 && (
          <div className="actions">
            {toast.actions.map(({ label, run }) => (
              <Button
                key={label}
                size="sm"
                onClick={() => {
                  run();
                  onGone();
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        )}
      </div>
      <IconButton small label="Dismiss" icon={X} onClick={onGone} />
    </div>
  );
}
