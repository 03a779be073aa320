import type { AskedOutput } from '../../process/toolStreams.ts';
import { ToolError } from '../../process/toolError.ts';
import type { GpuProblem } from '../gpuSample.ts';
import { problemOf } from './toolProblem.ts';

/** Milliseconds that an answer still counts after the next was due, where nobody asked: a slow rhythm is no silence. */
const GRACE = 90_000;
/** The wait after failures doubles up to this many times. */
const MOST_DOUBLINGS = 5;

/** What was heard last. */
export interface Answer<T> {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly value: T;
}

/**
 * Something that a slow tool is asked for again and again: never twice at once, never more often than every so many milliseconds,
 * and less and less often while it fails.
 */
export class Inquiry<T> {
  answer: Answer<T> | undefined;
  /** Of the last time; undefined where it went well. */
  problem: GpuProblem | undefined;
  private readonly question: () => Promise<AskedOutput>;
  private readonly read: (output: AskedOutput) => T | undefined;
  private readonly title: string;
  private readonly milliseconds: number;
  private failures = 0;
  private asking = false;
  private due = -Infinity;

  /** `read`: undefined where it is not what such a tool says. */
  constructor(title: string, milliseconds: number, question: () => Promise<AskedOutput>, read: (output: AskedOutput) => T | undefined) {
    this.title = title;
    this.milliseconds = milliseconds;
    this.question = question;
    this.read = read;
  }

  /** Whether the tool is not there at all. */
  get isMissing(): boolean {
    return this.problem?.reason === 'toolMissing';
  }

  /** What was heard last, unless that was too long ago. */
  fresh(now: number): Answer<T> | undefined {
    const longest = 3 * this.milliseconds + (this.problem === undefined ? GRACE : 0);
    return this.answer !== undefined && now - this.answer.time <= longest ? this.answer : undefined;
  }

  /** Asks where it is time; `onDone` is called when something was heard. Milliseconds since the epoch. */
  turn(now: number, onDone: () => void = () => undefined): void {
    if (this.asking || (now < this.due && this.due - now <= this.milliseconds * 2 ** MOST_DOUBLINGS)) {
      return;
    }
    this.asking = true;
    void this.hear(now).then(() => {
      this.asking = false;
      this.due = now + this.milliseconds * 2 ** Math.min(this.failures, MOST_DOUBLINGS);
      onDone();
    });
  }

  private async hear(now: number): Promise<void> {
    try {
      const output = await this.question();
      const value = this.read(output);
      if (value === undefined) {
        throw new ToolErrorText(output);
      }
      this.answer = { time: now, value };
      this.problem = undefined;
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      const said = error instanceof ToolErrorText ? error.said : ToolError.is(error) ? error.stderrTail : '';
      this.problem = problemOf(this.title, said, ToolError.is(error) ? error : undefined);
    }
  }
}

class ToolErrorText extends Error {
  readonly said: string;

  constructor({ stdout, stderr }: AskedOutput) {
    super('not understood');
    this.said = stderr.trim() === '' ? stdout.slice(-2000) : stderr.slice(-2000);
  }
}
