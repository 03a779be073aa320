import { nearest } from '../base/nearest.ts';
import type { MapNode, RecipeNode, ScalarNode } from './node.ts';
import { problemAt, spellingFix, type RecipeProblem } from './problem.ts';
import type { ListShape, MapShape, Shape, WordShape } from './shape.ts';

/** Where a value does not have its shape. */
export function checkShape(node: RecipeNode, shape: Shape): readonly RecipeProblem[] {
  switch (shape.type) {
    case 'map':
      return node.kind === 'map' ? checkMap(node, shape) : [wrongType(node, shape)];
    case 'list':
      return node.kind === 'list' ? checkList(node, shape) : [wrongType(node, shape)];
    case 'word':
      return node.kind === 'scalar' && node.value !== null ? checkWord(node, shape) : [wrongType(node, shape)];
    case 'oneOf': {
      const fitting = shapeFor(node, shape);
      return fitting === undefined ? [wrongType(node, shape)] : checkShape(node, fitting);
    }
  }
}

/** The shape that a value is held to: of several the first that has its form. */
export function shapeFor(node: RecipeNode, shape: Shape): Exclude<Shape, { readonly type: 'oneOf' }> | undefined {
  if (shape.type !== 'oneOf') {
    return shape;
  }
  const form = node.kind === 'scalar' ? 'word' : node.kind;
  const all = shape.shapes.map((one) => shapeFor(node, one));
  return all.find((one) => one?.type === form && node.kind !== 'scalar') ?? all.find((one) => one?.type === 'word' && node.kind === 'scalar' && fits(node, one)) ?? all.find((one) => one?.type === form);
}

function checkMap(node: MapNode, shape: MapShape): readonly RecipeProblem[] {
  const problems: RecipeProblem[] = [];
  const names = Object.keys(shape.fields);
  for (const { key, keySpan, value } of node.entries) {
    const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    const inner = field?.shape ?? shape.others;
    if (inner === undefined) {
      const meant = nearest(key, names);
      const hint = meant === undefined ? `There is ${names.join(', ')}.` : `Did you mean “${meant}”?`;
      problems.push(problemAt(keySpan, 'recipe/unknown-key', `“${key}” is no key here. ${hint}`, spellingFix(keySpan, meant)));
    } else {
      problems.push(...checkShape(value, inner));
    }
  }
  const has = (name: string): boolean => node.entries.some(({ key }) => key === name);
  const at = { from: node.from, to: node.entries[0]?.keySpan.to ?? node.to };
  for (const [name, { isRequired }] of Object.entries(shape.fields)) {
    if (isRequired === true && !has(name)) {
      problems.push(problemAt(at, 'recipe/missing-key', `“${name}” is missing here.`));
    }
  }
  const given = shape.exactlyOne?.filter(has);
  if (given?.length === 0) {
    problems.push(problemAt(at, 'recipe/missing-key', `One of ${shape.exactlyOne?.join(', ')} has to be here.`));
  } else if (given !== undefined && given.length > 1) {
    const second = node.entries.filter(({ key }) => given.includes(key))[1];
    problems.push(problemAt(second?.keySpan ?? node, 'recipe/value', `Only one of ${given.join(' and ')} can be here: make another entry of the second.`));
  }
  return problems;
}

function checkList(node: Extract<RecipeNode, { kind: 'list' }>, shape: ListShape): readonly RecipeProblem[] {
  const inner = node.items.flatMap((item) => checkShape(item, shape.of));
  return node.items.length < (shape.least ?? 0) ? [...inner, problemAt(node, 'recipe/value', 'The list is empty.')] : inner;
}

function checkWord(node: ScalarNode, shape: WordShape): readonly RecipeProblem[] {
  if (fits(node, shape)) {
    return [];
  }
  const isTyped = shape.choices !== undefined || hasType(node, shape);
  const meant = shape.choices && nearest(node.text, shape.choices.map(({ value }) => String(value)));
  const hint = meant === undefined ? '' : ` Did you mean “${meant}”?`;
  const message = `${wordsFor(shape)}, not ${JSON.stringify(node.value)}.${hint}`;
  return [problemAt(node, isTyped ? 'recipe/value' : 'recipe/type', message, spellingFix(node, meant))];
}

function fits(node: ScalarNode, shape: WordShape): boolean {
  const { value } = node;
  if (shape.also?.some((word) => word === value)) {
    return true;
  }
  if (shape.choices !== undefined && shape.isOpen !== true) {
    return shape.choices.some((choice) => choice.value === value);
  }
  if (typeof value === 'number' && !shape.is.includes('text')) {
    return hasType(node, shape) && value >= (shape.min ?? -Infinity) && value <= (shape.max ?? Infinity);
  }
  return hasType(node, shape);
}

function hasType({ value }: ScalarNode, { is }: WordShape): boolean {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) && (is.includes('number') || (is.includes('integer') && Number.isInteger(value)));
    case 'boolean':
      return is.includes('switch');
    case 'string':
      return is.includes('text');
    default:
      return false;
  }
}

function wrongType(node: RecipeNode, shape: Shape): RecipeProblem {
  const is = node.kind === 'map' ? 'a map' : node.kind === 'list' ? 'a list' : node.value === null ? 'nothing' : JSON.stringify(node.value);
  // What is nothing has no characters; its place has to be seen all the same.
  return problemAt(node, 'recipe/type', `${wordsFor(shape)}, not ${is}.`);
}

/** `Has to be a whole number from 1 to 8`. */
export function wordsFor(shape: Shape): string {
  return `Has to be ${nounFor(shape)}`;
}

function nounFor(shape: Shape): string {
  switch (shape.type) {
    case 'map': {
      const names = Object.keys(shape.fields);
      return names.length === 0 ? 'a map' : `a map with ${names.join(', ')}`;
    }
    case 'list':
      return 'a list';
    case 'oneOf':
      return [...new Set(shape.shapes.map(nounFor))].join(', or ');
    case 'word':
      return wordNoun(shape);
  }
}

function wordNoun({ is, choices, min, max, unit, also }: WordShape): string {
  if (choices !== undefined) {
    const names = choices.map(({ value }) => String(value));
    return names.length > 12 ? `one of ${names.slice(0, 12).join(', ')} …` : names.length === 1 ? names.join() : `one of ${names.join(', ')}`;
  }
  const bounds = min !== undefined && max !== undefined ? ` from ${min} to ${max}` : '';
  const noun = is.includes('number') ? `a number${bounds}` : is.includes('integer') ? `a whole number${bounds}` : undefined;
  const nouns = [noun && (unit === undefined ? noun : `${noun} ${unit}`), is.includes('text') && 'a text', is.includes('switch') && 'true or false', ...(also ?? [])];
  return nouns.filter(Boolean).join(', or ');
}
