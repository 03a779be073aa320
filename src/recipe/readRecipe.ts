import { nearest } from '../base/nearest.ts';
import { FilterError } from '../media/filter/filterError.ts';
import { parseFilter } from '../media/filter/parseFilter.ts';
import { checkShape } from './checkShape.ts';
import { compileStep, toolOf } from './compileStep.ts';
import { parseGraph } from './graph/parseGraph.ts';
import { alwaysCollides, templateFaults } from './nameTemplate.ts';
import { entryOf, keySpanAt, plainOf, spanAt, valueAt, type NodePath, type RecipeNode, type ScalarNode } from './node.ts';
import { parseYaml } from './parseYaml.ts';
import { problemAt, spellingFix, type RecipeCode, type RecipeProblem, type Span } from './problem.ts';
import type { OptionValues } from './option.ts';
import type { Recipe, RecipeInput, RecipeManifest, RecipeStep, RecipeVerify, Vocabulary } from './recipe.ts';
import { optionsShapeOf, recipeShape } from './recipeShape.ts';
import { scalarPlaces } from './scalarPlaces.ts';
import { LONGEST_ARGUMENT, stepFault } from './stepFault.ts';

/** Characters of a name template. */
const LONGEST_TEMPLATE = 1000;
/** More make nobody wiser. */
const MOST_PROBLEMS = 1000;

export interface ReadRecipe {
  /** Undefined where something is wrong that keeps it from being run. */
  readonly recipe?: Recipe;
  readonly root: RecipeNode | undefined;
  /** In the order of the text. */
  readonly problems: readonly RecipeProblem[];
}

/** Reads a recipe, and says all that is wrong with it as far as its text alone can tell. For any text; throws nothing. */
export function readRecipe(text: string, vocabulary: Vocabulary): ReadRecipe {
  const { root, problems } = parseYaml(text);
  if (root === undefined) {
    const empty = problems.length > 0 ? [] : [problemAt({ from: 0, to: 0 }, 'recipe/missing-key', 'The recipe is empty: it needs version, inputs, steps and outputs.')];
    return { root, problems: [...problems, ...empty] };
  }
  const all = [...problems, ...checkShape(root, recipeShape(vocabulary)), ...new Rules(text, root, vocabulary).check()];
  const sorted = withoutDoubles(all.sort((a, b) => a.from - b.from || a.to - b.to)).slice(0, MOST_PROBLEMS);
  return sorted.length === 0 ? { root, problems: sorted, recipe: recipeOf(root) } : { root, problems: sorted };
}

/** The same value may be held to two shapes, of which both say that it is none. */
function withoutDoubles(problems: readonly RecipeProblem[]): readonly RecipeProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ from, to, code }) => {
    const key = `${from} ${to} ${code}`;
    const isDouble = (code === 'recipe/type' || code === 'recipe/value') && seen.has(key);
    seen.add(key);
    return !isDouble;
  });
}

class Rules {
  private readonly problems: RecipeProblem[] = [];

  constructor(
    private readonly text: string,
    private readonly root: RecipeNode,
    private readonly vocabulary: Vocabulary,
  ) {}

  check(): readonly RecipeProblem[] {
    this.items('inputs').forEach((_, index) => this.input(['inputs', index]));
    this.items('steps').forEach((step, index) => this.step(step, ['steps', index]));
    this.template();
    this.bounds('duration');
    this.bounds('width');
    this.bounds('height');
    return this.problems;
  }

  private input(path: NodePath): void {
    const filter = valueAt(this.root, [...path, 'filter']);
    if (filter?.kind === 'scalar' && typeof filter.value === 'string') {
      try {
        parseFilter(filter.text);
      } catch (error) {
        if (!(error instanceof FilterError)) {
          throw error;
        }
        this.inScalar(filter, error, 'recipe/filter', `${error.message}.`);
      }
    }
  }

  private step(step: RecipeNode, path: NodePath): void {
    const preset = entryOf(step, 'preset')?.value;
    if (preset?.kind === 'scalar') {
      this.preset(preset, step);
    } else if (toolOf(step) !== undefined) {
      const options = entryOf(step, 'options');
      if (options !== undefined) {
        this.tell(options.keySpan, 'recipe/unknown-key', '“options” belong to a preset; those of a tool stand under the tool.');
      }
      this.tool(step, path);
    }
  }

  private preset(preset: ScalarNode, step: RecipeNode): void {
    const id = preset.text;
    const shape = optionsShapeOf(id, this.vocabulary);
    const options = entryOf(step, 'options')?.value;
    if (shape !== undefined) {
      this.problems.push(...(options === undefined ? [] : checkShape(options, shape)));
    } else if (!/^custom\.[^\s]+$/.test(id)) {
      const meant = nearest(id, this.vocabulary.presets.map((known) => known.id));
      const hint = meant === undefined ? 'trainyard presets lists them all.' : `Did you mean “${meant}”?`;
      this.problems.push(problemAt(preset, 'recipe/unknown-preset', `There is no preset “${id}”. ${hint}`, spellingFix(preset, meant)));
    }
  }

  private tool(step: RecipeNode, path: NodePath): void {
    const compiled = compileStep(step);
    if (!('args' in compiled)) {
      compiled.forEach((fault) => this.tell(spanAt(this.root, [...path, ...fault.path]), 'recipe/argument', `${fault.message}.`));
      return;
    }
    for (const stream of ['video', 'audio']) {
      const graph = valueAt(this.root, [...path, 'ffmpeg', stream, 'filters']);
      if (graph?.kind === 'scalar' && graph.value !== null && graph.text.length <= LONGEST_ARGUMENT) {
        parseGraph(graph.text).faults.forEach((fault) => this.inScalar(graph, fault, 'recipe/graph', `${fault.message}.`));
      }
    }
    const fault = stepFault(compiled);
    if (fault !== undefined) {
      const at = [...path, ...(fault.origin?.path ?? [])];
      this.tell(fault.origin?.isKey === true ? keySpanAt(this.root, at) : spanAt(this.root, at), 'recipe/argument', fault.message);
    }
  }

  private template(): void {
    const name = valueAt(this.root, ['outputs', 'name']);
    if (name?.kind !== 'scalar' || typeof name.value !== 'string') {
      return;
    }
    if (name.text.length > LONGEST_TEMPLATE) {
      this.tell(name, 'recipe/name', `A template has at most ${LONGEST_TEMPLATE} characters.`);
      return;
    }
    const faults = templateFaults(name.text);
    for (const { from, to, message, meant } of faults) {
      const span = scalarPlaces(name, this.text).span(from, to);
      this.problems.push(problemAt(span, 'recipe/name', `${message}.`, spellingFix(span, meant)));
    }
    if (faults.length === 0 && alwaysCollides(name.text)) {
      this.tell(name, 'recipe/collision', 'All outputs of a folder would have this one name: put {name} or a {row.COLUMN} into it.');
    }
  }

  private bounds(field: string): void {
    const [min, max] = ['min', 'max'].map((end) => valueAt(this.root, ['verify', field, end]));
    if (min?.kind === 'scalar' && max?.kind === 'scalar' && typeof min.value === 'number' && typeof max.value === 'number' && min.value > max.value) {
      this.tell(min, 'recipe/value', `The least (${min.value}) is more than the most (${max.value}).`);
    }
  }

  private items(field: string): readonly RecipeNode[] {
    const node = entryOf(this.root, field)?.value;
    return node?.kind === 'list' ? node.items : [];
  }

  private inScalar(node: ScalarNode, { from, to }: Span, code: RecipeCode, message: string): void {
    this.tell(scalarPlaces(node, this.text).span(from, to), code, message);
  }

  private tell(span: Span, code: RecipeCode, message: string): void {
    this.problems.push(problemAt(span, code, message));
  }
}

/** A root in which nothing is wrong. */
function recipeOf(root: RecipeNode): Recipe {
  const plain = plainOf(root) as unknown as {
    readonly inputs: readonly (string | RecipeInput)[];
    readonly outputs: { readonly folder: string; readonly name?: string; readonly manifest?: Omit<RecipeManifest, 'key'> & { readonly key?: string } };
    readonly verify?: RecipeVerify;
    readonly concurrency?: number;
  };
  const { folder, name, manifest } = plain.outputs;
  const steps = entryOf(root, 'steps')?.value;
  return {
    inputs: plain.inputs.map((input) => (typeof input === 'string' ? { files: input } : input)),
    steps: steps?.kind === 'list' ? steps.items.map(stepOf) : [],
    outputs: { folder, ...(name !== undefined && { name }), ...(manifest && { manifest: { ...manifest, key: manifest.key ?? 'path' } }) },
    verify: plain.verify ?? {},
    ...(plain.concurrency !== undefined && { concurrency: plain.concurrency }),
  };
}

function stepOf(step: RecipeNode): RecipeStep {
  const preset = entryOf(step, 'preset')?.value;
  if (preset?.kind === 'scalar') {
    const options = entryOf(step, 'options')?.value;
    return { preset: preset.text, options: options === undefined ? {} : (plainOf(options) as OptionValues) };
  }
  const compiled = compileStep(step);
  if (!('args' in compiled)) {
    throw new Error('A step with a fault was taken for one without');
  }
  const { tool, args, kinds, extension } = compiled;
  return { tool, args, kinds, extension };
}
