import type { RowPage } from '../../webview/pagedRows.ts';

/**
 * What the page of a sync's plan and its host say to each other. Each interface is what one side offers: a method is a request,
 * answered with a value or an error; what answers nothing is an event. Events carry whole snapshots.
 */

export const PLAN_ACTIONS = ['create', 'update', 'delete', 'conflict', 'skip'] as const;
export type PlanAction = (typeof PLAN_ACTIONS)[number];

export type Tick = 'on' | 'off' | 'mixed' | 'none';

/** A line of the tree: a name with what happens to it, or a folder with the sums of what is below. */
export interface PlanRow {
  readonly id: number;
  /** From 0, the root. */
  readonly depth: number;
  readonly name: string;
  /** Undefined where nothing is below. */
  readonly open?: boolean;
  readonly folder: boolean;
  /** `none`: nothing here can be ticked. */
  readonly tick: Tick;
  /** Of a folder: where all below has the same. */
  readonly action?: PlanAction;
  /** Files below, or 1, that are ticked, and all of them. */
  readonly ticked: number;
  readonly files: number;
  /** Bytes to be sent; of deletions the bytes freed, negative. */
  readonly bytes: number;
  readonly note: string;
  /** A guard holds it back. */
  readonly held: boolean;
  /** Of a conflict: which side is kept. */
  readonly keeps?: 'undecided' | 'source' | 'sink';
  /** Both sides have a file that can be compared. */
  readonly comparable: boolean;
}

export interface Sums {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly conflict: number;
  readonly skip: number;
  readonly ticked: {
    /** Of create and update, of conflicts that are to be overwritten, and of deletions. */
    readonly changes: number;
    readonly conflicts: number;
    readonly deletions: number;
    /** Of what is to be sent: what is no folder, and its bytes. */
    readonly files: number;
    readonly bytes: number;
  };
}

export interface GuardNote {
  readonly code: string;
  readonly severity: 'refused' | 'held' | 'note';
  readonly message: string;
  /** What a person types to let it pass; a click is enough where left out. */
  readonly word?: string;
  readonly released: boolean;
}

export interface PlanMeta {
  /** `rsync 3.2.7`. */
  readonly tool: string;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  /** Names that were compared. */
  readonly compared: number;
}

export type BoxPhase = 'planning' | 'planned' | 'problem' | 'running' | 'waiting' | 'done' | 'partial' | 'cancelled';

/** How far a box is. */
export interface BoxLine {
  readonly box: string;
  readonly phase: BoxPhase;
  /** What it does or did, or what is wrong, as a person reads it. */
  readonly words: string;
  /** 0 to 1, while it runs. */
  readonly fraction?: number;
  /** At the end of its line: rate and time left. */
  readonly pace?: string;
  /** What can be done about a problem. */
  readonly remedy?: 'signIn' | 'retry' | 'copyInstall';
  readonly canUndo: boolean;
}

export interface PlanFacts {
  /** Names the tab's plan over reloads. */
  readonly session: string;
  readonly name: string;
  readonly direction: 'push' | 'pull';
  readonly local: string;
  readonly remote: string;
  readonly boxes: readonly BoxLine[];
  /** Whose plan is shown. */
  readonly shown: string;
  /** Undefined while it is being made, and where it could not be. */
  readonly plan?: {
    readonly meta: PlanMeta;
    readonly guards: readonly GuardNote[];
    readonly sums: Sums;
    /** Counts up with each change of rows. */
    readonly version: number;
  };
  /** Some box has something ticked and nothing in its way. */
  readonly canRun: boolean;
  readonly canCancel: boolean;
}

export interface PlanRowsRequest {
  readonly offset: number;
  readonly count: number;
  /** Any, where left out. */
  readonly actions?: readonly PlanAction[];
  /** Part of a path, case ignored. */
  readonly text?: string;
}

export const PLAN_COMMANDS = ['run', 'cancel', 'replan', 'undo', 'signIn', 'retry', 'copyInstall', 'showCommand'] as const;
export type PlanCommand = (typeof PLAN_COMMANDS)[number];

export interface PlanHost {
  /** A folder that is ticked next ticks what of it matched here. */
  rows(params: PlanRowsRequest): RowPage<PlanRow>;
  setOpen(params: { readonly id: number; readonly open: boolean }): void;
  tick(params: { readonly id: number; readonly on: boolean }): void;
  keep(params: { readonly id: number; readonly side: 'source' | 'sink' }): void;
  release(params: { readonly code: string; readonly word: string }): void;
  choose(params: { readonly box: string }): void;
  compare(params: { readonly id: number }): void;
  /** @param box all of them where left out */
  act(params: { readonly command: PlanCommand; readonly box?: string }): void;
}

export interface PlanPage {
  /** Undefined: there is no such plan any more. */
  show(plan: PlanFacts | undefined): void;
  /** What went wrong outside of any request. */
  problem(message: string): void;
}
