import { entryOf, pathAt, valueAt, type RecipeNode } from '../../../recipe/node.ts';
import type { Span } from '../../../recipe/problem.ts';
import type { Vocabulary } from '../../../recipe/recipe.ts';
import { fieldAt, shapesAt } from './shapeAt.ts';
import type { Part } from './stepParts.ts';
import type { ToolFacts } from './tools/toolFacts.ts';
import { aboutWord, helpHover, optionHover, plain } from './words.ts';

export interface HoverText {
  readonly markdown: string;
  readonly span: Span;
}

/** What the word at an offset is, by the installed tools where they know it, else by the recipe's own rules. */
export async function hoverTextAt(root: RecipeNode, part: Part | undefined, offset: number, vocabulary: Vocabulary, facts: ToolFacts | undefined): Promise<HoverText | undefined> {
  return (part && facts && (await partHover(part, offset, facts))) ?? shapeHover(root, offset, vocabulary);
}

async function partHover(part: Part, offset: number, facts: ToolFacts): Promise<HoverText | undefined> {
  const isOn = ({ from, to }: Span): boolean => offset >= from && offset <= to;
  const help = part.kind === 'filter' ? await facts.filter(part.name) : part.kind === 'encoder' ? await facts.encoder(part.name) : undefined;
  const argument = part.args.find(({ keySpan, valueSpan }) => isOn(valueSpan) || (keySpan !== undefined && isOn(keySpan)));
  const option = argument?.key === undefined ? undefined : help?.options.find(({ name }) => name === argument.key);
  if (option !== undefined && argument !== undefined) {
    return { markdown: optionHover(part.name, option), span: { from: (argument.keySpan ?? argument.valueSpan).from, to: argument.valueSpan.to } };
  }
  if (!isOn(part.nameSpan)) {
    return undefined;
  }
  if (help) {
    return { markdown: helpHover(part.name, help), span: part.nameSpan };
  }
  const usage = part.kind === 'effect' ? (await facts.effects())?.find(({ name }) => name === part.name)?.about : undefined;
  return usage === undefined ? undefined : { markdown: `**${plain(part.name)}** of sox\n\n\`\`\`text\n${usage.replaceAll('```', '')}\n\`\`\``, span: part.nameSpan };
}

function shapeHover(root: RecipeNode, offset: number, vocabulary: Vocabulary): HoverText | undefined {
  const { path, isKey } = pathAt(root, offset);
  if (path.length === 0) {
    return undefined;
  }
  const node = valueAt(root, path);
  if (!isKey && node?.kind !== 'scalar') {
    return undefined;
  }
  const key = path.at(-1);
  const entry = typeof key === 'string' ? entryOf(valueAt(root, path.slice(0, -1)), key) : undefined;
  const shape = fieldAt(root, path, vocabulary)?.shape ?? shapesAt(root, path, vocabulary)[0];
  const span = isKey ? entry?.keySpan : node;
  if (shape === undefined || span === undefined) {
    return undefined;
  }
  const choice = !isKey && shape.type === 'word' && node?.kind === 'scalar' ? shape.choices?.find(({ value }) => value === node.value) : undefined;
  const chosen = choice === undefined || choice.about === '' ? '' : `**${plain(String(choice.value))}** · ${plain(choice.about)}\n\n`;
  return { markdown: chosen + (shape.type === 'word' ? aboutWord(shape) : shape.about), span };
}
