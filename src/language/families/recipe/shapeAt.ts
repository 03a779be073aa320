import { shapeFor } from '../../../recipe/checkShape.ts';
import { entryOf, valueAt, type NodePath, type RecipeNode } from '../../../recipe/node.ts';
import type { Vocabulary } from '../../../recipe/recipe.ts';
import { optionsShapeOf, recipeShape } from '../../../recipe/recipeShape.ts';
import type { Field, MapShape, Shape } from '../../../recipe/shape.ts';

/** What may stand at a place of a recipe: the shapes that its value could have, by what stands above it. */
export function shapesAt(root: RecipeNode | undefined, path: NodePath, vocabulary: Vocabulary): readonly Shape[] {
  let shapes: readonly Shape[] = [recipeShape(vocabulary)];
  for (const [depth, step] of path.entries()) {
    const node = valueAt(root, path.slice(0, depth));
    shapes = isPresetOptions(path.slice(0, depth + 1)) ? presetOptions(root, path.slice(0, depth), vocabulary, shapes, step, node) : inner(shapes, step, node);
  }
  return shapes;
}

/** The field of a key, for its description. */
export function fieldAt(root: RecipeNode | undefined, path: NodePath, vocabulary: Vocabulary): Field | undefined {
  const key = path.at(-1);
  const maps = shapesAt(root, path.slice(0, -1), vocabulary).flatMap(mapsOf);
  return typeof key === 'string' ? maps.map(({ fields }) => (Object.hasOwn(fields, key) ? fields[key] : undefined)).find((field) => field !== undefined) : undefined;
}

/** Maps among what a value could be. */
export function mapsOf(shape: Shape): readonly MapShape[] {
  return shape.type === 'map' ? [shape] : shape.type === 'oneOf' ? shape.shapes.flatMap(mapsOf) : [];
}

function isPresetOptions(path: NodePath): boolean {
  return path.length === 3 && path[0] === 'steps' && path[2] === 'options';
}

function presetOptions(root: RecipeNode | undefined, step: NodePath, vocabulary: Vocabulary, shapes: readonly Shape[], key: string | number, node: RecipeNode | undefined): readonly Shape[] {
  const preset = entryOf(valueAt(root, step), 'preset')?.value;
  const shape = preset?.kind === 'scalar' ? optionsShapeOf(preset.text, vocabulary) : undefined;
  return shape === undefined ? inner(shapes, key, node) : [shape];
}

function inner(shapes: readonly Shape[], step: string | number, node: RecipeNode | undefined): readonly Shape[] {
  return shapes.flatMap((shape): readonly Shape[] => {
    if (shape.type === 'oneOf') {
      const fitting = node && shapeFor(node, shape);
      return inner(fitting ? [fitting] : shape.shapes, step, node);
    }
    if (shape.type === 'list') {
      return typeof step === 'number' ? [shape.of] : [];
    }
    if (shape.type === 'map' && typeof step === 'string') {
      const field = Object.hasOwn(shape.fields, step) ? shape.fields[step]?.shape : shape.others;
      return field === undefined ? [] : [field];
    }
    return [];
  });
}
