import { compileStep, type CompiledStep } from '../../../recipe/compileStep.ts';
import { entryOf, keySpanAt, spanAt, type NodePath, type RecipeNode } from '../../../recipe/node.ts';
import { problemAt, type RecipeProblem, type Span } from '../../../recipe/problem.ts';
import { stepFault } from '../../../recipe/stepFault.ts';
import { ToolError } from '../../../process/toolError.ts';
import type { ToolOutput, ToolPlan } from '../../../process/toolPlan.ts';
import type { ToolRunner } from '../../../process/toolRunner.ts';
import type { Part } from './stepParts.ts';

/** What a step of a recipe came to on made-up media. */
const OUTPUT_KEPT = 256 * 1024;
const LIMITS = { wallSeconds: 15, cpuSeconds: 15, memory: 4 * 2 ** 30, fileSize: 64 * 2 ** 20 } as const;

/** Large, so that no filter finds it too small; one frame of it is quickly made. */
const MEDIA = 'color=s=1920x1080:d=0.04:r=25[out0];anullsrc=r=48000:cl=stereo:d=0.1[out1]';

/**
 * Has the installed tool run each step that is its own on a single made-up frame, a tenth of a second of silence or a small picture, and
 * places what it complains of on the words that it names. `parts` are those of the recipe; steps in `skipped` have faults already.
 */
export async function dryProblems(
  root: RecipeNode,
  parts: readonly Part[],
  skipped: ReadonlySet<number>,
  runner: ToolRunner,
  signal: AbortSignal,
): Promise<readonly RecipeProblem[]> {
  const steps = entryOf(root, 'steps')?.value;
  const problems: RecipeProblem[] = [];
  for (const [index, step] of steps?.kind === 'list' ? steps.items.entries() : []) {
    const compiled = skipped.has(index) ? [] : compileStep(step);
    if ('args' in compiled && stepFault(compiled) === undefined) {
      signal.throwIfAborted();
      const said = await run(planOf(compiled), runner, signal);
      const own = parts.filter((part) => part.step === index);
      const found = said === undefined ? undefined : placed(said, compiled, { root, path: ['steps', index], parts: own });
      problems.push(...(found === undefined ? [] : [found]));
    }
  }
  return problems;
}

function planOf({ tool, args }: CompiledStep): ToolPlan {
  const between = args.slice(args.indexOf('{input}') + 1, args.indexOf('{output}'));
  const behind = args.slice(args.indexOf('{output}') + 1);
  const common = { tool, limits: LIMITS, keep: OUTPUT_KEPT, exitCodes: ANY_CODE, parse: (output: ToolOutput) => output } as const;
  switch (tool) {
    case 'ffmpeg': {
      // `copy` has nothing to parse, and made-up media nothing to copy.
      const options = withoutCopies(between);
      return { ...common, args: ['-hide_banner', '-v', 'error', '-nostdin', '-filter_threads', '1', '-f', 'lavfi', '-i', MEDIA, ...options, '-threads', '1', '-frames:v', '1', '-f', 'null', '-'] };
    }
    case 'sox':
      return { ...common, args: ['-V1', '-r', '48000', '-n', ...between, '-n', 'trim', '0', '0.1', 'channels', '2', ...behind] };
    case 'imagemagick':
      return { ...common, args: ['-size', '64x64', 'xc:gray', ...between, 'null:'] };
  }
}

const ANY_CODE = Array.from({ length: 256 }, (_, code) => code);

function withoutCopies(args: readonly string[]): readonly string[] {
  const at = args.findIndex((argument, index) => /^-c:[va]$/.test(argument) && args[index + 1] === 'copy');
  return at < 0 ? args : withoutCopies([...args.slice(0, at), ...args.slice(at + 2)]);
}

async function run(plan: ToolPlan, runner: ToolRunner, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { output } = await runner.execute(plan, { signal });
    // Some messages come with exit code 0: of the scaler's flags, and all of sox's.
    const isFault = output.exitCode !== 0 || /Undefined constant|FAIL|@ error/.test(output.stderr);
    return isFault && !HARMLESS.test(output.stderr) ? output.stderr : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (ToolError.is(error, 'notFound') || ToolError.is(error, 'timeout')) {
      return undefined;
    }
    throw error;
  }
}

/** What only a made-up frame is: too small, too short, with too few channels. */
const HARMLESS = /too big|too small|too few|too short|not within the padded area|non positive size|no more samples|Start position after|contains no data|Output file is empty/i;

interface Where {
  readonly root: RecipeNode;
  readonly path: NodePath;
  readonly parts: readonly Part[];
}

/** The first thing that the tool said, on the value, the option, the part or the step that it names. */
function placed(stderr: string, { tool, args, origins }: CompiledStep, { root, path, parts }: Where): RecipeProblem {
  const lines = stderr.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const cause = lines.find((line) => TELLING.test(line)) ?? lines[0] ?? 'it failed without a word';
  const named = [...stderr.matchAll(/['"“`]([^'"”`\n]{1,200})['"”']/g)].map(([, word = '']) => word);
  const part = blamed(lines, parts, named);
  const span = (part && argumentSpan(part, named, cause)) ?? part?.nameSpan ?? originOf(named, { args, origins, root, path }) ?? toolSpan(root, path, tool);
  return problemAt(span, 'recipe/dry-parse', `${tool} does not take this: ${cleaned(cause)}.`);
}

const TELLING = /not found|No such|Undefined constant|Unable to parse|Cannot parse|Error setting|Unrecognized|unrecognized|Unknown|invalid|Invalid|not supported|out of range|FAIL|error\]/;

function blamed(lines: readonly string[], parts: readonly Part[], named: readonly string[]): Part | undefined {
  for (const line of lines) {
    const [, name, number] = /\[Parsed_(\w+?)_(\d+) @/.exec(line) ?? [];
    const [, effect] = /sox FAIL (\w+):/.exec(line) ?? [];
    const [, operator] = /option `([-+][\w-]+)'/.exec(line) ?? [];
    const found =
      parts.find((part) => part.kind === 'filter' && part.name === name && part.index === Number(number)) ??
      parts.find((part) => part.kind === 'effect' && part.name === effect) ??
      parts.find((part) => part.kind === 'operator' && (part.name === operator || `-${part.name}` === operator));
    if (found !== undefined) {
      return found;
    }
  }
  const [, context] = /^\[([\w-]+) @ 0x/m.exec(lines.join('\n')) ?? [];
  return (
    parts.find((part) => part.name === context) ??
    parts.find((part) => named.includes(part.name)) ??
    parts.find((part) => part.args.some(({ key, value }) => named.some((word) => word === value || word === key || word.split(':', 1)[0] === key)))
  );
}

/** The value or the key of the part that the message names; a value that is only in it as a word counts less. */
function argumentSpan(part: Part, named: readonly string[], cause: string): Span | undefined {
  const { args } = part;
  const byKey = args.find(({ key }) => key !== undefined && (named.some((word) => word.split(':', 1)[0] === key) || new RegExp(`option '?${key}'? not found`, 'i').test(cause)));
  const byValue = args.find(({ value }) => value !== '' && named.includes(value)) ?? args.find(({ value }) => value.length > 1 && named.some((word) => value.includes(word)));
  const bySet = args.find(({ key, value }) => cause.includes(`option ${key} to value ${value}`));
  const word = args.find(({ value }) => value.length > 1 && new RegExp(`(?:^|[^\\w])${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:[^\\w]|$)`).test(cause));
  return byValue?.valueSpan ?? bySet?.valueSpan ?? byKey?.keySpan ?? word?.valueSpan;
}

function originOf(named: readonly string[], { args, origins, root, path }: Pick<CompiledStep, 'args' | 'origins'> & Pick<Where, 'root' | 'path'>): Span | undefined {
  const at = args.findIndex((argument) => named.some((word) => word === argument || `-${word}` === argument));
  const origin = origins[at];
  if (at < 0 || origin === undefined || origin.path.length === 0) {
    return undefined;
  }
  const place = [...path, ...origin.path];
  return origin.isKey ? keySpanAt(root, place) : spanAt(root, place);
}

function toolSpan(root: RecipeNode, path: NodePath, tool: string): Span {
  const step = spanAt(root, path) as RecipeNode;
  return entryOf(step, tool)?.keySpan ?? step;
}

/** Without addresses in memory and places in somebody's source. */
function cleaned(line: string): string {
  return line
    .replace(/\[[^\]]*@ 0x[0-9a-f]+\]\s*/g, '')
    .replace(/^sox FAIL\s+/, '')
    .replace(/^\S*convert\S*: /, '')
    .replace(/ @ error\/.*$/, '')
    .replace(/[.\s]+$/, '');
}
