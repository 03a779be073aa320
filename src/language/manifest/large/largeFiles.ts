import { Worker } from 'node:worker_threads';
import type { CancellationToken, Connection, Diagnostic } from 'vscode-languageserver/node';
import type { Disposable } from '../../../base/disposable.ts';
import type { FamilyHost } from '../../family.ts';
import { pathOfUri } from '../../pathOfUri.ts';
import type { AllProblems, FileSummary } from '../../protocol.ts';
import { FILE_PROGRESS } from '../../protocol.ts';
import { capped } from '../../server/capped.ts';
import type { LargeWorkerData, LargeWorkerMessage } from './largeMessages.ts';
import { LOOK_AGAIN, STOP } from './largeMessages.ts';

/** Milliseconds between two looks whether a file has grown. */
const LOOK_EVERY = 1000;

interface Large {
  readonly worker: Worker;
  readonly control: Int32Array;
  readonly timer: NodeJS.Timeout;
  problems: Diagnostic[];
  total: number;
  summary: FileSummary;
  isBusy: boolean;
  waiting: { readonly resolve: (summary: FileSummary) => void; readonly reject: (error: Error) => void }[];
}

/** Manifests for which there is no document: a thread reads each, and their problems are published by their addresses. */
export class LargeFiles implements Disposable {
  private readonly files = new Map<string, Large>();

  constructor(
    private readonly connection: Connection,
    private readonly host: FamilyHost,
  ) {}

  /** Resolves when the file was gone through. Rejects where it cannot be read. */
  async check(uri: string, token: CancellationToken): Promise<FileSummary> {
    const path = pathOfUri(uri);
    if (path === undefined) {
      throw new Error(`${uri} is no file of this machine.`);
    }
    const known = this.files.get(uri);
    if (known && !known.isBusy) {
      return known.summary;
    }
    const file = known ?? this.start(uri, path);
    const listening = token.onCancellationRequested(() => this.forget(uri));
    try {
      return await new Promise<FileSummary>((resolve, reject) => {
        file.waiting.push({ resolve, reject });
      });
    } finally {
      listening.dispose();
    }
  }

  forget(uri: string, error?: Error): void {
    const file = this.files.get(uri);
    if (file) {
      this.stop(uri, file, error);
      void this.connection.sendDiagnostics({ uri, diagnostics: [] });
    }
  }

  allProblems(uri: string): AllProblems | undefined {
    const file = this.files.get(uri);
    return file && { total: file.total, problems: file.problems };
  }

  dispose(): void {
    for (const [uri, file] of this.files) {
      this.stop(uri, file);
    }
  }

  private start(uri: string, path: string): Large {
    const shared = new SharedArrayBuffer(4);
    const control = new Int32Array(shared);
    const data: LargeWorkerData = { path, workspace: this.host.folders, control: shared };
    const worker = new Worker(new URL('./manifestWorker.js', import.meta.url), { workerData: data, resourceLimits: { maxOldGenerationSizeMb: 192 } });
    const file: Large = {
      worker,
      control,
      timer: setInterval(() => {
        if (!file.isBusy) {
          worker.postMessage(LOOK_AGAIN);
        }
      }, LOOK_EVERY),
      problems: [],
      total: 0,
      summary: { uri, rows: 0, bytes: 0, size: 0, problems: 0, seconds: 0 },
      isBusy: true,
      waiting: [],
    };
    this.files.set(uri, file);
    worker.on('message', (message: LargeWorkerMessage) => this.take(uri, file, message));
    worker.on('error', (error: Error) => {
      this.host.log(`${path} could not be checked`, error);
      if (this.files.get(uri) === file) {
        this.forget(uri, error);
      }
    });
    return file;
  }

  private take(uri: string, file: Large, message: LargeWorkerMessage): void {
    if (this.files.get(uri) !== file) {
      return;
    }
    if ('keep' in message) {
      file.problems = file.problems.slice(0, message.keep);
      file.total = message.total;
      void this.connection.sendDiagnostics({ uri, diagnostics: capped(file.problems, this.host, file.total) });
      return;
    }
    const { rows, bytes, size, total, added, isEnd, seconds } = message;
    file.problems.push(...added);
    file.total = total;
    file.isBusy = !isEnd;
    file.summary = { uri, rows, bytes, size, problems: total, seconds };
    if (added.length > 0 || isEnd) {
      void this.connection.sendDiagnostics({ uri, diagnostics: capped(file.problems, this.host, total) });
    }
    void this.connection.sendNotification(FILE_PROGRESS, file.summary);
    if (isEnd) {
      for (const { resolve } of file.waiting.splice(0)) {
        resolve(file.summary);
      }
    }
  }

  private stop(uri: string, { worker, control, timer, waiting }: Large, error = new Error('Nobody waits for it any longer.')): void {
    this.files.delete(uri);
    clearInterval(timer);
    Atomics.store(control, 0, STOP);
    void worker.terminate();
    for (const { reject } of waiting.splice(0)) {
      reject(error);
    }
  }
}
