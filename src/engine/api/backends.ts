import type { Backends } from '../contract/host.ts';

/** What runs the computations of this version. */
export function backends(): Backends {
  return {
    kernels: {
      name: 'typescript',
      why: 'This version has plain TypeScript kernels on worker threads; SIMD kernels are not built yet.',
    },
    tensorflow: {
      name: null,
      why: 'This version has no part that uses TensorFlow.',
    },
  };
}
