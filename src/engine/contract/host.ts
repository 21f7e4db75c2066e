import type { WireError } from '../base/errors.ts';
import type { BackendCheck, TensorFlowFacts } from './tensorflow.ts';

/** What the host tells of itself. */
export interface HostFacts {
  kind: 'electron' | 'serve' | 'cli' | 'test';
  version: string;
  /** What this host can do ("open-dialog", "uploads", ...). */
  capabilities: readonly string[];
}

/** What the engine's own inner loops run on, and why. */
export interface KernelFacts {
  name: string;
  why: string;
}

/** Which compute backends this machine runs, and why. */
export interface Backends {
  kernels: KernelFacts;
  tensorflow: TensorFlowFacts;
  /** Where they were asked for: all backends of TensorFlow, compared. */
  checks?: BackendCheck[] | undefined;
}

/** An error as the API answers it: RFC 9457, with our code and place beside the standard members. */
export interface Problem extends WireError {
  type: string;
  title: string;
  status: number;
  detail: string;
}
