import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { printable } from '../base/printable.ts';
import type { Candidate } from './candidates.ts';
import { createToolRunner } from './createToolRunner.ts';
import type { FoundTool } from './foundTool.ts';
import type { Identity, ToolDescriptor } from './toolDescriptor.ts';
import { ToolError } from './toolError.ts';
import type { Wrappers } from './wrappers.ts';

const ANSWER_BYTES = 256 * 1024;
const QUOTED_CHARACTERS = 120;

export interface InquiryOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly wrappers: Wrappers;
  /** Where the private folders of the programs that are asked are made. */
  readonly temporaryFolder: string;
  /** How long a program may take to say what it is. */
  readonly answerSeconds: number;
}

/** Asks programs what they are, and remembers tools for as long as their files stay as they are. */
export class ToolInquiry {
  private readonly found = new Map<string, FoundTool>();

  /** The tool, or why the program is not it. `prefix`: arguments in front of its own, files whose change counts as the program's. */
  async ask(tool: ToolDescriptor, candidate: Candidate, prefix: readonly string[], options: InquiryOptions): Promise<FoundTool | string> {
    const files = [fileKey(candidate.target, candidate.stat), ...prefix.map((path) => fileKey(path, statSync(path)))];
    const key = [tool.id, candidate.path, options.env.LD_LIBRARY_PATH ?? '', ...files].join('\0');
    const answer = this.found.get(key) ?? (await inquire(tool, candidate, prefix, files, options));
    // A program that did not answer may have been busy: it is asked again.
    if (typeof answer !== 'string') {
      this.found.set(key, answer);
    }
    return answer;
  }
}

async function inquire(
  tool: ToolDescriptor,
  { path }: Candidate,
  prefix: readonly string[],
  files: readonly string[],
  { env, wrappers, temporaryFolder, answerSeconds }: InquiryOptions,
): Promise<FoundTool | string> {
  const unknown: FoundTool = { id: tool.id, path, prefix, version: '', banner: '', features: new Set(), buildId: '' };
  const runner = createToolRunner({ tools: new Map([[tool.id, unknown]]), env, wrappers, temporaryFolder });
  try {
    const { output } = await runner.execute({
      tool: tool.id,
      args: tool.bannerArgs,
      limits: { wallSeconds: answerSeconds },
      keep: ANSWER_BYTES,
      parse: (answer) => answer,
    });
    const identity: Identity | undefined = tool.identify(output.stdout) ?? tool.identify(output.stderr);
    if (identity === undefined) {
      const said = quoted(output.stdout) ?? quoted(output.stderr) ?? `nothing, and ends with exit code ${output.exitCode}`;
      return `it is not ${tool.title}: it says ${said}`;
    }
    return { ...unknown, ...identity, buildId: hashOf([path, identity.banner, ...files]) };
  } catch (error) {
    if (!ToolError.is(error)) {
      throw error;
    }
    return error.reason === 'timeout' ? `it did not answer within ${answerSeconds} s` : error.message;
  }
}

function fileKey(path: string, { size, mtimeMs }: { readonly size: number; readonly mtimeMs: number }): string {
  return `${path}\0${size}\0${mtimeMs}`;
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

/** The first line that says something. */
function quoted(said: string): string | undefined {
  const line = said.split('\n').find((text) => text.trim() !== '');
  return line && `“${printable(line.trim()).slice(0, QUOTED_CHARACTERS)}”`;
}
