import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Timed } from './measure.ts';

/** What `peers/run.py` prints. */
export interface PeerRun {
  runs: number[];
  checksum: number;
  peak_rss: number;
  versions: Record<string, string>;
}

const script = join(import.meta.dirname, 'peers', 'run.py');

/** The system's Python comes first: that is where packages such as python3-gdal lie. */
const pythons = ['/usr/bin/python3', 'python3'];

/** A peer that hangs must not hold the whole run. */
const timeoutMs = 180_000;

interface Outcome {
  exitCode: number | string;
  stdout: string;
  stderr: string;
}

/** The other programs, where they are installed. */
export class Peers {
  /** Versions of all that has been run. */
  readonly versions: Record<string, string> = {};
  readonly #absent = new Map<string, string>();

  /** Runs a peer in a process of its own; a text says why there is no result. */
  async run(peer: string, args: readonly string[], repeat = 1): Promise<PeerRun | string> {
    const known = this.#absent.get(peer);
    if (known !== undefined) return known;
    let reason = 'absent: no python3';
    for (const python of pythons) {
      const outcome = await execute(python, [script, peer, ...args, '--repeat', String(repeat)]);
      if (outcome.exitCode === 0) {
        const result = JSON.parse(outcome.stdout) as PeerRun;
        Object.assign(this.versions, result.versions);
        return result;
      }
      if (outcome.exitCode === 'ENOENT') continue;
      if (outcome.exitCode !== 3) {
        const last = outcome.stderr.trim().split('\n').at(-1) ?? '';
        return `failed (${outcome.exitCode}): ${last.slice(0, 60)}`;
      }
      reason = `absent: ${(JSON.parse(outcome.stdout) as { missing: string }).missing}`;
    }
    this.#absent.set(peer, reason);
    return reason;
  }
}

function execute(command: string, args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : (error.code ?? error.signal ?? 'unknown');
      resolve({ exitCode, stdout, stderr });
    });
  });
}

/** Set to 0, no peer is timed: two builds of ours are compared with each other then. */
export const peersVariable = 'CUBELENS_BENCH_PEERS';

/** A peer that takes part in several rounds and remembers its last result. */
export class PeerInTurns {
  last: PeerRun | string = 'not run';
  readonly #peers: Peers;
  readonly #peer: string;
  readonly #args: readonly string[];
  readonly #repeat: number;

  constructor(peers: Peers, peer: string, args: readonly string[], repeat = 1) {
    this.#peers = peers;
    this.#peer = peer;
    this.#args = args;
    this.#repeat = repeat;
  }

  readonly work: Timed = async () => {
    if (process.env[peersVariable] === '0') {
      this.last = 'not asked for';
      return [];
    }
    this.last = await this.#peers.run(this.#peer, this.#args, this.#repeat);
    return typeof this.last === 'string' ? [] : this.last.runs;
  };

  get checksum(): number | undefined {
    return typeof this.last === 'string' ? undefined : this.last.checksum;
  }
}
