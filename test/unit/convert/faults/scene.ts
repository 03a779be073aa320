import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ConvertRequest, JobFailure, JobStatus, PlanItem } from '../../../../src/convert/job.ts';
import { createFileJobStore } from '../../../../src/convert/run/fileJobStore.ts';
import { createInProcessJobs } from '../../../../src/convert/run/inProcessJobs.ts';
import { createJobRunner } from '../../../../src/convert/run/jobRunner.ts';
import { builtInstallation } from '../run/installationBench.ts';

/** What came of a job, looked at from outside. */
export interface Outcome {
  readonly status: JobStatus;
  readonly plan: readonly PlanItem[];
  readonly failures: readonly JobFailure[];
  /** Files under the output folder, hidden ones too, relative to it. */
  readonly outputs: readonly string[];
}

/** A folder of originals and a place for outputs; every job on it leaves the originals as they were, or the test fails. */
export class Scene {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-faults-')));
  readonly data = join(this.root, 'data');
  readonly out = join(this.root, 'out');

  constructor() {
    mkdirSync(this.data);
  }

  /** Puts an original there, by its content. */
  write(name: string, content: string | Buffer): string {
    const path = join(this.data, name);
    writeFileSync(path, content);
    return path;
  }

  async convert(request: Pick<ConvertRequest, 'preset'> & Partial<ConvertRequest>): Promise<Outcome> {
    const before = fingerprint(this.data);
    const store = createFileJobStore(join(this.root, 'jobs'));
    const jobs = createInProcessJobs(store, createJobRunner({ store: store.folder, installation: await builtInstallation(), env: process.env }));
    const planned = await jobs.plan({
      options: {}, inputs: [this.data], output: this.out, salvage: false, imageEngine: 'auto', toolPaths: {}, customPresets: [], ...request,
    });
    const status = planned.state === 'planned' ? await jobs.run(planned.id) : planned;
    const after = fingerprint(this.data);
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      throw new Error(`the originals are not what they were: ${JSON.stringify({ before, after })}`);
    }
    const plan = planned.state === 'planned' ? (await store.plan(planned.id, 0, 1000)).items : [];
    const { items: failures } = await store.failures(planned.id, 0, 1000);
    return { status, plan, failures, outputs: filesUnder(request.output ?? this.out) };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function run(tool: string, ...args: readonly string[]): void {
  execFileSync(`/usr/bin/${tool}`, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Bytes of a small original of each kind, made once by the tools themselves. */
export function seeds(folder: string): Readonly<Record<'wav' | 'jpg' | 'png' | 'mp4' | 'mkv' | 'ts' | 'm4a', Buffer>> {
  const at = (name: string): string => join(folder, name);
  run('sox', '-n', '-r', '44100', '-c', '2', at('a.wav'), 'synth', '1', 'sine', '300', 'vol', '0.5');
  run('convert', '-size', '320x240', 'plasma:red-blue', '-quality', '90', `jpeg:${at('a.jpg')}`);
  run('convert', '-size', '320x240', 'plasma:red-blue', `png:${at('a.png')}`);
  const video = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=96x64:r=25:d=2', '-f', 'lavfi', '-i', 'sine=d=2', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-c:a', 'aac'];
  run('ffmpeg', ...video, at('a.mp4'));
  run('ffmpeg', ...video, at('a.mkv'));
  run('ffmpeg', ...video, at('a.ts'));
  run('ffmpeg', '-v', 'error', '-i', at('a.wav'), '-c:a', 'aac', at('a.m4a'));
  const read = (name: string): Buffer => readFileSync(at(name));
  return { wav: read('a.wav'), jpg: read('a.jpg'), png: read('a.png'), mp4: read('a.mp4'), mkv: read('a.mkv'), ts: read('a.ts'), m4a: read('a.m4a') };
}

/** The bytes with a part in the middle overwritten. */
export function corrupted(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0x5a, Math.floor(copy.length * 0.4), Math.floor(copy.length * 0.6));
  return copy;
}

export function cut(bytes: Buffer, part = 0.6): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * part));
}

function filesUnder(folder: string): readonly string[] {
  try {
    return (readdirSync(folder, { recursive: true }) as string[]).filter((name) => !lstatSync(join(folder, name)).isDirectory()).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

/** Names, hashes and links of everything in a folder. */
function fingerprint(folder: string): readonly string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).sort().map((name) => {
    const path = join(folder, name);
    const stat = lstatSync(path);
    const content = stat.isSymbolicLink() ? readlinkSync(path) : stat.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'folder';
    return `${name} ${stat.mtimeMs} ${content}`;
  });
}

export function names(paths: readonly { readonly input: string }[]): readonly string[] {
  return paths.map(({ input }) => basename(input)).sort();
}
