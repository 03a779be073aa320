import { EXIT, type CliIo } from '../../base/cliIo.ts';
import { printable } from '../../base/printable.ts';
import { RequestError } from '../requestError.ts';
import { jsonReport } from './jsonReport.ts';
import type { Report } from './report.ts';
import { textReport } from './textReport.ts';

export interface Answering<A extends { readonly json: boolean }> {
  readonly usage: string;
  readonly parse: (args: readonly string[]) => A | 'help' | { readonly fault: string };
  /** Resolves to the exit code. May throw a `RequestError`. */
  readonly answer: (parsed: A, report: Report) => Promise<number>;
}

/** A command whose report is text or JSON lines: its help, what is wrong with its arguments or its request, and its answer. Resolves to the exit code. */
export async function answering<A extends { readonly json: boolean }>(args: readonly string[], io: CliIo, { usage, parse, answer }: Answering<A>): Promise<number> {
  const parsed = parse(args);
  if (parsed === 'help') {
    io.out(usage);
    return EXIT.done;
  }
  if ('fault' in parsed) {
    // Where a program is to read the answer, it is told as well.
    if (args.includes('--json')) {
      io.out(`${JSON.stringify({ kind: 'error', reason: 'arguments', message: parsed.fault })}\n`);
    }
    io.err(`${printable(parsed.fault)}\n\n${usage}`);
    return EXIT.badRequest;
  }
  const report = parsed.json ? jsonReport(io) : textReport(io);
  try {
    return await answer(parsed, report);
  } catch (error) {
    if (!RequestError.is(error)) {
      throw error;
    }
    report.refused(error);
    return EXIT.badRequest;
  }
}
