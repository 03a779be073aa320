import { manifests } from '../manifest/recogniseManifest.ts';
import { recipes } from './recipe/recogniseRecipe.ts';
import { rsyncFilters } from './rsyncFilter/recogniseFilter.ts';
import type { Recogniser } from '../recogniser.ts';

/** Which documents the server is told of; the first that recognises one has it. One family is one line here and one in `index.ts`. */
export const RECOGNISERS: readonly Recogniser[] = [recipes, rsyncFilters, manifests];
