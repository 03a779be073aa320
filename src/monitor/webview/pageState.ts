import { DEFAULT_SORTING, PROCESS_COLUMNS } from './processOrder.ts';
import type { Sorting } from './processOrder.ts';
import { PROCESS_SCOPES } from './protocol.ts';
import type { ProcessScope } from './protocol.ts';

/** What of the dashboard is found again when it is shown anew. */
export interface PageState {
  readonly span: number;
  readonly sorting: Sorting;
  readonly mineOnly: boolean;
  readonly scope: ProcessScope;
  /** The key of the machine that was shown. */
  readonly machine: string;
}

const DEFAULT_SPAN = 15 * 60_000;
const DAY = 24 * 60 * 60_000;

/** A state that was saved, perhaps by another version; what is not understood is as if it were new. */
export function parsePageState(saved: unknown): PageState {
  const { span, sorting, mineOnly, scope, machine } = (typeof saved === 'object' && saved !== null ? saved : {}) as Record<string, unknown>;
  const { column, descending } = (typeof sorting === 'object' && sorting !== null ? sorting : {}) as Record<string, unknown>;
  const known = PROCESS_COLUMNS.find((name) => name === column);
  return {
    span: typeof span === 'number' && span >= 60_000 && span <= DAY ? span : DEFAULT_SPAN,
    sorting: known === undefined ? DEFAULT_SORTING : { column: known, descending: descending === true },
    mineOnly: mineOnly === true,
    scope: PROCESS_SCOPES.find((name) => name === scope) ?? 'gpu',
    machine: typeof machine === 'string' ? machine : '',
  };
}
