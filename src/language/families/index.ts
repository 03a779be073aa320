import type { DocumentFamily } from '../family.ts';

/** Every family that the server understands, loaded when the first of its documents opens. Recognised in the order of `recognisers.ts`. */
export const FAMILIES: Readonly<Record<string, () => Promise<DocumentFamily>>> = {
  manifest: async () => (await import('../manifest/session.ts')).createManifestFamily(),
  recipe: async () => (await import('./recipe/session.ts')).createRecipeFamily(),
  rsyncFilter: async () => (await import('./rsyncFilter/session.ts')).createFilterFamily(),
};
