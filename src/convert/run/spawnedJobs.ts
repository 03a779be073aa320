import { bundlePath, type Installation } from '../../installation.ts';
import { startDetached } from '../../process/detached.ts';
import type { ConvertRequest, JobStatus } from '../job.ts';
import type { JobFollow, Jobs } from '../jobs.ts';
import type { JobStore } from '../jobStore.ts';
import { cancelJob } from './cancelJob.ts';
import { aborted, atRest, statusOf, whileFollowing } from './followJob.ts';
import { jobFiles, writeStatus } from './jobFiles.ts';
import { isLive } from './liveness.ts';
import { takeOwnership } from './ownerLock.ts';
import { retryRequest } from './retryRequest.ts';

export interface SpawnedJobsOptions {
  readonly store: JobStore;
  readonly installation: Installation;
  readonly env: NodeJS.ProcessEnv;
}

/** Jobs in processes of their own, which outlive this one: a window may be reloaded meanwhile. */
export function createSpawnedJobs({ store, installation, env }: SpawnedJobsOptions): Jobs {
  async function work(id: string, what: 'plan' | 'run', follow: JobFollow): Promise<JobStatus> {
    const { ended } = await startDetached({
      words: [process.execPath, bundlePath(installation, 'convertJob'), store.folder, id, what],
      folder: '/',
      env: jobEnvironment(env),
    });
    const exitCode = await whileFollowing(store, id, follow, Promise.race([ended, aborted(follow.signal)]));
    if (exitCode !== undefined && exitCode !== 0) {
      await enterDeath(id, exitCode);
      await atRest(store, id, follow.signal);
    }
    return statusOf(store, id);
  }

  /** A process that could not even take the job up has left it as it was. */
  async function enterDeath(id: string, exitCode: number): Promise<void> {
    const files = jobFiles(store.folder, id);
    const lock = takeOwnership(files.folder);
    try {
      const status = await statusOf(store, id);
      if (lock && (status.state === 'planned' || status.owner?.pid === process.pid)) {
        const problem = `The job’s own process could not work (exit code ${exitCode}): ${files.log} may say why.`;
        writeStatus(files, { ...status, state: 'failed', problem, endedAt: Date.now() });
      }
    } finally {
      lock?.release();
    }
  }

  return {
    store,
    async plan(request: ConvertRequest, follow: JobFollow = {}) {
      return work(await store.create(request), 'plan', follow);
    },
    async run(id, follow = {}) {
      if (isLive(await statusOf(store, id))) {
        await whileFollowing(store, id, follow, atRest(store, id, follow.signal));
        return statusOf(store, id);
      }
      return work(id, 'run', follow);
    },
    cancel: (id) => cancelJob(store, id),
    retryRequest: (id, salvage) => retryRequest(store, id, salvage),
  };
}

/** The user's environment, without what would put a debugger or somebody's modules into a process that nobody sees. */
function jobEnvironment({ NODE_OPTIONS: _, VSCODE_INSPECTOR_OPTIONS: __, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    // VS Code's own binary is a Node with this.
    ELECTRON_RUN_AS_NODE: '1',
    // Files that wait for the disk together share a commit of its journal; Node's four threads let four wait.
    UV_THREADPOOL_SIZE: '16',
  };
}
