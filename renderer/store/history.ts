/** One step that can be undone: what it was called and the state before it. */
interface Step<State> {
  label: string;
  before: State;
}

/** Most steps that are kept. */
const mostSteps = 100;

/**
 * Steps of a state that is never changed in place, so that keeping it is keeping a reference. Between `begin` and `end`
 * all changes are one step: a slider's whole drag.
 */
export class History<State> {
  readonly #get: () => State;
  readonly #set: (state: State) => void;
  readonly #changed: () => void;
  #past: Step<State>[] = [];
  #future: Step<State>[] = [];
  #group: Step<State> | null = null;

  /** @param changed called when what can be undone or redone is another. */
  constructor(get: () => State, set: (state: State) => void, changed: () => void) {
    this.#get = get;
    this.#set = set;
    this.#changed = changed;
  }

  /** What undo would take back; null: nothing. */
  get undoLabel(): string | null {
    return this.#past.at(-1)?.label ?? null;
  }

  get redoLabel(): string | null {
    return this.#future.at(-1)?.label ?? null;
  }

  /** Begins a group; one that is open is ended first. */
  begin(label: string): void {
    this.end();
    this.#group = { label, before: this.#get() };
  }

  end(): void {
    const group = this.#group;
    this.#group = null;
    if (group !== null && this.#get() !== group.before) this.#push(group);
  }

  /** A change: a step of its own, or part of the group that is open. */
  do(label: string, change: (state: State) => State): void {
    const before = this.#get();
    const after = change(before);
    if (after === before) return;
    this.#set(after);
    if (this.#group === null) this.#push({ label, before });
  }

  undo(): void {
    this.end();
    this.#swap(this.#past, this.#future);
  }

  redo(): void {
    this.end();
    this.#swap(this.#future, this.#past);
  }

  #push(step: Step<State>): void {
    this.#past = [...this.#past, step].slice(-mostSteps);
    this.#future = [];
    this.#changed();
  }

  #swap(from: Step<State>[], to: Step<State>[]): void {
    const step = from.pop();
    if (step === undefined) return;
    to.push({ label: step.label, before: this.#get() });
    this.#set(step.before);
    this.#changed();
  }
}
