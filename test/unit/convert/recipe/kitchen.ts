import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run as runVerb } from '../../../../src/convert/cli/run.ts';
import type { ConvertServices } from '../../../../src/convert/cli/convert.ts';
import { PRESETS } from '../../../../src/convert/presets/index.ts';
import { createFileJobStore } from '../../../../src/convert/run/fileJobStore.ts';
import { createInProcessJobs } from '../../../../src/convert/run/inProcessJobs.ts';
import { createJobRunner } from '../../../../src/convert/run/jobRunner.ts';
import { builtInstallation } from '../run/installationBench.ts';
import { documents, type Ran } from '../cli/terminal.ts';

/** A folder with a recipe and originals, and `trainyard run` with real tools. */
export class Kitchen {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-recipe-')));
  readonly data = join(this.root, 'data');
  env: NodeJS.ProcessEnv = process.env;

  constructor() {
    mkdirSync(this.data);
  }

  write(name: string, content: string | Buffer): string {
    const path = join(this.data, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Half a second of a tone, 44.1 kHz stereo. */
  tone(name: string, frequency = 300, seconds = 0.5): string {
    const path = join(this.data, name);
    mkdirSync(dirname(path), { recursive: true });
    execFileSync('/usr/bin/sox', ['-n', '-r', '44100', '-c', '2', '-b', '16', path, 'synth', String(seconds), 'sine', String(frequency), 'vol', '0.4']);
    return path;
  }

  picture(name: string, size = '320x240'): string {
    const path = join(this.data, name);
    mkdirSync(dirname(path), { recursive: true });
    execFileSync('/usr/bin/convert', ['-size', size, 'plasma:red-blue', path]);
    return path;
  }

  async services(): Promise<ConvertServices> {
    const store = createFileJobStore(join(this.root, 'jobs'));
    const jobs = createInProcessJobs(store, createJobRunner({ store: store.folder, installation: await builtInstallation(), env: this.env }));
    return { jobs, presets: PRESETS, presetProblems: [], settings: { imageEngine: 'auto', toolPaths: {}, customPresets: [] } };
  }

  /** `trainyard run r.recipe.yaml ARGS` in the folder. */
  async run(...args: readonly string[]): Promise<Ran> {
    let [out, err] = ['', ''];
    const io = { cwd: this.data, out: (text: string) => void (out += text), err: (text: string) => void (err += text), onInterrupt: () => ({ dispose() {} }) };
    const services = await this.services();
    const code = await runVerb(['r.recipe.yaml', ...args], io, () => Promise.resolve(services));
    return { code, out, err };
  }

  /** `input name: action: reason`, as a dry run says. */
  async plan(...args: readonly string[]): Promise<readonly string[]> {
    const { out } = await this.run('--dry-run', '--json', ...args);
    return documents(out)
      .filter(({ kind }) => kind === 'item')
      .map(({ input, action, reason }) => `${String(input).slice(this.data.length + 1)}: ${String(action)}: ${String(reason)}`);
  }

  files(folder: string): readonly string[] {
    return (readdirSync(join(this.data, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(this.data, folder).length + 1))
      .sort();
  }

  text(name: string): string {
    return readFileSync(join(this.data, name), 'utf8');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function soxi(option: string, path: string): string {
  return execFileSync('/usr/bin/soxi', [option, path], { encoding: 'utf8' }).trim();
}
