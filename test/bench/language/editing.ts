import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PublishDiagnosticsParams } from 'vscode-languageserver-protocol';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node';
import type { ProtocolConnection } from 'vscode-languageserver-protocol/node';
import { alone } from '../row.ts';
import type { Bench, BenchContext, BenchRow } from '../row.ts';
import { makeSounds, rowOf } from './madeManifest.ts';

const KEYS = 30;
const STARTS = 5;

/** Somebody types in a manifest: from a key to the problems, completion, memory and start of the server. */
export const editing: Bench = {
  room: 'language',
  name: 'editing',
  async run(context) {
    makeSounds(context.folder);
    const starts: number[] = [];
    for (let round = 0; round < STARTS; round++) {
      const server = await Server.start(context);
      starts.push(server.startMs);
      await server.stop();
    }
    return [
      alone('language', 'editing, start of the server', percentile(starts, 0.5), 500, 'ms'),
      ...(await typing(context, 2, 300)),
      ...(await typing(context, 40, 1000)),
    ];
  },
};

async function typing(context: BenchContext, megabytes: number, budget: number): Promise<BenchRow[]> {
  context.say(`  typing in ${megabytes} MB`);
  let text = '';
  for (let row = 0; text.length < megabytes * 1e6; row++) {
    text += rowOf(row);
  }
  const server = await Server.start(context);
  const lines = text.split('\n').length - 1;
  const uri = pathToFileURL(join(context.folder, `typed${megabytes}.jsonl`)).href;
  await server.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version: 1, text } });
  await server.checked(uri, 1);
  const times: number[] = [];
  for (let key = 0; key < KEYS; key++) {
    const line = Math.floor((lines * (key + 0.5)) / KEYS);
    const started = performance.now();
    await server.type(uri, key + 2, line, 20, 'x');
    await server.published(uri, key + 2);
    times.push(performance.now() - started);
  }
  await server.checked(uri, KEYS + 1);
  const completions: number[] = [];
  for (let key = 0; key < KEYS; key++) {
    const line = Math.floor((lines * (key + 0.5)) / KEYS);
    const started = performance.now();
    await server.connection.sendRequest('textDocument/completion', { textDocument: { uri }, position: { line, character: key % 2 === 0 ? 2 : 24 } });
    completions.push(performance.now() - started);
  }
  const memory = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1000;
  await server.stop();
  return [
    alone('language', `editing, key to problems in ${megabytes} MB, p95`, percentile(times, 0.95), budget, 'ms'),
    alone('language', `editing, completion in ${megabytes} MB, p95`, percentile(completions.slice(1), 0.95), 50, 'ms'),
    alone('language', `editing, memory of the server with ${megabytes} MB open`, memory, null, 'MB'),
  ];
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

class Server {
  private readonly versions = new Map<string, number>();
  /** Versions whose last problems were published: the server then has lenses asked for again. */
  private readonly whole = new Map<string, number>();
  private listener: (() => void) | undefined;

  private constructor(
    readonly connection: ProtocolConnection,
    readonly pid: number,
    readonly startMs: number,
    private readonly ended: Promise<void>,
  ) {
    connection.onNotification('textDocument/publishDiagnostics', ({ uri, version }: PublishDiagnosticsParams) => {
      this.versions.set(uri, version ?? 0);
      this.listener?.();
    });
    connection.onRequest('workspace/codeLens/refresh', () => {
      this.versions.forEach((version, uri) => this.whole.set(uri, version));
      this.listener?.();
      return null;
    });
  }

  static async start({ root, folder }: BenchContext): Promise<Server> {
    const started = performance.now();
    const child = spawn(process.execPath, [join(root, 'dist', 'languageServer.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.listen();
    await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: { workspace: { codeLens: { refreshSupport: true } } }, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'made' }], initializationOptions: { root, isTrusted: true, settings: {} } });
    const startMs = performance.now() - started;
    await connection.sendNotification('initialized', {});
    return new Server(connection, child.pid ?? 0, startMs, ended);
  }

  type(uri: string, version: number, line: number, character: number, text: string): Promise<void> {
    const at = { line, character };
    return this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range: { start: at, end: at }, text }] });
  }

  /** Resolves with the first problems of a version. */
  published(uri: string, version: number): Promise<void> {
    return this.until(() => (this.versions.get(uri) ?? 0) >= version);
  }

  /** Resolves once all problems of a version were published. */
  checked(uri: string, version: number): Promise<void> {
    return this.until(() => (this.whole.get(uri) ?? 0) >= version);
  }

  private async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.listener = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await this.ended;
  }
}
