/** What of a page with a plan's list is found again when it is shown anew. */
export interface PlanListState<A> {
  /** What is planned: after a reload of the window the host knows by it which plan the tab showed. */
  readonly id: string;
  /** The actions that are shown; all where empty. */
  readonly actions: readonly A[];
  readonly text: string;
  readonly place: { readonly offset: number; readonly active: number };
}

/** A state that was saved, perhaps by another version; what is not understood is as if it were new. `all`: the actions that there are. */
export function parsePlanList<A extends string>(saved: unknown, all: readonly A[]): PlanListState<A> {
  const { id, actions, text, place } = (typeof saved === 'object' && saved !== null ? saved : {}) as { [K in keyof PlanListState<A>]?: unknown };
  const { offset, active } = (typeof place === 'object' && place !== null ? place : {}) as { offset?: unknown; active?: unknown };
  return {
    id: typeof id === 'string' ? id : '',
    actions: Array.isArray(actions) ? all.filter((action) => actions.includes(action)) : [],
    text: typeof text === 'string' ? text : '',
    place: { offset: whole(offset), active: whole(active) },
  };
}

function whole(value: unknown): number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? Math.floor(value) : 0;
}

/** An action clicked: alone at first, then more beside it; all of them is the same as none. */
export function toggled<A extends string>(actions: readonly A[], action: A, all: readonly A[]): readonly A[] {
  const next = actions.includes(action) ? actions.filter((other) => other !== action) : all.filter((other) => other === action || actions.includes(other));
  return next.length === all.length ? [] : next;
}
