import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CliIo } from '../../../../src/base/cliIo.ts';
import { convert, type ConvertServices } from '../../../../src/convert/cli/convert.ts';
import { PRESETS } from '../../../../src/convert/presets/index.ts';
import { createFileJobStore } from '../../../../src/convert/run/fileJobStore.ts';
import { createInProcessJobs } from '../../../../src/convert/run/inProcessJobs.ts';
import { createJobRunner } from '../../../../src/convert/run/jobRunner.ts';
import { temporaryFolder } from '../../media/support.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const store = join(temporaryFolder(), 'store');
const installation = { root: join(import.meta.dirname, '../../../..') };
/** One for all, so that tools are asked for their banners once. */
const jobs = createInProcessJobs(createFileJobStore(store), createJobRunner({ store, installation, env: process.env }));

/** A folder, and the verb as a terminal would call it there, with real tools behind it. */
export class Terminal {
  readonly folder = temporaryFolder();
  readonly data = join(this.folder, 'data');
  readonly services: ConvertServices = {
    jobs,
    presets: PRESETS,
    presetProblems: [],
    settings: { imageEngine: 'auto', toolPaths: {}, customPresets: [] },
  };
  /** Interrupts as Ctrl-C does; undefined where nobody listens, when it would end the process. */
  interrupt: (() => void) | undefined;
  /** Called with what is written to stderr. */
  onErr: (text: string) => void = () => {};

  constructor() {
    mkdirSync(this.data);
  }

  async convert(args: readonly string[], changes: Partial<CliIo> & { readonly services?: Partial<ConvertServices> } = {}): Promise<Ran> {
    const { services, ...rest } = changes;
    let [out, err] = ['', ''];
    const io: CliIo = {
      cwd: this.data,
      out: (text) => (out += text),
      err: (text) => {
        err += text;
        this.onErr(text);
      },
      onInterrupt: (listener) => {
        this.interrupt = listener;
        return { dispose: () => (this.interrupt = undefined) };
      },
      ...rest,
    };
    const code = await convert(args, io, () => Promise.resolve({ ...this.services, ...services }));
    return { code, out, err };
  }
}

export function documents(out: string): readonly Record<string, unknown>[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
