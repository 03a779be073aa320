import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa, ExecaError } from 'execa';

/**
 * code-server's npm package 4.X holds the whole server of VS Code 1.X. Each insists on one Node, which the npm package `node`
 * holds.
 */
const RELEASES = {
  current: { codeServer: '4.139.1', node: '24.21.0' },
  /** The oldest that `engines.vscode` in package.json allows. */
  minimum: { codeServer: '4.103.2', node: '22.23.3' },
} as const;
const HALF_FINISHED = '.installing-';
const ABANDONED_AFTER_MS = 24 * 3_600_000;

export type Release = keyof typeof RELEASES;
export const RELEASE_NAMES = Object.keys(RELEASES) as readonly Release[];

/** TRAINYARD_VSCODE=minimum puts the oldest VS Code to the tests that need but one. */
export function releaseWanted(): Release {
  const wanted = process.env.TRAINYARD_VSCODE || 'current';
  const known = RELEASE_NAMES.find((name) => name === wanted);
  if (!known) {
    throw new ServerInstallError(`TRAINYARD_VSCODE is ${wanted}; it can be ${RELEASE_NAMES.join(' or ')}`);
  }
  return known;
}

export interface ServerInstallation {
  /** Absolute path of the Node that it runs in. */
  readonly node: string;
  /** Absolute path of VS Code's `server-main.js`. */
  readonly serverMain: string;
}

export class ServerInstallError extends Error {
  override name = 'ServerInstallError';
}

/**
 * A VS Code server in the user's cache folder, installed there from npm where it is not: once, in one to two minutes.
 *
 * It is built in a folder of its own and renamed when it has answered, so a half-finished one is never taken for a whole one,
 * and of two processes that build at once the later one finds the place taken and uses what is there.
 *
 * @throws {ServerInstallError}
 */
export async function getServer(release: Release = 'current', say: (line: string) => void = sayOnStderr): Promise<ServerInstallation> {
  const versions = RELEASES[release];
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'trainyard');
  const home = join(cache, `vscode-server-${versions.codeServer}-node${versions.node}-${process.arch}`);
  if (existsSync(home)) {
    return installationIn(home);
  }
  await mkdir(cache, { recursive: true });
  await sweepAbandoned(cache);
  say(`Installing VS Code's server into ${home}: one to two minutes, once`);
  const building = `${home}${HALF_FINISHED}${randomBytes(6).toString('hex')}`;
  try {
    await install(building, versions);
    await takePlace(building, home);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return installationIn(home);
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

function installationIn(home: string): ServerInstallation {
  return {
    node: join(home, 'node', 'node_modules', 'node', 'bin', 'node'),
    serverMain: join(home, 'code-server', 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

async function install(home: string, versions: { readonly codeServer: string; readonly node: string }): Promise<void> {
  const { node, serverMain } = installationIn(home);
  const env = npmEnvironment();
  const nodeFolder = join(home, 'node');
  await writePackage(nodeFolder, { node: versions.node });
  await npm(nodeFolder, ['install'], env);

  // The package's own install script does all of the following, but also fetches from GitHub and compiles what only the
  // server's log-in page needs.
  const withNode = {
    ...env,
    PATH: `${dirname(node)}${delimiter}${env.PATH ?? ''}`,
    npm_config_nodedir: await headersFolder(join(nodeFolder, 'node_modules')),
    // node-pty's install script calls npx, which would ask.
    npm_config_yes: 'true',
    JOBS: 'max',
  };
  const serverFolder = join(home, 'code-server');
  const vscode = join(serverFolder, 'node_modules', 'code-server', 'lib', 'vscode');
  await writePackage(serverFolder, { 'code-server': versions.codeServer });
  await npm(serverFolder, ['install', '--ignore-scripts'], withNode);
  await npm(vscode, ['install', '--omit=dev', '--ignore-scripts'], withNode);
  await npm(join(vscode, 'extensions'), ['install', '--omit=dev', '--ignore-scripts'], withNode);
  await goWithoutRipgrep(vscode);
  await npm(vscode, ['rebuild'], withNode);

  await execa(node, [serverMain, '--version', '--server-data-dir', join(home, 'data')], { timeout: 60_000 }).catch((error: unknown) => {
    throw new ServerInstallError(`VS Code's server was installed but does not answer: ${lastWords(error)}`);
  });
}

async function writePackage(folder: string, dependencies: Record<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Newer versions of npm ask which packages may run install scripts.
  const allowScripts = Object.fromEntries(Object.keys(dependencies).map((name) => [name, true]));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, allowScripts }));
}

async function npm(folder: string, [command = '', ...options]: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const args = [command, ...options, '--no-audit', '--no-fund', '--foreground-scripts'];
  await execa('npm', args, { cwd: folder, env, extendEnv: false, all: true }).catch((error: unknown) => {
    const hint = "VS Code's native modules need the Debian packages that test/setup/setup.mjs installs.";
    throw new ServerInstallError(`npm ${command} failed in ${folder}. ${hint}\n${lastWords(error)}`);
  });
}

/** Older releases fetch ripgrep from GitHub unless its folder is there. Text search is all that is lost. */
async function goWithoutRipgrep(vscode: string): Promise<void> {
  const ripgrep = join(vscode, 'node_modules', '@vscode', 'ripgrep');
  if (existsSync(ripgrep)) {
    await mkdir(join(ripgrep, 'bin'), { recursive: true });
  }
}

/** The folder with Node's `include`, so that node-gyp need not fetch headers. */
async function headersFolder(nodeModules: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const places = [join(nodeModules, 'node', 'node_modules', name), join(nodeModules, name)];
  const found = places.find((path) => existsSync(join(path, 'include')));
  if (!found) {
    throw new ServerInstallError(`The npm package node brought no ${name} with headers`);
  }
  return found;
}

/** What `npm run` tells its children is about this package, and would mislead an npm that works elsewhere. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const about = /^npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|user_agent|nodedir|prefix|global_prefix))/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !about.test(name) && name !== 'NODE_OPTIONS'));
}

async function takePlace(building: string, home: string): Promise<void> {
  try {
    await rename(building, home);
  } catch (error) {
    if (!existsSync(home)) {
      throw error;
    }
    // Another process was quicker, and has put a whole one there.
  }
}

async function sweepAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    if (name.includes(HALF_FINISHED) && Date.now() - (await stat(path)).mtimeMs > ABANDONED_AFTER_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

function lastWords(error: unknown): string {
  const output = error instanceof ExecaError ? (error as { readonly all?: unknown }).all : undefined;
  return typeof output === 'string' && output.length > 0 ? output.split('\n').slice(-25).join('\n') : String(error);
}
