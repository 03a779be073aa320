import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LoopStreams } from '../../../../../src/monitor/gpu/nvidia/loopStreams.ts';
import { ToolError } from '../../../../../src/process/toolError.ts';
import type { AskedOutput, StreamEnd, StreamListener } from '../../../../../src/process/toolStreams.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const PLAN = { tool: 'nvidia-smi', args: ['--query-gpu=index', '--format=csv', '-lms', '1000'], silence: 30_000 } as const;

/** A driver that ends a stream with these words, and answers a single question after a while. */
function scene(said: string, answer: () => AskedOutput | ToolError, takes = 100) {
  const told: string[] = [];
  const asked: { readonly words: string; readonly at: number }[] = [];
  let running = 0;
  let most = 0;
  let opened: StreamListener | undefined;
  const loops = new LoopStreams({
    open(_, listener) {
      opened = listener;
      return { dispose: () => told.push('closed') };
    },
    async ask(tool, args) {
      asked.push({ words: [tool, ...args].join(' '), at: Date.now() - 1_000_000 });
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, takes));
      running--;
      const given = answer();
      if (given instanceof ToolError) {
        throw given;
      }
      return given;
    },
  });
  const stream = loops.open(PLAN, {
    onLine: (line) => told.push(line),
    onSilent: () => told.push('silent'),
    onEnd: ({ said: words, retryIn }: StreamEnd) => told.push(`ended: ${words}; ${retryIn}`),
  });
  const end = (): void => opened?.onEnd({ exitCode: 2, said, retryIn: 1000 });
  return { loops, stream, told, asked, end, listener: () => opened as StreamListener, most: () => most };
}

const rows = (): AskedOutput => ({ exitCode: 0, stdout: '0\r\n1\r\n', stderr: '' });

describe('where nvidia-smi does not repeat its answers', () => {
  it.each([
    'Option "-lms" is not recognized. Please run \'nvidia-smi -h\'.',
    'Invalid combination of input arguments. Please run \'nvidia-smi -h\' for help.',
    'ERROR: unknown option -lms',
  ])('which it says by “%s”, it is asked each time, seldom and never twice at once', async (said) => {
    const { loops, told, asked, end, most } = scene(said, rows);
    end();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(told).toEqual(['closed', '0', '1', '0', '1', '0', '1']);
    expect(asked).toEqual([0, 5100, 10_200].map((at) => ({ words: 'nvidia-smi --query-gpu=index --format=csv', at })));
    expect([most(), loops.isPolling, loops.pace]).toEqual([1, true, 5000]);
  });

  it('a driver that takes long to answer is asked the more seldom', async () => {
    const { asked, end, loops } = scene('unknown option', rows, 2000);
    end();
    await vi.advanceTimersByTimeAsync(50_000);
    expect([asked.map(({ at }) => at), loops.pace]).toEqual([[0, 22_000, 44_000], 20_000]);
  });

  it('one that fails is asked after ever longer pauses, and at the usual pace once it answers', async () => {
    let answer: () => AskedOutput | ToolError = () => ({ exitCode: 9, stdout: 'no driver', stderr: '' });
    const { told, asked, end } = scene('unknown option', () => answer());
    end();
    await vi.advanceTimersByTimeAsync(36_000);
    expect(asked.map(({ at }) => at)).toEqual([0, 5100, 15_200, 35_300]);
    answer = () => new ToolError('timeout', 'nvidia-smi', 'it does not answer');
    await vi.advanceTimersByTimeAsync(40_000);
    answer = rows;
    await vi.advanceTimersByTimeAsync(100_000);
    expect(told.slice(0, 6)).toEqual(['closed', 'ended: no driver; 5000', 'ended: no driver; 10000', 'ended: no driver; 20000', 'ended: no driver; 40000', 'silent']);
    const last = asked.slice(-2).map(({ at }) => at);
    expect([told.at(-1), (last[1] ?? 0) - (last[0] ?? 0)]).toEqual(['1', 5100]);
  });

  it('nothing is asked any more by who does not listen, and a second query is polled from the start', async () => {
    const { loops, stream, asked, end } = scene('unknown option', rows);
    end();
    await vi.advanceTimersByTimeAsync(200);
    stream.dispose();
    const other = loops.open({ ...PLAN, args: ['--query-compute-apps=pid', '-lms', '2000'] }, { onLine: () => {}, onSilent: () => {}, onEnd: () => {} });
    await vi.advanceTimersByTimeAsync(200);
    other.dispose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.map(({ words }) => words)).toEqual(['nvidia-smi --query-gpu=index --format=csv', 'nvidia-smi --query-compute-apps=pid']);
  });
});

it.each(['Field "power.draw.instant" is not a valid field to query.', 'NVIDIA-SMI has failed because it couldn\'t communicate with the NVIDIA driver.', 'No devices were found', ''])(
  'a stream that ends with “%s” is told of, and stays one',
  async (said) => {
    const { loops, told, asked, end } = scene(said, rows);
    end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([told, asked, loops.isPolling]).toEqual([[`ended: ${said}; 1000`], [], false]);
  },
);

it('a stream that has told of GPUs stays one, whatever it ends with', () => {
  const { loops, listener, end } = scene('unknown option', rows);
  listener().onLine('0', 'stdout');
  end();
  expect(loops.isPolling).toBe(false);
});
