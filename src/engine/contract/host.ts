import type { WireError } from '../base/errors.ts';

/** What the host tells of itself. */
export interface HostFacts {
  kind: 'electron' | 'serve' | 'cli' | 'test';
  version: string;
  /** What this host can do ("open-dialog", "uploads", ...). */
  capabilities: readonly string[];
}

/** Which compute backends this machine runs, and why. */
export interface Backends {
  kernels: { name: string; why: string };
  tensorflow: { name: string | null; why: string };
}

/** An error as the API answers it: RFC 9457, with our code and place beside the standard members. */
export interface Problem extends WireError {
  type: string;
  title: string;
  status: number;
  detail: string;
}
