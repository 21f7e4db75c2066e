import type { JobSnapshot } from '../../engine/contract/jobs.ts';
import { printable } from './wrap.ts';

/** Where progress goes: standard error. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write: (text: string) => unknown;
}

/** Shortest time between two drawings of the bar, and before a line is printed where there is no terminal. */
const redrawMs = 100;
const lineMs = 2000;

/** Progress of a job: a bar on a terminal, a line every two seconds elsewhere. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  #last: number;
  #drawn = false;

  constructor(stream: ProgressStream, now: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#now = now;
    this.#last = now();
  }

  show(job: Pick<JobSnapshot, 'stage' | 'done' | 'total'>): void {
    const now = this.#now();
    const terminal = this.#stream.isTTY === true;
    if (now - this.#last < (terminal ? redrawMs : lineMs)) return;
    this.#last = now;
    this.#stream.write(terminal ? `\r\x1b[2K${bar(job, this.#stream.columns || 80)}` : `${words(job)}\n`);
    this.#drawn = terminal;
  }

  /** Prints a line of its own. */
  say(line: string): void {
    this.clear();
    this.#stream.write(printable(`${line}\n`));
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#drawn) this.#stream.write('\r\x1b[2K');
    this.#drawn = false;
  }
}

const share = ({ done, total }: Pick<JobSnapshot, 'done' | 'total'>): number | null =>
  total > 0 ? Math.min(1, done / total) : null;

function words(job: Pick<JobSnapshot, 'stage' | 'done' | 'total'>): string {
  const part = share(job);
  return part === null ? job.stage : `${job.stage}: ${Math.floor(part * 100)} %`;
}

function bar(job: Pick<JobSnapshot, 'stage' | 'done' | 'total'>, columns: number): string {
  const part = share(job);
  const text = words(job).slice(0, columns - 1);
  const room = Math.min(40, columns - text.length - 4);
  if (part === null || room < 8) return text;
  const filled = Math.round(part * room);
  return `[${'='.repeat(filled)}${' '.repeat(room - filled)}] ${text}`;
}
