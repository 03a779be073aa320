import type { SystemSample } from '../systemSample.ts';

/** Something that a person asked to be told. */
export interface Notice {
  readonly kind: 'processEnded' | 'gpusFree' | 'idleHeld' | 'throttling' | 'memory';
  /** One or two sentences. */
  readonly message: string;
  /** UUIDs of the GPUs that it is about. */
  readonly gpus?: readonly string[];
}

/** Looks at every sample and tells each thing once for as long as it lasts. */
export interface NoticeRule {
  observe(sample: SystemSample): readonly Notice[];
}
