import type { ToolId } from './toolPlan.ts';

export type ToolErrorReason = 'notFound' | 'exit' | 'cancelled' | 'timeout' | 'lied' | 'parse';

export interface ToolErrorDetails {
  readonly exitCode?: number;
  /** The last lines the tool wrote to stderr. */
  readonly stderrTail?: string;
  /** The command as it was run, absolute path first. */
  readonly command?: readonly string[];
}

/** A run that gave no result. Faces turn `reason` into words and an action; `cancelled` is silent. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly exitCode: number | undefined;
  readonly stderrTail: string;
  readonly command: readonly string[];

  constructor(
    readonly reason: ToolErrorReason,
    readonly tool: ToolId,
    message: string,
    details: ToolErrorDetails = {},
  ) {
    super(message);
    this.exitCode = details.exitCode;
    this.stderrTail = details.stderrTail ?? '';
    this.command = details.command ?? [];
  }

  static is(error: unknown, reason?: ToolErrorReason): error is ToolError {
    return error instanceof ToolError && (reason === undefined || error.reason === reason);
  }
}
