import { spawn, type ChildProcess } from 'node:child_process';

const WORKER = 'use Time::HiRes "sleep"; $x = 0; while (1) { $x += $_ for 1 .. 20000; sleep 0.2 }';
const WORKERS = 10;

export interface Load {
  end(): Promise<void>;
}

/** Processes as they lie about on a training box: most rest, some work a little now and then. */
export async function makeProcesses(count: number): Promise<Load> {
  const children: ChildProcess[] = [];
  for (let index = 0; index < count; index++) {
    const words = index < WORKERS ? ['perl', '-e', WORKER] : ['sleep', '100000'];
    const [file = '', ...args] = words;
    children.push(spawn(file, args, { stdio: 'ignore' }));
  }
  await Promise.all(children.map((child) => new Promise<void>((done, fail) => child.once('spawn', done).once('error', fail))));
  return {
    async end() {
      await Promise.all(
        children.map((child) => new Promise<void>((done) => (child.exitCode === null && child.signalCode === null ? child.once('exit', () => done()).kill('SIGKILL') : done()))),
      );
    },
  };
}
