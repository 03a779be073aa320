import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { getServer } from './getServer.ts';
import type { Release, ServerInstallation } from './getServer.ts';

/** Nothing that asks, phones home, or pops up beside what is tested. */
const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.startupPrompt': 'never',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'window.restoreWindows': 'none',
} as const;

const READY_TIMEOUT_MS = 60_000;
const TERM_GRACE_MS = 5_000;
const LOG_KEPT = 400;
const MARK = 'TRAINYARD_TEST_RUN';

export interface ServerOptions {
  readonly release?: Release;
  /** The workspace is trusted without asking; otherwise it opens in Restricted Mode. */
  readonly trust: boolean;
  /** The user's settings, beside those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Laid over a small environment that holds little but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute path of a packaged extension, installed as a user would. */
  readonly vsix?: string;
  /** A command and its arguments that the server's own are put behind; it has to become the server by exec. */
  readonly within?: readonly string[];
  /**
   * Listens to what `openWindow` asks for the sake of development and of tests inside the extension host. VS Code shows no
   * notification by itself then.
   */
  readonly driver?: boolean;
  /** 0, the default, takes any free port. */
  readonly port?: number;
}

export class ServerError extends Error {
  override name = 'ServerError';
}

/** A running VS Code server, which is gone with everything that it started once `stop` has resolved. */
export class VscodeServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Holds settings, extensions, storage and logs; removed by `stop`. */
  readonly dataFolder: string;
  readonly #process: ChildProcess;
  readonly #mark: string;
  readonly #log: readonly string[];

  constructor(process: ChildProcess, origin: string, dataFolder: string, mark: string, log: readonly string[]) {
    this.#process = process;
    this.origin = origin;
    this.dataFolder = dataFolder;
    this.#mark = mark;
    this.#log = log;
  }

  /** What the server last wrote; complaints about the gallery and signing in are noise. */
  get log(): string {
    return this.#log.join('');
  }

  /** Resolves when the server ends, wanted or not. */
  ended(): Promise<void> {
    return exited(this.#process);
  }

  /** Processes of this run that live outside the server's own group, such as a batch that outlives a window. */
  async detachedProcesses(): Promise<number[]> {
    const own = await processGroup(this.#process.pid);
    return (await markedProcesses(this.#mark)).filter((pid) => !own.includes(pid));
  }

  async stop(): Promise<void> {
    await endGroup(this.#process);
    for (const pid of await markedProcesses(this.#mark)) {
      signal(pid, 'SIGKILL');
    }
    await rm(this.dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** @throws {ServerError} with the server's last words, when it does not come up */
export async function startServer(options: ServerOptions): Promise<VscodeServer> {
  const installation = await getServer(options.release);
  const dataFolder = await mkdtemp(join(tmpdir(), 'trainyard-vscode-'));
  const mark = randomUUID();
  try {
    const env = { ...(await environment(dataFolder)), ...options.env, [MARK]: mark };
    await writeSettings(dataFolder, { ...QUIET_SETTINGS, ...options.settings });
    if (options.vsix !== undefined) {
      await installExtension(installation, dataFolder, options.vsix, env);
    }
    return await launch(installation, dataFolder, mark, env, options);
  } catch (error) {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
}

async function launch(
  { node, serverMain }: ServerInstallation,
  dataFolder: string,
  mark: string,
  env: Record<string, string>,
  { trust, driver = false, port = 0, within = [] }: ServerOptions,
): Promise<VscodeServer> {
  const args = [
    serverMain,
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
    ...['--server-data-dir', dataFolder, '--telemetry-level', 'off'],
    ...(driver ? ['--enable-smoke-test-driver'] : []),
    ...(trust ? ['--disable-workspace-trust'] : []),
    // A log-in shell would set PATH anew.
    '--force-disable-user-env',
  ];
  // Its own group, so that all of it can be ended; and ended with us, even when we are killed.
  const command = ['--pdeathsig', 'TERM', ...within, node, ...args];
  const child = spawn('setpriv', command, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log: string[] = [];
  const origin = await ready(child, log).catch(async (error: unknown) => {
    await endGroup(child);
    throw error;
  });
  return new VscodeServer(child, origin, dataFolder, mark, log);
}

function ready(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new ServerError(`VS Code's server ${why}\n${log.join('')}`));
    const timer = setTimeout(() => fail(`was not ready within ${READY_TIMEOUT_MS} ms`), READY_TIMEOUT_MS);
    const listen = (text: string): void => {
      log.push(text);
      log.splice(0, log.length - LOG_KEPT);
      const [, url] = /Web UI available at (http:\/\/\S+)/.exec(log.join('')) ?? [];
      if (url) {
        clearTimeout(timer);
        resolve(`http://127.0.0.1:${new URL(url).port}`);
      }
    };
    child.stdout?.setEncoding('utf8').on('data', listen);
    child.stderr?.setEncoding('utf8').on('data', listen);
    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}

async function installExtension(
  { node, serverMain }: ServerInstallation,
  dataFolder: string,
  vsix: string,
  env: Record<string, string>,
): Promise<void> {
  const args = ['--install-extension', vsix, '--extensions-dir', join(dataFolder, 'extensions'), '--server-data-dir', dataFolder];
  const { stdout, stderr } = await execa(node, [serverMain, ...args, '--accept-server-license-terms'], { env, extendEnv: false });
  if (!stdout.includes('successfully installed')) {
    throw new ServerError(`${vsix} was not installed\n${stdout}\n${stderr}`);
  }
}

async function writeSettings(dataFolder: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  for (const place of ['Machine', 'User']) {
    await mkdir(join(dataFolder, 'data', place), { recursive: true });
    await writeFile(join(dataFolder, 'data', place, 'settings.json'), JSON.stringify(settings, undefined, 2));
  }
}

/** A test runner's own variables would reach the extension host, so little is handed on. */
async function environment(dataFolder: string): Promise<Record<string, string>> {
  const home = join(dataFolder, 'home');
  await mkdir(home);
  // One collector serves all windows of a user: those of this server, and no others.
  const runtime = join(dataFolder, 'run');
  await mkdir(runtime, { mode: 0o700 });
  const { PATH = '/usr/local/bin:/usr/bin:/bin', TMPDIR } = process.env;
  return { PATH, HOME: home, XDG_RUNTIME_DIR: runtime, SHELL: '/bin/bash', LANG: 'C.UTF-8', ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) {
    return;
  }
  const group = -child.pid;
  signal(group, 'SIGTERM');
  const timer = setTimeout(() => signal(group, 'SIGKILL'), TERM_GRACE_MS);
  await exited(child);
  clearTimeout(timer);
  // What is left of the group has outlived its leader.
  signal(group, 'SIGKILL');
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve();
    } else {
      child.once('exit', () => resolve());
    }
  });
}

/** @param target a process, or a process group where negative */
function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

async function markedProcesses(mark: string): Promise<number[]> {
  const carries = async (pid: number): Promise<boolean> => {
    // A process may end, or be somebody else's, while it is looked at.
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    return environ.includes(`${MARK}=${mark}`);
  };
  return filterProcesses(carries);
}

async function processGroup(leader: number | undefined): Promise<number[]> {
  return filterProcesses(async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // After the name, which may hold spaces: state, parent, group (proc(5)).
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === leader;
  });
}

async function filterProcesses(wanted: (pid: number) => Promise<boolean>): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const verdicts = await Promise.all(pids.map(wanted));
  return pids.filter((_, index) => verdicts[index]);
}
