import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { JobStatus } from '../../../../src/convert/job.ts';
import type { Jobs } from '../../../../src/convert/jobs.ts';
import { inProcess, requestFor } from './jobsBench.ts';
import { cleanUp, hashes, newFolder, tree } from './runBench.ts';

let data: string;
let jobs: Jobs;
let files: readonly string[];

beforeEach(async () => {
  data = newFolder();
  jobs = await inProcess();
});
afterEach(cleanUp);

/** Ten files of three seconds, of which the fourth is damaged in the middle. */
function makeFiles(extension: string, ...codec: readonly string[]): void {
  files = Array.from({ length: 10 }, (_, index) => join(data, `${index}.${extension}`));
  const [first = '', ...others] = files;
  execFileSync('/usr/bin/ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'anoisesrc=d=3:c=pink:a=0.3', ...codec, first]);
  others.forEach((path) => copyFileSync(first, path));
  const bytes = readFileSync(first);
  bytes.fill(0xa5, bytes.length >> 1, (bytes.length >> 1) + 400);
  writeFileSync(files[3] ?? '', bytes);
}

async function converted(salvage: boolean): Promise<JobStatus> {
  const { id } = await jobs.plan(requestFor([data], { preset: 'audio.wav-16k-mono', options: {}, salvage, output: join(data, 'out') }));
  return jobs.run(id);
}

describe.each([
  ['m4a', ['-c:a', 'aac']],
  ['flac', ['-c:a', 'flac']],
])('one damaged file among ten, %s', (extension, codec) => {
  it('fails alone', async () => {
    makeFiles(extension, ...codec);
    const before = hashes(files);
    const status = await converted(false);
    expect(status).toMatchObject({ state: 'done', progress: 1, counts: { write: 10, done: 9, failed: 1 } });
    expect(status.failures.map(({ input, command }) => [basename(input), command.includes(input) || command.some((word) => word.endsWith(input))])).toEqual([
      [`3.${extension}`, true],
    ]);
    expect(tree(join(data, 'out'))).toHaveLength(9);
    expect(hashes(files)).toEqual(before);
  });

  it('is kept in salvage mode, with the damage told', async () => {
    makeFiles(extension, ...codec);
    const status = await converted(true);
    expect(status).toMatchObject({ state: 'done', counts: { done: 10, failed: 0, salvaged: 1 } });
    expect(status.notes.map(({ input, text }) => [basename(input), text.startsWith('kept with damage: ')])).toContainEqual([`3.${extension}`, true]);
    expect(tree(join(data, 'out'))).toHaveLength(10);
  });
});
