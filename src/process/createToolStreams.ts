import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Disposable } from '../base/disposable.ts';
import { createToolRunner } from './createToolRunner.ts';
import type { FoundTool } from './foundTool.ts';
import { holdingWords } from './heldCommand.ts';
import type { KeptProcessEnd } from './keptProcess.ts';
import { LeavingProcesses, keepProcess } from './keptProcess.ts';
import { LineSplitter } from './lineSplitter.ts';
import type { PrivateFolder } from './privateFolder.ts';
import { PrivateFolders } from './privateFolder.ts';
import type { StreamCommand, StreamProcessOptions } from './streamProcess.ts';
import { toolCatalogue } from './toolCatalogue.ts';
import { toolEnvironment } from './toolEnvironment.ts';
import { ToolError } from './toolError.ts';
import type { ToolId } from './toolPlan.ts';
import type { ToolState } from './toolSearch.ts';
import type { AskedOutput, StreamEnd, StreamListener, StreamPlan, ToolStreams } from './toolStreams.ts';
import { systemTimers } from './timers.ts';
import type { Wrappers } from './wrappers.ts';
import { findWrappers } from './wrappers.ts';

export interface ToolStreamsOptions {
  /** Looks for a tool, before each start: a driver may be replaced while we run. `ToolFinder.find` remembers what has not changed. */
  find(tool: ToolId): Promise<ToolState>;
  /** The user's environment, of which LD_LIBRARY_PATH is passed on; our own where left out. */
  readonly env?: NodeJS.ProcessEnv;
  /** What tools are started through; looked for before the first start where left out. */
  readonly wrappers?: Wrappers;
  /** Where the private folder is made that is the tools' current one; the system's folder for temporary files where left out. */
  readonly temporaryFolder?: string;
  /** Told of each start and each end, in one line without its end. */
  readonly log?: (line: string) => void;
  /** For tests: the clock that waiting goes by, and what sends a signal. */
  readonly process?: Partial<StreamProcessOptions>;
}

const FIRST_DELAY = 1000;
const LONGEST_DELAY = 5 * 60_000;
/** Seconds. */
const ASK_WALL = 20;
/** Beyond its wall time a command gets SIGTERM and then SIGKILL, in milliseconds; whoever is still there after that is wedged. */
const ASK_GRACE = 5000;

/** Disposing ends what still runs; streams that are open are to be disposed first. */
export function createToolStreams(options: ToolStreamsOptions): ToolStreams & Disposable {
  const { env = process.env, log, temporaryFolder = tmpdir() } = options;
  const how: StreamProcessOptions = { timers: systemTimers, ...options.process };
  const folders = new PrivateFolders(temporaryFolder);
  const kinds = new Map<ToolId, { readonly leaving: LeavingProcesses; asking: Promise<unknown> }>();
  const open = new Set<Disposable>();
  let wrappers: Promise<Wrappers> | undefined;
  let folder: PrivateFolder | undefined;

  function kindOf(tool: ToolId): { readonly leaving: LeavingProcesses; asking: Promise<unknown> } {
    let kind = kinds.get(tool);
    if (kind === undefined) {
      kinds.set(tool, (kind = { leaving: new LeavingProcesses(), asking: Promise.resolve() }));
    }
    return kind;
  }

  function prepared(): Promise<Wrappers> {
    return (wrappers ??= options.wrappers ? Promise.resolve(options.wrappers) : findWrappers());
  }

  async function found(tool: ToolId): Promise<FoundTool> {
    const state = await options.find(tool);
    if (state.found === undefined) {
      const others = state.rejected.map(({ path, reason }) => `${path} is not taken: ${reason}`);
      throw new ToolError('notFound', tool, [`${state.title} was not found on this machine`, ...others].join('; '));
    }
    if (!isExecutable(state.found.path)) {
      throw new ToolError('notFound', tool, `${state.title} is no longer at ${state.found.path}`);
    }
    return state.found;
  }

  async function commandOf(plan: StreamPlan): Promise<StreamCommand> {
    const tool = await found(plan.tool);
    const holding = holdingWords(plan.tool, undefined, await prepared());
    folder ??= folders.make();
    const words = [...holding, tool.path, ...tool.prefix, ...plan.args];
    log?.(`${plan.tool}: starts: ${[tool.path, ...tool.prefix, ...plan.args].join(' ')}`);
    return { words, folder: folder.path, env: toolEnvironment(plan.tool, folder.path, env, plan.env) };
  }

  function openStream(plan: StreamPlan, listener: StreamListener): Disposable {
    let lines = splittersFor(listener);
    const kept = keepProcess(
      {
        command: () => commandOf(plan),
        silence: plan.silence,
        firstDelay: FIRST_DELAY,
        longestDelay: LONGEST_DELAY,
      },
      {
        onStart: () => (lines = splittersFor(listener)),
        onChunk: (chunk, stream) => lines[stream].add(chunk),
        onSilent: () => {
          log?.(`${plan.tool}: no word for ${plan.silence} ms`);
          listener.onSilent();
        },
        onEnd(end) {
          const told = streamEnd(plan.tool, end);
          log?.(`${plan.tool}: ${told.error?.message ?? 'ended with exit code 0'}; again in ${end.retryIn} ms`);
          listener.onEnd(told);
        },
      },
      kindOf(plan.tool).leaving,
      how,
    );
    const stream: Disposable = {
      dispose() {
        open.delete(stream);
        kept.dispose();
      },
    };
    open.add(stream);
    return stream;
  }

  async function askNow(tool: ToolId, args: readonly string[], wallSeconds: number): Promise<AskedOutput> {
    const runner = createToolRunner({
      tools: new Map([[tool, await found(tool)]]),
      env,
      wrappers: await prepared(),
      temporaryFolder,
      ...(log && { log }),
    });
    const { output } = await runner.execute({ tool, args, limits: { wallSeconds }, parse: (said) => said });
    return { exitCode: output.exitCode, stdout: output.stdout, stderr: output.stderr };
  }

  /** Rejects when the time is up, and leaves the place in the line taken for as long as the command is there. */
  function ask(tool: ToolId, args: readonly string[], { wallSeconds = ASK_WALL } = {}): Promise<AskedOutput> {
    const kind = kindOf(tool);
    const before = kind.asking;
    return new Promise<AskedOutput>((resolve, reject) => {
      const giveUp = (): void => reject(new ToolError('timeout', tool, `${toolCatalogue[tool].title} does not answer`));
      let late = how.timers.after(wallSeconds * 1000, () => {
        late = undefined;
        giveUp();
      }) as Disposable | undefined;
      kind.asking = (async () => {
        await before;
        await kind.leaving.gone();
        if (late === undefined) {
          return;
        }
        late.dispose();
        late = how.timers.after(wallSeconds * 1000 + ASK_GRACE, giveUp);
        await askNow(tool, args, wallSeconds).then(resolve, reject);
        late.dispose();
      })();
    });
  }

  return {
    open: openStream,
    ask,
    dispose() {
      for (const stream of open) {
        stream.dispose();
      }
      void folder?.remove().catch((error: unknown) => log?.(`a temporary folder stays: ${String(error)}`));
      folder = undefined;
    },
  };
}

function splittersFor(listener: StreamListener): Readonly<Record<'stdout' | 'stderr', LineSplitter>> {
  return {
    stdout: new LineSplitter((line) => listener.onLine(line, 'stdout')),
    stderr: new LineSplitter((line) => listener.onLine(line, 'stderr')),
  };
}

function streamEnd(tool: ToolId, end: KeptProcessEnd): StreamEnd {
  const { exitCode, said, retryIn } = end;
  const error = problemOf(tool, end);
  return { ...(exitCode !== undefined && { exitCode }), ...(error && { error }), said, retryIn };
}

function problemOf(tool: ToolId, { exitCode, error, silent, said, words = [] }: KeptProcessEnd): ToolError | undefined {
  const { title } = toolCatalogue[tool];
  const details = { ...(exitCode !== undefined && { exitCode }), stderrTail: said, command: words };
  if (ToolError.is(error)) {
    return error;
  }
  if (error !== undefined) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' || code === 'EACCES' ? 'notFound' : 'exit';
    return new ToolError(reason, tool, `${title} could not be started: ${message}`, details);
  }
  if (silent) {
    return new ToolError('timeout', tool, `${title} did not answer`, details);
  }
  return exitCode === 0 ? undefined : new ToolError('exit', tool, `${title} ended with exit code ${exitCode}`, details);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
