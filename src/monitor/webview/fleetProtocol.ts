import type { Measured } from '../../base/absent.ts';
import type { OwnerTone, RunRow } from './protocol.ts';

/** What the fleet and its host say to each other, as `protocol.ts` says it of the dashboard. */

/** One GPU of a box. */
export interface FleetTile {
  /** Its UUID. */
  readonly key: string;
  readonly label: string;
  readonly tone: OwnerTone;
  /** `you`, `mkim`, `free`, `was joon`, `2 of 4 slices`. */
  readonly who: string;
  readonly busy: Measured<number>;
  /** Held, and at rest for long. */
  readonly idle: boolean;
  /** It does not answer, and needs a person. */
  readonly lost: boolean;
  readonly hover: string;
}

export type FleetTone = 'ok' | 'warn' | 'bad' | 'off';

export interface FleetBox {
  /** Its name for ssh; empty: the machine of this window. */
  readonly key: string;
  readonly title: string;
  /** `8 × H100 80GB`. */
  readonly cards: string;
  readonly tone: FleetTone;
  /** What is worth a look: `GPU 3 at 87 °C`, `Signed out`; empty where all is well. */
  readonly note: string;
  readonly noteIcon: 'heat' | 'error' | 'stale' | 'none';
  /** Its values are of now. */
  readonly isRead: boolean;
  /** When it was seen last; null: never. */
  readonly seen: number | null;
  readonly tiles: readonly FleetTile[];
  /** Percent. */
  readonly cpu: Measured<number>;
  readonly memory: Measured<number>;
  /** GPUs; null where that is not known. */
  readonly free: number | null;
  /** In place of values, where there never were any or they can only be wrong. */
  readonly message: string | null;
  readonly said: string | null;
  readonly way: 'signIn' | 'retryBox' | null;
}

export interface FleetHolder {
  readonly name: string;
  readonly tone: 'mine' | 'others';
  /** `hgx-01`, `2 boxes`. */
  readonly where: string;
  readonly gpus: number;
  /** Of them, held and at rest for long. */
  readonly idle: number;
}

/** Free GPUs of one model in one box, or free slices of one GPU. */
export interface FreeBlock {
  readonly key: string;
  readonly title: string;
  readonly count: number;
  readonly model: string;
  /** `4–7`, `on GPU 6`. */
  readonly numbers: string;
  /** Parts of a GPU, not whole ones. */
  readonly isSlice: boolean;
}

export interface FleetRun {
  /** Of its box. */
  readonly key: string;
  readonly title: string;
  readonly where: string;
  readonly verdict: RunRow['verdict'] | 'stale';
}

export interface Fleet {
  /** When it was sent, by the host's clock. */
  readonly now: number;
  readonly boxes: readonly FleetBox[];
  readonly holders: readonly FleetHolder[];
  /** Boxes that are left out of who holds what and of what is free, each with why. */
  readonly uncounted: readonly string[];
  readonly free: readonly FreeBlock[];
  readonly runs: readonly FleetRun[];
  readonly known: number;
  readonly freeCount: number;
  readonly mine: number;
}

export const FLEET_ACTIONS = ['open', 'signIn', 'retryBox', 'retryAll', 'addBox'] as const;
export type FleetAction = (typeof FLEET_ACTIONS)[number];

export interface FleetHost {
  /** Something done with a box, by its key. */
  act(params: { readonly action: FleetAction; readonly key?: string }): void;
}

export interface FleetPage {
  fleet(fleet: Fleet): void;
  /** What went wrong with something that was asked for. */
  problem(message: string): void;
}
