/** What of the list of jobs is found again when it is shown anew. */
export interface JobsPageState {
  /** Ids of the jobs that are open. */
  readonly open: readonly string[];
}

/** A state that was saved, perhaps by another version; what is not understood is as if it were new. */
export function parseJobsState(saved: unknown): JobsPageState {
  const { open } = (typeof saved === 'object' && saved !== null ? saved : {}) as { open?: unknown };
  return { open: Array.isArray(open) ? open.filter((id) => typeof id === 'string') : [] };
}
