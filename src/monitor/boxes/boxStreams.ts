import type { Disposable } from '../../base/disposable.ts';
import { BoundedText } from '../../process/boundedText.ts';
import { createLaunchedStreams } from '../../process/launchedStreams.ts';
import type { OnChunk, StreamProcess } from '../../process/streamProcess.ts';
import type { Timers } from '../../process/timers.ts';
import { toolCatalogue } from '../../process/toolCatalogue.ts';
import { ToolError } from '../../process/toolError.ts';
import type { ToolId } from '../../process/toolPlan.ts';
import type { AskedOutput, ToolStreams } from '../../process/toolStreams.ts';
import type { BoxSession } from './boxSession.ts';

/** Bytes of what a command says that are kept. */
const KEEP = 8 * 1024 * 1024;
/** A shell's word for a program that is not there, or is none. */
const NOT_FOUND = [126, 127];

/** The tools of a box, by their names on its PATH. They end with the link. */
export function createBoxStreams(session: BoxSession, timers: Timers): ToolStreams & Disposable {
  return createLaunchedStreams(
    {
      find: async ({ tool, args, env = {} }) => {
        const words = [...envWords(env), nameOf(tool), ...args];
        return (onChunk: OnChunk): StreamProcess => {
          const process = session.run(words, onChunk);
          const gone = process.gone.then((end) => (NOT_FOUND.includes(end.exitCode ?? 0) ? { ...end, error: notFound(tool) } : end));
          return { ...process, gone };
        };
      },
      async ask(tool, args, wallSeconds) {
        const output = await runOnBox(session, [nameOf(tool), ...args], wallSeconds, timers);
        if (output === undefined) {
          throw new ToolError('timeout', tool, `${toolCatalogue[tool].title} was not done within ${wallSeconds} s`);
        }
        if (NOT_FOUND.includes(output.exitCode)) {
          throw notFound(tool);
        }
        return output;
      },
    },
    timers,
  );
}

/** Runs a program on a box to its end. undefined where it took too long and was ended, or the link was. */
export async function runOnBox(
  session: BoxSession,
  words: readonly string[],
  wallSeconds: number,
  timers: Timers,
): Promise<AskedOutput | undefined> {
  const stdout = new BoundedText(KEEP);
  const stderr = new BoundedText(KEEP);
  let late = false;
  const process = session.run(words, (chunk, stream) => (stream === 'stdout' ? stdout : stderr).add(chunk));
  const timer = timers.after(wallSeconds * 1000, () => {
    late = true;
    process.end();
  });
  const { exitCode } = await process.gone;
  timer.dispose();
  return late || exitCode === undefined ? undefined : { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

function nameOf(tool: ToolId): string {
  return toolCatalogue[tool].executables[0]?.name ?? tool;
}

function envWords(env: Readonly<Record<string, string>>): readonly string[] {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return settings.length === 0 ? [] : ['env', ...settings];
}

function notFound(tool: ToolId): ToolError {
  return new ToolError('notFound', tool, `${toolCatalogue[tool].title} was not found there`);
}
