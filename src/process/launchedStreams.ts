import type { Disposable } from '../base/disposable.ts';
import type { KeptProcessEnd } from './keptProcess.ts';
import { LeavingProcesses, keepProcess } from './keptProcess.ts';
import { LineSplitter } from './lineSplitter.ts';
import type { OnChunk, StreamProcess } from './streamProcess.ts';
import type { Timers } from './timers.ts';
import { toolCatalogue } from './toolCatalogue.ts';
import { ToolError } from './toolError.ts';
import type { ToolId } from './toolPlan.ts';
import type { AskedOutput, StreamEnd, StreamListener, StreamPlan, ToolStreams } from './toolStreams.ts';

/** Starts tools, here or on another machine. */
export interface ToolLauncher {
  /** Looks for a tool, and gives what starts it. Rejects with a `ToolError`. */
  find(plan: StreamPlan): Promise<(onChunk: OnChunk) => StreamProcess>;
  /** Runs a tool to its end, which may never come. Rejects with a `ToolError`. */
  ask(tool: ToolId, args: readonly string[], wallSeconds: number): Promise<AskedOutput>;
}

/** What all processes of one tool share. */
interface Kind {
  readonly leaving: LeavingProcesses;
  /** Settles when the last command that was asked for has gone. */
  asking: Promise<unknown>;
}

const FIRST_DELAY = 1000;
const LONGEST_DELAY = 5 * 60_000;
/** Seconds. */
const ASK_WALL = 20;
/** Beyond its wall time a command gets SIGTERM and then SIGKILL, in milliseconds; whoever is still there after that is wedged. */
const ASK_GRACE = 5000;

/** Keeps tools running that a launcher starts. Disposing ends those that still run. */
export function createLaunchedStreams(launcher: ToolLauncher, timers: Timers, log?: (line: string) => void): ToolStreams & Disposable {
  const kinds = new Map<ToolId, Kind>();
  const open = new Set<Disposable>();

  function kindOf(tool: ToolId): Kind {
    let kind = kinds.get(tool);
    if (kind === undefined) {
      kinds.set(tool, (kind = { leaving: new LeavingProcesses(), asking: Promise.resolve() }));
    }
    return kind;
  }

  function openStream(plan: StreamPlan, listener: StreamListener): Disposable {
    let lines = splittersFor(listener);
    const kept = keepProcess(
      { find: () => launcher.find(plan), silence: plan.silence, firstDelay: FIRST_DELAY, longestDelay: LONGEST_DELAY },
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
      timers,
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

  /** Rejects when the time is up, and leaves the place in the line taken for as long as the command is there. */
  function ask(tool: ToolId, args: readonly string[], { wallSeconds = ASK_WALL } = {}): Promise<AskedOutput> {
    const kind = kindOf(tool);
    const before = kind.asking;
    return new Promise<AskedOutput>((resolve, reject) => {
      const giveUp = (): void => reject(new ToolError('timeout', tool, `${toolCatalogue[tool].title} does not answer`));
      let late = timers.after(wallSeconds * 1000, () => {
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
        late = timers.after(wallSeconds * 1000 + ASK_GRACE, giveUp);
        await launcher.ask(tool, args, wallSeconds).then(resolve, reject);
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

function problemOf(tool: ToolId, { exitCode, error, silent, said }: KeptProcessEnd): ToolError | undefined {
  const { title } = toolCatalogue[tool];
  const details = { ...(exitCode !== undefined && { exitCode }), stderrTail: said };
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
