import { toDisposable, type Disposable } from '../../../base/disposable.ts';
import { ToolError } from '../../../process/toolError.ts';
import type { AskedOutput, StreamEnd, StreamListener, StreamPlan, ToolStreams } from '../../../process/toolStreams.ts';

/** What nvidia-smi says, in one version or another, where it does not know an argument. Fields that it does not know are called fields. */
const USAGE = /\boption\b.*\bnot recogni[sz]ed|-lms\b.*\b(?:invalid|unknown|unrecogni[sz]ed|not supported)|invalid combination of input arguments|(?:invalid|unknown|unrecogni[sz]ed) (?:option|argument)/i;
/** Milliseconds between two starts at least. */
const PACE = 5000;
/** A start holds the driver up for as long as it lasts: no more than one in so many parts of the time. */
const SHARE = 10;
const LONGEST_PACE = 300_000;

/**
 * Keeps queries of nvidia-smi going by `-lms`. Where a driver does not know that, or does not let it, each is asked again and
 * again instead: seldom, never two at once, and the more seldom the longer it takes or the oftener it fails.
 */
export class LoopStreams implements ToolStreams {
  readonly ask: ToolStreams['ask'];
  /** Milliseconds from one answer to the next, where they are asked for singly; 0 while they come by themselves. */
  pace = 0;

  constructor(private readonly streams: ToolStreams) {
    this.ask = (...words) => streams.ask(...words);
  }

  /** Whether this driver has to be asked for each answer. */
  get isPolling(): boolean {
    return this.pace > 0;
  }

  /** `plan.args` end with `-lms` and the milliseconds. */
  open(plan: StreamPlan, listener: StreamListener): Disposable {
    if (this.isPolling) {
      return this.poll(plan, listener);
    }
    let heard = false;
    const stream = this.streams.open(plan, {
      onLine(line, from) {
        heard ||= !USAGE.test(line);
        listener.onLine(line, from);
      },
      onSilent: () => listener.onSilent(),
      onEnd: (end) => {
        if (heard || end.exitCode === 0 || !USAGE.test(end.said)) {
          listener.onEnd(end);
          return;
        }
        this.pace ||= PACE;
        open.dispose();
        open = this.poll(plan, listener);
      },
    });
    let open = stream;
    return toDisposable(() => open.dispose());
  }

  private poll({ tool, args }: StreamPlan, listener: StreamListener): Disposable {
    const words = args.slice(0, -2);
    let over = false;
    let failures = 0;
    let timer: NodeJS.Timeout | undefined;
    const next = (pause: number): void => {
      if (!over) {
        timer = setTimeout(() => void once(), pause);
        timer.unref();
      }
    };
    const once = async (): Promise<void> => {
      const began = performance.now();
      const answer: AskedOutput | ToolError = await this.ask(tool, words).catch((error: unknown) =>
        ToolError.is(error) ? error : new ToolError('exit', tool, String(error)),
      );
      const pace = Math.min(LONGEST_PACE, Math.max(PACE, SHARE * (performance.now() - began)));
      if (over) {
        return;
      }
      if (!(answer instanceof ToolError) && answer.exitCode === 0) {
        failures = 0;
        this.pace = pace;
        linesOf(answer.stdout).forEach((line) => listener.onLine(line, 'stdout'));
        next(pace);
        return;
      }
      const retryIn = Math.min(LONGEST_PACE, pace * 2 ** failures++);
      if (answer instanceof ToolError && answer.reason === 'timeout') {
        listener.onSilent();
      } else {
        listener.onEnd(endOf(answer, retryIn));
      }
      next(retryIn);
    };
    void once();
    return toDisposable(() => {
      over = true;
      clearTimeout(timer);
    });
  }
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

function endOf(answer: AskedOutput | ToolError, retryIn: number): StreamEnd {
  if (answer instanceof ToolError) {
    return { error: answer, said: answer.message, retryIn };
  }
  const said = answer.stderr.trim() === '' ? answer.stdout : answer.stderr;
  return { exitCode: answer.exitCode, said: said.slice(-4096), retryIn };
}
