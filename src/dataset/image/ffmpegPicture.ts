import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToolPlan } from '../../process/toolPlan.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';

/** Bytes of the picture that ffmpeg may write: 16-bit RGBA of a hundred million pixels. */
const MOST_OUTPUT = 800 * 10 ** 6;

/** A picture that sharp does not read, as PNG, by ffmpeg. Rejects with a `ToolError`. */
export async function decodeByFfmpeg(runner: ToolRunner, file: string, signal?: AbortSignal): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-picture-'));
  try {
    const output = join(folder, 'picture.png');
    const plan: ToolPlan<undefined> = {
      tool: 'ffmpeg',
      args: ['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file', '-i', `file:${file}`, '-frames:v', '1', '-f', 'image2', '-c:v', 'png', '-update', '1', `file:${output}`],
      limits: { fileSize: MOST_OUTPUT, wallSeconds: 60, memory: 4 * 2 ** 30 },
      parse: () => undefined,
    };
    await runner.run(plan, { ...(signal && { signal }) });
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
