#!/usr/bin/env node
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { toDisposable } from './base/disposable.ts';
import type { CliIo } from './base/cliIo.ts';
import type { ConvertServices } from './convert/cli/convert.ts';
import type { Preset } from './convert/preset.ts';
import type { OpenCatalogues } from './dataset/cli/catalogueRun.ts';
import type { StatusServices } from './monitor/cli/statusSource.ts';
import type { SavedSettings } from './convert/savedSettings.ts';
import { bundlePath, type Installation } from './installation.ts';
import type { SyncWork } from './sync/engine/syncWork.ts';
import type { ToolSearch } from './process/toolSearch.ts';

const USAGE = `trainyard VERB …

  convert   converts files, folders and what manifests name
  run       runs a recipe: a pipeline of conversions, written down
  presets   lists the conversions and their options
  peek      says what files are, by their content
  check     says what is wrong with a dataset
  tools     says which tools were found, and what is missing
  scan      says what a dataset is: format, files, hours, splits
  query     lists the files of a dataset that a filter finds
  sync      keeps folders here and on boxes in step, seen before it happens
  ckpt      says what a checkpoint is and whether it is whole, here or on a box
  status    shows GPUs, who uses them, and the machine

trainyard VERB --help tells more, trainyard --version the version. Exit codes: 0 all done, 1 something is wrong with the request, 17 some items failed, 130 cancelled.
`;

/** `dist/cli.js` stands one folder below the extension's own. */
const installation: Installation = { root: dirname(dirname(realpathSync(process.argv[1] ?? ''))) };

type Io = CliIo & { readonly env: NodeJS.ProcessEnv };

const VERBS: Readonly<Record<string, (args: readonly string[], io: Io) => Promise<number>>> = {
  async convert(args, io) {
    const { convert } = await import('./convert/cli/convert.ts');
    return convert(args, io, () => convertServices(io.env));
  },
  async run(args, io) {
    const { run } = await import('./convert/cli/run.ts');
    return run(args, io, () => convertServices(io.env));
  },
  async presets(args, io) {
    const { presets } = await import('./convert/cli/presets.ts');
    return presets(args, io, async () => {
      const { all, problems } = await allPresets(await savedSettings(io.env));
      problems.forEach((message) => io.err(`${message}\n`));
      return all;
    });
  },
  async peek(args, io) {
    const { peek } = await import('./media/cli/peek.ts');
    return peek(args, io, async (env) => {
      const { ffprobeRunner } = await import('./process/ffprobeRunner.ts');
      return ffprobeRunner(await toolSearch(env));
    });
  },
  async scan(args, io) {
    const { scan } = await import('./dataset/cli/scan.ts');
    return scan(args, io, () => openCatalogues(io.env));
  },
  async query(args, io) {
    const { query } = await import('./dataset/cli/query.ts');
    return query(args, io, () => openCatalogues(io.env));
  },
  async check(args, io) {
    const { check } = await import('./dataset/cli/check.ts');
    return check(args, io, () => toolSearch(io.env));
  },
  async sync(args, io) {
    const { sync } = await import('./sync/cli/sync.ts');
    return sync(args, io, (sshConfig) => syncWork(io, sshConfig));
  },
  async ckpt(args, io) {
    const [{ ckpt }, { createCheckpointPlaces }, { systemTimers }] = await Promise.all([import('./sync/cli/ckpt.ts'), import('./sync/checkpoints/sources/openPlace.ts'), import('./process/timers.ts')]);
    return ckpt(args, io, async (config) => createCheckpointPlaces({ env: io.env, timers: systemTimers, ...(config !== undefined && { config }) }, io.cwd));
  },
  async status(args, io) {
    const { status } = await import('./monitor/cli/status.ts');
    return status(args, io, () => statusServices(io.env));
  },
  async tools(args, io) {
    const [{ tools }, { createToolFinder }] = await Promise.all([import('./process/cli/tools.ts'), import('./process/toolFinder.ts')]);
    return tools(args, io, { find: async (env) => createToolFinder().find(await toolSearch(env)) });
  },
};

/** Catalogues can be made again at any time: they are kept where the XDG base directory specification puts caches. */
async function openCatalogues(env: NodeJS.ProcessEnv): Promise<OpenCatalogues> {
  const [{ createCatalogues }, search] = await Promise.all([import('./dataset/catalogue/catalogueService.ts'), toolSearch(env)]);
  const storage = join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'trainyard', 'datasets');
  return (onChange) => createCatalogues({ storage, root: installation.root, search, cacheBytes: 0 }, onChange, { eager: true });
}

async function statusServices(env: NodeJS.ProcessEnv): Promise<StatusServices> {
  const [{ SocketClient }, { collectorFolder }, { createThisMachine }, search] = await Promise.all([
    import('./monitor/collect/client.ts'),
    import('./monitor/collect/collectorFolder.ts'),
    import('./monitor/collect/thisMachine.ts'),
    toolSearch(env),
  ]);
  return {
    attach: () => new SocketClient({ folder: collectorFolder(env) }),
    readHere: () => createThisMachine({ search }),
    async readBox(alias, interval) {
      const [{ createBox }, { createSshClient }, { systemTimers }, { GPU_VENDORS }] = await Promise.all([
        import('./monitor/boxes/box.ts'),
        import('./process/ssh/client.ts'),
        import('./process/timers.ts'),
        import('./monitor/gpu/index.ts'),
      ]);
      return createBox(alias, { ssh: createSshClient({ env, timers: systemTimers }), vendors: GPU_VENDORS, interval });
    },
  };
}

async function syncWork({ env, cwd }: Io, sshConfig: string | undefined): Promise<SyncWork> {
  const [{ createSyncWork }, { systemTimers }, { targetsAround }] = await Promise.all([
    import('./sync/engine/syncWork.ts'),
    import('./process/timers.ts'),
    import('./sync/cli/targetByName.ts'),
  ]);
  const storage = join(dirname(storeFolder(env)), 'sync');
  return createSyncWork({ env, timers: systemTimers, never: [], storage, others: () => targetsAround(cwd), ...(sshConfig !== undefined && { sshConfig }) });
}

async function convertServices(env: NodeJS.ProcessEnv): Promise<ConvertServices> {
  const [{ createFileJobStore }, { createInProcessJobs }, { createJobRunner }, settings] = await Promise.all([
    import('./convert/run/fileJobStore.ts'),
    import('./convert/run/inProcessJobs.ts'),
    import('./convert/run/jobRunner.ts'),
    savedSettings(env),
  ]);
  const store = storeFolder(env);
  const jobs = createInProcessJobs(createFileJobStore(store), createJobRunner({ store, installation, env }));
  const { all, problems } = await allPresets(settings);
  return { jobs, presets: all, presetProblems: problems, settings };
}

/** Shipped presets, then the person's own, and what is wrong with those of theirs that cannot be used. */
async function allPresets({ customPresets: specs }: SavedSettings): Promise<{ readonly all: readonly Preset[]; readonly problems: readonly string[] }> {
  const [{ PRESETS }, { customPresets }] = await Promise.all([import('./convert/presets/index.ts'), import('./convert/customPreset.ts')]);
  const { presets, problems } = customPresets(specs);
  return { all: [...PRESETS, ...presets], problems: problems.map(({ message }) => message) };
}

async function toolSearch(env: NodeJS.ProcessEnv): Promise<ToolSearch> {
  const { toolPaths } = await savedSettings(env);
  return { paths: toolPaths, env, sharpWorker: bundlePath(installation, 'sharpWorker'), never: [] };
}

async function savedSettings(env: NodeJS.ProcessEnv): Promise<SavedSettings> {
  const { readSavedSettings } = await import('./convert/savedSettings.ts');
  return readSavedSettings(storeFolder(env));
}

/** VS Code's terminals name its store; elsewhere the jobs are kept where the XDG base directory specification puts state. */
function storeFolder(env: NodeJS.ProcessEnv): string {
  const { TRAINYARD_STORE, XDG_STATE_HOME } = env;
  return TRAINYARD_STORE || join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'trainyard', 'jobs');
}

function terminal(): Io {
  const { stdout, stderr, env } = process;
  return {
    env,
    cwd: process.cwd(),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    ...(stderr.isTTY && { errColumns: stderr.columns }),
    get outColumns() {
      // A terminal may change its size while it is watched.
      return stdout.isTTY ? stdout.columns : undefined;
    },
    async drained() {
      if (stdout.writableNeedDrain && stdout.errored === null) {
        await once(stdout, 'drain').catch(() => undefined);
      }
      if (stdout.errored !== null) {
        const { ReaderGone } = await import('./base/cliIo.ts');
        throw new ReaderGone();
      }
    },
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      return toDisposable(() => process.off('SIGINT', listener));
    },
  };
}

async function main([verb = '--help', ...args]: readonly string[]): Promise<number> {
  const io = terminal();
  if (verb === '--help' || verb === '-h' || verb === 'help') {
    io.out(USAGE);
    return 0;
  }
  if (verb === '--version' || verb === '-V') {
    const manifest = JSON.parse(await readFile(join(installation.root, 'package.json'), 'utf8')) as { readonly version?: string };
    io.out(`${manifest.version ?? 'of an unknown version'}\n`);
    return 0;
  }
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (run === undefined) {
    io.err(`There is no verb “${verb}”.\n\n${USAGE}`);
    return 1;
  }
  return run(args, io);
}

// A reader that has seen enough (head) closes the pipe: that is no failure of ours, and a job that runs goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    process.exit(1);
  }
});
main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
