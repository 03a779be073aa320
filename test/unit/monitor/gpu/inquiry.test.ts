import { describe, expect, it, vi } from 'vitest';
import { Inquiry } from '../../../../src/monitor/gpu/inquiry.ts';
import { ToolError } from '../../../../src/process/toolError.ts';
import type { AskedOutput } from '../../../../src/process/toolStreams.ts';

const said = (stdout: string): AskedOutput => ({ exitCode: 0, stdout, stderr: '' });
const settled = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
};

describe('asking a slow tool', () => {
  it('never asks twice at once, nor before it is time', async () => {
    let answer: ((output: AskedOutput) => void) | undefined;
    const question = vi.fn(() => new Promise<AskedOutput>((resolve) => (answer = resolve)));
    const inquiry = new Inquiry('a tool', 10_000, question, ({ stdout }) => stdout);
    inquiry.turn(0);
    inquiry.turn(60_000);
    expect(question).toHaveBeenCalledTimes(1);
    answer?.(said('one'));
    await settled();
    expect(inquiry.answer).toEqual({ time: 0, value: 'one' });
    inquiry.turn(9999);
    expect(question).toHaveBeenCalledTimes(1);
    inquiry.turn(10_000);
    expect(question).toHaveBeenCalledTimes(2);
  });

  it('asks ever less often while it fails, and as before once it answers', async () => {
    let isWell = false;
    const question = vi.fn(async () => {
      if (!isWell) {
        throw new ToolError('timeout', 'npu-smi', 'no answer');
      }
      return said('well');
    });
    const inquiry = new Inquiry('a tool', 1000, question, ({ stdout }) => stdout);
    const asked: number[] = [];
    for (let now = 0; now < 70_000; now += 1000) {
      const before = question.mock.calls.length;
      inquiry.turn(now);
      await settled();
      if (question.mock.calls.length > before) {
        asked.push(now / 1000);
      }
      isWell = now >= 62_000;
    }
    expect(asked).toEqual([0, 2, 6, 14, 30, 62]);
    inquiry.turn(94_000);
    await settled();
    expect(inquiry.problem).toBeUndefined();
    inquiry.turn(95_000);
    expect(question).toHaveBeenCalledTimes(8);
  });

  it('asks again where the clock was set back', async () => {
    const question = vi.fn(async () => said('x'));
    const inquiry = new Inquiry('a tool', 1000, question, ({ stdout }) => stdout);
    inquiry.turn(1_700_000_000_000);
    await settled();
    inquiry.turn(0);
    expect(question).toHaveBeenCalledTimes(2);
  });

  it('keeps what was heard for a while, and longer where nobody asked since', async () => {
    let isWell = true;
    const inquiry = new Inquiry('a tool', 10_000, async () => said(isWell ? 'well' : ''), ({ stdout }) => (stdout === '' ? undefined : stdout));
    inquiry.turn(0);
    await settled();
    expect(inquiry.fresh(60_000)?.value).toBe('well');
    isWell = false;
    inquiry.turn(20_000);
    await settled();
    expect(inquiry.problem).toMatchObject({ reason: 'unknown' });
    expect(inquiry.fresh(30_000)?.value).toBe('well');
    expect(inquiry.fresh(31_000)).toBeUndefined();
  });
});
