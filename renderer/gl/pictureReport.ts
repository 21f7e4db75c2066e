import type { LoadingState, ViewProblem } from './imageSource.ts';

/** Tells what is still to come and what is wrong, each only when it is another than before. */
export class PictureReport {
  readonly #onLoading: (state: LoadingState) => void;
  readonly #onProblem: (problem: ViewProblem | null) => void;
  #loading: LoadingState = { pending: 0, failed: 0 };
  #problem: ViewProblem | null = null;

  constructor(onLoading: (state: LoadingState) => void, onProblem: (problem: ViewProblem | null) => void) {
    this.#onLoading = onLoading;
    this.#onProblem = onProblem;
  }

  tell(loading: LoadingState, problem: ViewProblem | null): void {
    if (loading.pending !== this.#loading.pending || loading.failed !== this.#loading.failed) {
      this.#loading = loading;
      this.#onLoading(loading);
    }
    if (problem?.message !== this.#problem?.message || problem?.remedy !== this.#problem?.remedy) {
      this.#problem = problem;
      this.#onProblem(problem);
    }
  }
}
