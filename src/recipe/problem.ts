import type { RuleHeading, Severity } from '../media/problem.ts';

/** UTF-16 offsets of a recipe's text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** All that can be wrong with a recipe, by its stable code. */
export const RECIPE_RULES = {
  'recipe/yaml': { severity: 'error', title: 'The text is not YAML' },
  'recipe/too-large': { severity: 'error', title: 'The recipe is larger or deeper than recipes are' },
  'recipe/alias': { severity: 'error', title: 'Anchors, aliases, tags and merge keys have no place in a recipe' },
  'recipe/duplicate-key': { severity: 'error', title: 'A key stands there twice' },
  'recipe/unknown-key': { severity: 'error', title: 'A key that recipes do not have' },
  'recipe/missing-key': { severity: 'error', title: 'A key is missing' },
  'recipe/type': { severity: 'error', title: 'A value of another type' },
  'recipe/value': { severity: 'error', title: 'A value that is not allowed' },
  'recipe/unknown-preset': { severity: 'error', title: 'There is no such preset' },
  'recipe/argument': { severity: 'error', title: 'An argument that Trainyard does not hand to a tool' },
  'recipe/graph': { severity: 'error', title: 'A filter graph that cannot be read' },
  'recipe/filter': { severity: 'error', title: 'A filter expression that is not understood' },
  'recipe/name': { severity: 'error', title: 'A name template that cannot be filled in' },
  'recipe/collision': { severity: 'error', title: 'Outputs that would have the same name' },
  'recipe/input-missing': { severity: 'warning', title: 'An input that leads to no file' },
  'recipe/output-is-input': { severity: 'warning', title: 'The outputs would lie among the inputs' },
  'recipe/tool-missing': { severity: 'warning', title: 'A tool that is not installed' },
  'recipe/tool-lacks': { severity: 'warning', title: 'The installed tool is built without what the recipe needs' },
  'recipe/unknown-filter': { severity: 'error', title: 'The installed ffmpeg has no such filter' },
  'recipe/unknown-encoder': { severity: 'error', title: 'The installed ffmpeg has no such encoder' },
  'recipe/unknown-option': { severity: 'error', title: 'The installed tool has no such option' },
  'recipe/option-value': { severity: 'error', title: 'A value that the installed tool does not take' },
  'recipe/unknown-effect': { severity: 'error', title: 'The installed sox has no such effect' },
  'recipe/dry-parse': { severity: 'error', title: 'The installed tool does not take the step' },
} as const satisfies Readonly<Record<string, RuleHeading>>;

export type RecipeCode = keyof typeof RECIPE_RULES;

/** A change of the text that would mend a problem. */
export interface RecipeFix {
  readonly title: string;
  readonly edits: readonly (Span & { readonly text: string })[];
}

/** Something wrong with a recipe, on the very characters. */
export interface RecipeProblem extends Span {
  readonly code: RecipeCode;
  readonly message: string;
  readonly fixes?: readonly RecipeFix[];
}

export function severityOf(code: RecipeCode): Severity {
  return RECIPE_RULES[code].severity;
}

export function problemAt({ from, to }: Span, code: RecipeCode, message: string, fixes?: readonly RecipeFix[]): RecipeProblem {
  return { from, to, code, message, ...(fixes !== undefined && fixes.length > 0 && { fixes }) };
}

/** `key` misspelt, and what was likely meant. */
export function spellingFix(span: Span, meant: string | undefined): readonly RecipeFix[] {
  return meant === undefined ? [] : [{ title: `Change to “${meant}”`, edits: [{ ...span, text: meant }] }];
}
