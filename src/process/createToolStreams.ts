import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Disposable } from '../base/disposable.ts';
import { commandLine } from './commandLine.ts';
import { createToolRunner } from './createToolRunner.ts';
import type { FoundTool } from './foundTool.ts';
import { holdingWords } from './heldCommand.ts';
import { createLaunchedStreams } from './launchedStreams.ts';
import type { PrivateFolder } from './privateFolder.ts';
import { PrivateFolders } from './privateFolder.ts';
import type { StreamProcessOptions } from './streamProcess.ts';
import { startStreamProcess } from './streamProcess.ts';
import { systemTimers } from './timers.ts';
import { toolEnvironment } from './toolEnvironment.ts';
import { ToolError } from './toolError.ts';
import type { ToolId } from './toolPlan.ts';
import type { ToolState } from './toolSearch.ts';
import type { ToolStreams } from './toolStreams.ts';
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

/** Keeps tools of this machine running. Disposing ends those that still run. */
export function createToolStreams(options: ToolStreamsOptions): ToolStreams & Disposable {
  const { env = process.env, log, temporaryFolder = tmpdir() } = options;
  const how: StreamProcessOptions = { timers: systemTimers, ...options.process };
  const folders = new PrivateFolders(temporaryFolder);
  let wrappers: Promise<Wrappers> | undefined;
  let folder: PrivateFolder | undefined;

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

  const streams = createLaunchedStreams(
    {
      async find(plan) {
        const tool = await found(plan.tool);
        const holding = holdingWords(plan.tool, undefined, await prepared());
        const words = [tool.path, ...tool.prefix, ...plan.args];
        return (onChunk) => {
          const { path } = (folder ??= folders.make());
          log?.(`${plan.tool}: starts: ${commandLine(words)}`);
          return startStreamProcess(
            { words: [...holding, ...words], folder: path, env: toolEnvironment(plan.tool, path, env, plan.env) },
            onChunk,
            how,
          );
        };
      },
      async ask(tool, args, wallSeconds) {
        const runner = createToolRunner({
          tools: new Map([[tool, await found(tool)]]),
          env,
          wrappers: await prepared(),
          temporaryFolder,
          ...(log && { log }),
        });
        const { output } = await runner.execute({ tool, args, limits: { wallSeconds }, parse: (said) => said });
        return { exitCode: output.exitCode, stdout: output.stdout, stderr: output.stderr };
      },
    },
    how.timers,
    log,
  );

  return {
    ...streams,
    dispose() {
      streams.dispose();
      void folder?.remove().catch((error: unknown) => log?.(`a temporary folder stays: ${String(error)}`));
      folder = undefined;
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
