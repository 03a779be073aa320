/** For a window that is driven: a hover would come between the mouse and what is below it. */
export const STEADY_SETTINGS = { 'workbench.hover.delay': 600_000 } as const;
