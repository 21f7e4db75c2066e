export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Toast {
  readonly kind: 'done' | 'info' | 'warning' | 'error';
  readonly title: string;
  readonly message?: string | undefined;
  readonly actions?: readonly ToastAction[] | undefined;
}

export interface ShownToast extends Toast {
  readonly id: number;
}

/** Messages of the window; usable without React. */
export interface Toasts {
  readonly show: (toast: Toast) => void;
  readonly dismiss: (id: number) => void;
  readonly list: () => readonly ShownToast[];
  readonly subscribe: (listener: () => void) => () => void;
}

const MOST = 4;

/** A list of messages. With more than four the oldest goes that is no error; then the oldest. */
export function createToasts(): Toasts {
  let shown: readonly ShownToast[] = [];
  let last = 0;
  const listeners = new Set<() => void>();
  const set = (next: readonly ShownToast[]) => {
    shown = next;
    for (const listener of listeners) listener();
  };
  const dismiss = (id: number) => {
    set(shown.filter((toast) => toast.id !== id));
  };
  return {
    show: (toast) => {
      const next = [...shown, { ...toast, id: ++last }];
      const gone =
        next.length > MOST ? (next.slice(0, -1).find(({ kind }) => kind !== 'error') ?? next[0]) : undefined;
      set(next.filter((kept) => kept !== gone));
    },
    dismiss,
    list: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
