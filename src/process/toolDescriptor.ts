import type { Packages } from './distribution.ts';
import type { ToolId } from './toolPlan.ts';

/** What a program said of itself, read. */
export interface Identity {
  readonly version: string;
  /** The part of what it said that tells one build from another. */
  readonly banner: string;
  /** Lower case. */
  readonly features: ReadonlySet<string>;
}

export interface ExecutableName {
  readonly name: string;
  /**
   * Another program may have the name, or a script of somebody's that stands before the real one: a script is taken only where
   * nothing else answers to the name.
   */
  readonly ambiguous?: true;
}

/** Everything that is known of a tool before it is looked for. */
export interface ToolDescriptor {
  readonly id: ToolId;
  /** As a person knows it. */
  readonly title: string;
  /** `media`: everybody who converts wants it. `accelerator`: comes with a device's driver, so that its absence is no lack. */
  readonly purpose: 'media' | 'accelerator';
  /** In order of preference; none where it is bundled. */
  readonly executables: readonly ExecutableName[];
  /** Another tool whose folder is looked in first: the two are built together. */
  readonly beside?: ToolId;
  /** Absolute folders of its own, looked in after all others. */
  readonly folders?: readonly string[];
  /** What it tells its name by. For an accelerator's tool something that it answers before it turns to a device, which it may wake. */
  readonly bannerArgs: readonly string[];
  /** undefined where what it said is not what this tool says. */
  identify(said: string): Identity | undefined;
  /** Features that presets ask for, in the order to show them. */
  readonly wanted: readonly string[];
  readonly packages?: Packages;
}
