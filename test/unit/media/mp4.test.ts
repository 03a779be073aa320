import { execFile } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesInMemory, FileBytes } from '../../../src/media/byteSource.ts';
import { readMp4 } from '../../../src/media/headers/mp4.ts';
import { readTracks } from '../../../src/media/tracks.ts';

const run = promisify(execFile);
const SOURCES = ['-f', 'lavfi', '-i', 'testsrc2=s=322x180:r=30000/1001:d=1.5', '-f', 'lavfi', '-i', 'sine=d=1.5:r=44100'];
/** Arguments after the sources, and whether the header alone tells everything. */
const MADE: Readonly<Record<string, readonly [args: readonly string[], decided: boolean]>> = {
  'plain.mp4': [['-c:v', 'libx264', '-c:a', 'aac'], true],
  'moov first.mp4': [['-c:v', 'libx264', '-c:a', 'aac', '-movflags', '+faststart'], true],
  'without sound.mp4': [['-map', '0:v', '-c:v', 'libx264', '-bf', '3'], true],
  'surround.m4a': [['-map', '1:a', '-ac', '6', '-c:a', 'aac', '-f', 'mp4'], true],
  'low rate.m4a': [['-map', '1:a', '-ar', '11025', '-c:a', 'aac', '-f', 'mp4'], true],
  'hevc.mp4': [['-map', '0:v', '-c:v', 'libx265', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'], true],
  'hdr.mp4': [['-map', '0:v', '-c:v', 'libx265', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p10le', '-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc'], true],
  'ten bits.mp4': [['-map', '0:v', '-c:v', 'libx264', '-pix_fmt', 'yuv420p10le'], false],
  'fragments.mp4': [['-c:v', 'libx264', '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov'], false],
  'alac.m4a': [['-map', '1:a', '-c:a', 'alac', '-f', 'mp4'], false],
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trainyard-mp4-'));
  for (const [name, [args]] of Object.entries(MADE)) {
    await run('ffmpeg', ['-v', 'error', '-nostdin', ...SOURCES, ...args, join(folder, name)]);
  }
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', join(folder, 'plain.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', join(folder, 'turned.mp4')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function both(name: string) {
  const fd = openSync(join(folder, name), 'r');
  try {
    const { size } = fstatSync(fd);
    const source = new FileBytes(fd, size, Buffer.alloc(65_536));
    return { ours: readMp4(source), theirs: await readTracks({ fd, origin: 0, source, signal: undefined }, 'mp4') };
  } finally {
    closeSync(fd);
  }
}

describe('the header of MP4', () => {
  // The clock of a movie ticks in milliseconds.
  it.each([...Object.keys(MADE), 'turned.mp4'])('%s: says what mediabunny finds by walking through the packets, or nothing', async (name) => {
    const { ours, theirs } = await both(name);
    expect(ours.duration !== undefined).toBe(MADE[name]?.[1] ?? true);
    if (ours.duration !== undefined) {
      expect(ours).toEqual({
        ...theirs,
        duration: expect.closeTo(theirs.duration as number, 2),
        ...(theirs.video && { video: { ...theirs.video, frameRate: expect.closeTo(theirs.video.frameRate as number, 3) } }),
      });
    }
  });

  it('tells how much of a file that was cut short is there', () => {
    const whole = readFileSync(join(folder, 'moov first.mp4'));
    const { problems, video } = readMp4(bytesInMemory(whole.subarray(0, whole.length - 5000)));
    expect(video).toBeDefined();
    expect(problems).toEqual([`cut short: ${whole.length - 5000} of ${whole.length} bytes are there`]);
  });

  it('never throws over what it finds', () => {
    const whole = readFileSync(join(folder, 'moov first.mp4')).subarray(0, 4096);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 }), fc.nat(whole.length), (changes, cut) => {
        const mutant = Buffer.from(whole);
        changes.forEach(([at, value]) => mutant.writeUInt8(value, at));
        const { duration, problems } = readMp4(bytesInMemory(mutant.subarray(0, cut)));
        expect(duration === undefined || (typeof duration === 'number' && duration > 0)).toBe(true);
        expect(Array.isArray(problems)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
