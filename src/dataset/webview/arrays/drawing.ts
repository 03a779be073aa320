import type { ArrayFacts } from './protocol.ts';
import type { Aiming } from './views.ts';

export interface Target {
  readonly path: string;
  readonly reading?: string;
  readonly facts: ArrayFacts;
  readonly aim: Aiming;
}

/** One way to draw an array. */
export interface Drawing {
  readonly element: HTMLElement;
  show(target: Target): void;
  destroy(): void;
}
