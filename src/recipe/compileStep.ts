import { INPUT, OUTPUT } from './arguments/placeholders.ts';
import { filterText, Unescapable, type FilterValues } from './graph/escape.ts';
import { entryOf, type MapNode, type NodePath, type RecipeNode } from './node.ts';
import type { RecipeTool } from './recipe.ts';

/** Where an argument was written. */
export interface Origin {
  /** Below the step; empty for what Trainyard adds itself. */
  readonly path: NodePath;
  /** The key of the entry there says it, and not its value. */
  readonly isKey: boolean;
}

/** Arguments that a step of one tool comes to, and for each where in the step it was written. */
export interface CompiledStep {
  readonly tool: RecipeTool;
  readonly args: readonly string[];
  readonly origins: readonly Origin[];
  readonly kinds: readonly ('audio' | 'video' | 'image')[];
  readonly extension: string;
}

/** A part of a step that cannot become an argument. */
export interface CompileFault {
  readonly path: NodePath;
  readonly message: string;
}

const TOOLS = ['ffmpeg', 'sox', 'imagemagick'] as const satisfies readonly RecipeTool[];
const PICTURES = new Set(['jpg', 'jpeg', 'png', 'webp', 'gif', 'tiff', 'bmp']);

/** The tool that a step names; undefined of presets. */
export function toolOf(step: RecipeNode): RecipeTool | undefined {
  return TOOLS.find((tool) => entryOf(step, tool) !== undefined);
}

/** Lays a structured step of a tool out as arguments. The step has its shape. */
export function compileStep(step: RecipeNode): CompiledStep | readonly CompileFault[] {
  const tool = toolOf(step);
  const body = tool && entryOf(step, tool)?.value;
  if (tool === undefined || body?.kind !== 'map') {
    return [{ path: [], message: 'There is no tool in this step' }];
  }
  const compiler = new Compiler(body, [tool]);
  try {
    compiler.compile(tool);
  } catch (error) {
    if (!(error instanceof Unescapable)) {
      throw error;
    }
    return [{ path: compiler.path, message: error.message }];
  }
  const extension = textOf(entryOf(body, 'extension')?.value);
  return compiler.faults.length > 0 ? compiler.faults : { tool, args: compiler.args, origins: compiler.origins, extension, kinds: kindsOf(tool, body, extension) };
}

function kindsOf(tool: RecipeTool, body: MapNode, extension: string): CompiledStep['kinds'] {
  const given = entryOf(body, 'kinds')?.value;
  if (given?.kind === 'list') {
    return given.items.map(textOf) as unknown as CompiledStep['kinds'];
  }
  switch (tool) {
    case 'sox':
      return ['audio'];
    case 'imagemagick':
      return ['image'];
    case 'ffmpeg':
      return entryOf(body, 'video') === undefined ? ['audio', 'video'] : PICTURES.has(extension) ? ['image', 'video'] : ['video'];
  }
}

class Compiler {
  readonly args: string[] = [];
  readonly origins: Origin[] = [];
  readonly faults: CompileFault[] = [];
  /** What is laid out just now. */
  path: NodePath;

  constructor(
    private readonly body: MapNode,
    private readonly root: NodePath,
  ) {
    this.path = root;
  }

  compile(tool: RecipeTool): void {
    const raw = this.get('args');
    if (raw !== undefined) {
      const structured = this.body.entries.find(({ key }) => !['args', 'kinds', 'extension'].includes(key));
      if (structured !== undefined) {
        this.faults.push({ path: [...this.root, structured.key], message: `“args” says it all: “${structured.key}” cannot be beside it` });
      }
      itemsOf(raw).forEach((item, index) => this.add([...this.root, 'args', index], textOf(item)));
      return;
    }
    switch (tool) {
      case 'ffmpeg':
        this.ffmpeg();
        break;
      case 'sox':
        this.sox();
        break;
      case 'imagemagick':
        this.imagemagick();
        break;
    }
  }

  private ffmpeg(): void {
    this.optionsOf('input');
    this.add(this.root, '-i', INPUT);
    this.stream('video', 'v');
    this.stream('audio', 'a');
    this.optionsOf('options');
    this.add(this.root, OUTPUT);
  }

  private stream(kind: 'video' | 'audio', letter: 'v' | 'a'): void {
    const value = this.get(kind);
    const path = [...this.root, kind];
    if (value === undefined || (value.kind === 'scalar' && value.text === 'none')) {
      this.add(value === undefined ? this.root : path, `-${letter}n`);
      return;
    }
    if (value.kind === 'scalar') {
      this.add(path, `-c:${letter}`, 'copy');
      return;
    }
    const filters = entryOf(value, 'filters')?.value;
    if (filters !== undefined) {
      this.path = [...path, 'filters'];
      const graph = filters.kind === 'scalar' ? filters.text : this.graphOf(filters, this.path);
      this.add([...path, 'filters'], letter === 'v' ? '-vf' : '-af', graph);
    }
    const codec = entryOf(value, 'codec')?.value;
    if (codec !== undefined) {
      this.add([...path, 'codec'], `-c:${letter}`, textOf(codec));
    }
    const options = entryOf(value, 'options')?.value;
    for (const { key, value: set } of entriesOf(options)) {
      this.add([...path, 'options', key], `-${key}:${letter}`, textOf(set));
    }
  }

  private graphOf(filters: RecipeNode, path: NodePath): string {
    return itemsOf(filters)
      .map((item, index) => {
        this.path = [...path, index];
        if (item.kind === 'scalar') {
          return filterText(item.text);
        }
        const [entry, ...more] = entriesOf(item);
        if (entry === undefined || more.length > 0) {
          throw new Unescapable('An entry holds one filter');
        }
        this.path = [...path, index, entry.key];
        return filterText(entry.key, filterValues(entry.value));
      })
      .join(',');
  }

  private sox(): void {
    this.add(this.root, INPUT);
    const names = { rate: '-r', channels: '-c', bits: '-b', encoding: '-e', compression: '-C' } as const;
    for (const { key, value } of entriesOf(this.get('output'))) {
      if (Object.hasOwn(names, key)) {
        this.add([...this.root, 'output', key], names[key as keyof typeof names], textOf(value));
      }
    }
    this.add(this.root, OUTPUT);
    this.words('effects', (name) => name);
  }

  private imagemagick(): void {
    this.add(this.root, INPUT);
    this.words('operators', (name) => (/^[-+()]/.test(name) ? name : `-${name}`));
    this.add(this.root, OUTPUT);
  }

  private words(field: string, nameOf: (name: string) => string): void {
    itemsOf(this.get(field)).forEach((item, index) => {
      const path = [...this.root, field, index];
      if (item.kind === 'scalar') {
        this.add(path, nameOf(item.text));
        return;
      }
      const [entry, ...more] = entriesOf(item);
      if (entry === undefined || more.length > 0) {
        this.faults.push({ path, message: 'An entry holds one name with its values' });
        return;
      }
      this.add([...path, entry.key], nameOf(entry.key), ...(entry.value.kind === 'list' ? entry.value.items.map(textOf) : [textOf(entry.value)]));
    });
  }

  /** `ss: 1` becomes `-ss 1`; `true` makes a flag, `false` nothing. */
  private optionsOf(field: string): void {
    for (const { key, value } of entriesOf(this.get(field))) {
      const path = [...this.root, field, key];
      if (value.kind === 'scalar' && typeof value.value === 'boolean') {
        this.add(path, ...(value.value ? [`-${key}`] : []));
      } else {
        this.add(path, `-${key}`, textOf(value));
      }
    }
  }

  private get(field: string): RecipeNode | undefined {
    return entryOf(this.body, field)?.value;
  }

  private add(path: NodePath, ...args: readonly string[]): void {
    // Of several words the first is the key's own: the option, the effect, the operator.
    for (const [index, argument] of args.entries()) {
      this.args.push(argument);
      this.origins.push({ path: path.length === this.root.length ? [] : path, isKey: index === 0 && typeof path.at(-1) === 'string' });
    }
  }
}

function filterValues(value: RecipeNode): FilterValues | undefined {
  switch (value.kind) {
    case 'scalar':
      return value.value === null || value.value === true ? undefined : value.text;
    case 'list':
      return value.items.map(textOf);
    case 'map':
      return Object.fromEntries(value.entries.map(({ key, value: set }) => [key, textOf(set)]));
  }
}

function textOf(node: RecipeNode | undefined): string {
  return node?.kind === 'scalar' ? node.text : '';
}

function itemsOf(node: RecipeNode | undefined): readonly RecipeNode[] {
  return node?.kind === 'list' ? node.items : [];
}

function entriesOf(node: RecipeNode | undefined): MapNode['entries'] {
  return node?.kind === 'map' ? node.entries : [];
}
