import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { LONGEST_LINE, type SharpBanner, type SharpJob, type SharpResult } from './engines/sharpProtocol.ts';
import { openSharpPixels, type SharpPixels } from './engines/sharpPixels.ts';
import { stripMetadata } from './engines/sharpStrip.ts';

/**
 * Entry of `dist/sharpWorker.js`. `--version` prints a `SharpBanner` and exits 0, or 1 with a line on stderr where sharp cannot
 * be loaded. Without arguments it reads `SharpJob` lines on stdin until they end and answers each with a `SharpResult` line.
 * It writes to a job's output and nowhere else. sharp is loaded for the first job that needs pixels: stripping does not.
 */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--version')) {
    const banner: SharpBanner = (await openSharpPixels()).banner;
    await print(banner);
    return;
  }
  let pixels: Promise<SharpPixels> | undefined;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line !== '') {
      const job = JSON.parse(line) as SharpJob;
      await print(await run(job, () => (pixels ??= openSharpPixels())));
    }
  }
}

async function run(job: SharpJob, pixels: () => Promise<SharpPixels>): Promise<SharpResult> {
  const { index, work } = job;
  try {
    if (work.kind === 'strip') {
      const { bytes, problems } = stripMetadata(await readFile(work.input), work);
      if (problems.length > 0 && !job.salvage) {
        return { index, state: 'failed', lines: problems };
      }
      await writeFile(work.output, bytes);
      return { index, state: problems.length > 0 ? 'complained' : 'clean', lines: problems };
    }
    const { complaints } = await (await pixels()).convert(work, job.salvage);
    return { index, state: complaints.length > 0 ? 'complained' : 'clean', lines: complaints };
  } catch (error) {
    return { index, state: 'failed', lines: describe(error) };
  }
}

function describe(error: unknown): readonly string[] {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').slice(0, 3).map((line) => line.slice(0, LONGEST_LINE));
}

/** Resolves when the line is handed over: `process.exit` would cut a pipe's queue. */
function print(value: SharpBanner | SharpResult): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${JSON.stringify(value)}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`sharp cannot be used: ${describe(error).join(' ')}\n`);
  process.exitCode = 1;
});
