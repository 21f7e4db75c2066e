import type { BridgeAnswer, HostBridge, RecentFile, StartAnswer, TargetAnswer } from '../../src/engine/contract/index.ts';
import type { Host, HostFile } from './host.ts';
import { ApiError, troubleOfWire } from './problem.ts';

/** The host of the desktop app: every call goes over the preload's bridge. */
export class ElectronHost implements Host {
  readonly #bridge: HostBridge;

  constructor(bridge: HostBridge) {
    this.#bridge = bridge;
  }

  readonly pickFile = async (): Promise<HostFile | null> => valueOf(await this.#bridge.pickFile());

  readonly takeDropped: Host['takeDropped'] = async (files) => valueOf(await this.#bridge.dropped(files));

  readonly grantRead = async ({ id }: HostFile): Promise<string> => valueOf(await this.#bridge.grantRead(id)).grantId;

  readonly start = async (): Promise<StartAnswer> => valueOf(await this.#bridge.start());

  readonly recentFiles = async (): Promise<RecentFile[]> => valueOf(await this.#bridge.recentFiles());

  readonly remember = async ({ id }: HostFile): Promise<void> => {
    valueOf(await this.#bridge.remember(id));
  };

  // The system's dialog asks before it replaces, and shows what room there is.
  readonly lookAtTarget = (): Promise<null> => Promise.resolve(null);

  readonly pickTarget = async (name: string): Promise<TargetAnswer | null> =>
    valueOf(await this.#bridge.pickTarget(name));

  readonly fetchOutput = (jobId: string, file: string | null): void => {
    void this.#bridge.showOutput(jobId, file);
  };
}

/** Errors cross the bridge as data. Throws `ApiError`. */
function valueOf<Value>(answer: BridgeAnswer<Value>): Value {
  if (answer.ok) return answer.value;
  throw new ApiError(troubleOfWire(answer.error));
}
