import { ROW_ACTIONS } from './protocol.ts';
import type { RowAction } from './protocol.ts';

/** What of a plan's page is found again when it is shown anew. */
export interface PlanPageState {
  /** The job: after a reload of the window the host knows by it which plan the tab showed. */
  readonly id: string;
  readonly actions: readonly RowAction[];
  readonly text: string;
  readonly place: { readonly offset: number; readonly active: number };
}

export const FRESH: PlanPageState = { id: '', actions: [], text: '', place: { offset: 0, active: 0 } };

/** A state that was saved, perhaps by another version; what is not understood is as if it were new. */
export function parsePlanState(saved: unknown): PlanPageState {
  if (typeof saved !== 'object' || saved === null) {
    return FRESH;
  }
  const { id, actions, text, place } = saved as { [K in keyof PlanPageState]?: unknown };
  const { offset, active } = (typeof place === 'object' && place !== null ? place : {}) as { offset?: unknown; active?: unknown };
  return {
    id: typeof id === 'string' ? id : '',
    actions: Array.isArray(actions) ? ROW_ACTIONS.filter((action) => actions.includes(action)) : [],
    text: typeof text === 'string' ? text : '',
    place: { offset: whole(offset), active: whole(active) },
  };
}

function whole(value: unknown): number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? Math.floor(value) : 0;
}

/** An action clicked: alone at first, then more beside it; all of them is the same as none. */
export function toggled(actions: readonly RowAction[], action: RowAction): readonly RowAction[] {
  const next = actions.includes(action) ? actions.filter((other) => other !== action) : ROW_ACTIONS.filter((other) => other === action || actions.includes(other));
  return next.length === ROW_ACTIONS.length ? [] : next;
}
