import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import { commandLine } from './commandLine.ts';
import type { FoundTool, Toolbox } from './foundTool.ts';
import { holdingEachRun, holdingWords } from './heldCommand.ts';
import type { PrivateFolder } from './privateFolder.ts';
import { PrivateFolders } from './privateFolder.ts';
import type { CommandOptions, CommandResult } from './runCommand.ts';
import { runCommand } from './runCommand.ts';
import { runOneByOne, sequenceInput } from './sequence.ts';
import { toolCatalogue } from './toolCatalogue.ts';
import { toolEnvironment } from './toolEnvironment.ts';
import { ToolError } from './toolError.ts';
import type { ToolOutput, ToolPlan } from './toolPlan.ts';
import type { FinishedRun, ToolRunner, ToolRunOptions } from './toolRunner.ts';
import type { Wrappers } from './wrappers.ts';
import { findWrappers } from './wrappers.ts';

export interface ToolRunnerOptions {
  readonly tools: Toolbox;
  /** Told of each run: the command, exit code and milliseconds, in one line without its end. */
  readonly log?: (line: string) => void;
  /** The user's environment, of which LD_LIBRARY_PATH is passed on; our own where left out. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where the private folders are made; the system's folder for temporary files where left out. */
  readonly temporaryFolder?: string;
  /** What tools are started through; looked for on the first run where left out. */
  readonly wrappers?: Wrappers;
}

/** Enough for the answers of 64 jobs of the sharp worker with several complaints each. */
const KEEP = 8 * 1024 * 1024;
/** Of stderr, in an error. */
const TAIL_LINES = 20;
const TAIL_CHARACTERS = 4000;

export function createToolRunner(options: ToolRunnerOptions): ToolRunner {
  const { tools, log, env = process.env } = options;
  const folders = new PrivateFolders(options.temporaryFolder ?? tmpdir());
  let prepared: Promise<Wrappers> | undefined;

  function prepare(): Promise<Wrappers> {
    // What a killed process left is swept aside, whenever that is done; that it cannot be is no reason not to run.
    folders.sweep().catch((error: unknown) => log?.(`left temporary folders stay: ${String(error)}`));
    return options.wrappers ? Promise.resolve(options.wrappers) : findWrappers();
  }

  function found(plan: ToolPlan<unknown>): FoundTool {
    const tool = tools.get(plan.tool);
    if (tool === undefined) {
      throw new ToolError('notFound', plan.tool, `${titleOf(plan)} was not found on this machine`);
    }
    return tool;
  }

  async function execute(plan: ToolPlan<unknown>, runOptions: ToolRunOptions = {}): Promise<FinishedRun> {
    const tool = found(plan);
    const command = commandOf(tool, plan);
    const wrappers = await (prepared ??= prepare());
    if (runOptions.signal?.aborted) {
      throw new ToolError('cancelled', plan.tool, `${titleOf(plan)} was cancelled`, { command });
    }
    const result = await inPrivateFolder(plan, command, (folder) => start(tool, plan, wrappers, folder, runOptions));
    log?.(logLine(plan, command, result));
    refuse(plan, tool, command, result);
    const { exitCode, stdout, stderr, leftOut, ms } = result;
    return { command, output: { exitCode, stdout, stderr, ms, ...(leftOut > 0 && { leftOut }) } };
  }

  async function inPrivateFolder(
    plan: ToolPlan<unknown>,
    command: readonly string[],
    run: (folder: string) => Promise<CommandResult>,
  ): Promise<CommandResult> {
    let folder: PrivateFolder | undefined;
    try {
      folder = folders.make(plan.links);
      return await run(folder.path);
    } catch (error) {
      throw notStarted(plan, command, error);
    } finally {
      await folder?.remove().catch((error: unknown) => log?.(`a temporary folder stays: ${String(error)}`));
    }
  }

  function start(
    tool: FoundTool,
    plan: ToolPlan<unknown>,
    wrappers: Wrappers,
    folder: string,
    runOptions: ToolRunOptions,
  ): Promise<CommandResult> {
    const holding = holdingWords(plan.tool, plan.limits, wrappers);
    const words = [tool.path, ...tool.prefix, ...plan.args];
    const surroundings = { folder, env: toolEnvironment(plan.tool, folder, env, plan.env) };
    const how: CommandOptions = {
      signal: runOptions.signal,
      wallSeconds: plan.limits?.wallSeconds,
      keep: plan.keep ?? KEEP,
      ...progressOf(plan, runOptions),
      ...(runOptions.onStdout && { onStdout: runOptions.onStdout }),
    };
    if (plan.sequence === undefined) {
      return runCommand({ ...surroundings, words: [...holding, ...words], ...(plan.stdin !== undefined && { stdin: plan.stdin }) }, how);
    }
    const input = sequenceInput(words, plan.sequence);
    if (wrappers.xargs === undefined || input === undefined) {
      return runOneByOne({ ...surroundings, words: [...holding, ...words] }, plan.sequence, how);
    }
    const each = [wrappers.xargs, '-0', '-x', '-n', String(input.length), ...holdingEachRun(wrappers), ...words];
    return runCommand({ ...surroundings, words: [...holding, ...each], stdin: input.text }, { ...how, stderrInFile: true });
  }

  return {
    execute,
    async run(plan, runOptions) {
      const { output, command } = await execute(plan, runOptions);
      if (!(plan.exitCodes ?? [0]).includes(output.exitCode)) {
        throw exitError(plan, command, output);
      }
      return plan.parse(output);
    },
    commandOf(plan) {
      const tool = tools.get(plan.tool);
      return tool && commandOf(tool, plan);
    },
  };
}

function commandOf(tool: FoundTool, plan: ToolPlan<unknown>): readonly string[] {
  return [tool.path, ...tool.prefix, ...plan.args, ...(plan.sequence?.[0] ?? [])];
}

function logLine({ tool, sequence = [] }: ToolPlan<unknown>, command: readonly string[], { ended, exitCode, ms }: CommandResult): string {
  const others = sequence.length > 1 ? ` # the first of ${sequence.length} runs` : '';
  return `${tool}: ${ended ?? `exit ${exitCode}`}, ${Math.round(ms)} ms: ${commandLine(command)}${others}`;
}

function progressOf(plan: ToolPlan<unknown>, { onProgress }: ToolRunOptions): Pick<CommandOptions, 'onStdout' | 'onStderr'> {
  const reader = onProgress && plan.progress?.();
  if (reader === undefined) {
    return {};
  }
  const decoder = new StringDecoder('utf8');
  function tell(chunk: Buffer): void {
    const fraction = reader?.read(decoder.write(chunk));
    if (fraction !== undefined) {
      onProgress?.(fraction);
    }
  }
  return reader.stream === 'stdout' ? { onStdout: tell } : { onStderr: tell };
}

/** Throws where there is no result. */
function refuse(plan: ToolPlan<unknown>, tool: FoundTool, command: readonly string[], result: CommandResult): void {
  const details = { exitCode: result.exitCode, stderrTail: tailOf(result.stderr), command };
  if (result.ended === 'cancelled') {
    throw new ToolError('cancelled', plan.tool, `${titleOf(plan)} was cancelled`, details);
  }
  if (result.ended === 'timeout') {
    throw new ToolError('timeout', plan.tool, `${titleOf(plan)} was not done within ${plan.limits?.wallSeconds} s`, details);
  }
  // What a tool is started through says 126 or 127 where there is nothing to start; a tool may say so too.
  if ((result.exitCode === 126 || result.exitCode === 127) && !isExecutable(tool.path)) {
    throw new ToolError('notFound', plan.tool, `${titleOf(plan)} is no longer at ${tool.path}`, details);
  }
}

function exitError(plan: ToolPlan<unknown>, command: readonly string[], { exitCode, stderr }: ToolOutput): ToolError {
  const stderrTail = tailOf(stderr);
  const last = stderrTail.slice(stderrTail.lastIndexOf('\n') + 1);
  return new ToolError('exit', plan.tool, `${titleOf(plan)} ended with exit code ${exitCode}${last && `: ${last}`}`, {
    exitCode,
    stderrTail,
    command,
  });
}

/** A system's refusal to make the folder or to start the process. Anything else is a mistake of ours and stays what it is. */
function notStarted(plan: ToolPlan<unknown>, command: readonly string[], error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) {
    return error;
  }
  const isMissing = syscall.startsWith('spawn') && (code === 'ENOENT' || code === 'EACCES');
  return new ToolError(isMissing ? 'notFound' : 'exit', plan.tool, `${titleOf(plan)} could not be started: ${message}`, { command });
}

function tailOf(stderr: string): string {
  return stderr.slice(-TAIL_CHARACTERS).trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function titleOf(plan: ToolPlan<unknown>): string {
  return toolCatalogue[plan.tool].title;
}
