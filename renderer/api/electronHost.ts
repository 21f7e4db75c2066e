import type { BridgeAnswer, HostBridge, RecentFile, TargetAnswer } from '../../src/engine/contract/index.ts';
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

  readonly grantRead = async ({ id }: HostFile): Promise<string> =>
    valueOf(await this.#bridge.grantRead(id)).grantId;

  readonly start: Host['start'] = async () => valueOf(await this.#bridge.start());

  readonly recentFiles = async (): Promise<RecentFile[]> => valueOf(await this.#bridge.recentFiles());

  readonly fileOf = (fileId: string, name: string): HostFile => ({ id: fileId, name });

  readonly remember = async ({ id }: HostFile): Promise<void> => {
    valueOf(await this.#bridge.remember(id));
  };

  // The system's own dialog asks before it replaces.
  readonly lookAtTarget = (): Promise<null> => Promise.resolve(null);

  readonly pickTarget = async (name: string): Promise<TargetAnswer | null> =>
    valueOf(await this.#bridge.pickTarget(name));

  readonly outputLabel = 'Show in folder';

  readonly fetchOutput = async (jobId: string, file: string | null): Promise<void> => {
    valueOf(await this.#bridge.showOutput(jobId, file));
  };
}

/** Errors cross the bridge as data. Throws `ApiError`. */
function valueOf<Value>(answer: BridgeAnswer<Value>): Value {
  if (answer.ok) return answer.value;
  throw new ApiError(troubleOfWire(answer.error));
}
