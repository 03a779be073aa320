import { createToolRunner } from '../../../../process/createToolRunner.ts';
import { createToolFinder, toolboxOf } from '../../../../process/toolFinder.ts';
import type { ToolRunner } from '../../../../process/toolRunner.ts';
import type { FamilyHost } from '../../../family.ts';
import { cacheFolder, createToolFacts, type ToolFacts } from './toolFacts.ts';

export interface InstalledTools {
  readonly facts: ToolFacts;
  readonly runner: ToolRunner;
}

const TOOLS = ['ffmpeg', 'sox', 'imagemagick'] as const;
/** Milliseconds after which it is looked again whether a tool was changed: a look asks no program whose file is as it was. */
const LOOK_AGAIN = 10_000;

/** Finds tools when they are first asked for, and again when they were put in, taken away or upgraded meanwhile. */
export class ToolLookup {
  private readonly finder = createToolFinder();
  private builds = '';
  private tools: Promise<InstalledTools> | undefined;
  private lookedAt = -Infinity;

  constructor(
    private readonly host: FamilyHost,
    private readonly env: NodeJS.ProcessEnv = process.env,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Undefined in a workspace that is not trusted: nothing is run there. */
  async get(): Promise<InstalledTools | undefined> {
    if (!this.host.isTrusted) {
      return undefined;
    }
    if (this.tools === undefined || this.now() - this.lookedAt > LOOK_AGAIN) {
      this.lookedAt = this.now();
      this.tools = this.look(this.tools);
    }
    return this.tools;
  }

  private async look(before: Promise<InstalledTools> | undefined): Promise<InstalledTools> {
    const { host, env } = this;
    const paths = Object.fromEntries(TOOLS.flatMap((id) => textSetting(host.setting(`tools.${id}`)).map((path) => [id, path])));
    const states = await this.finder.find({ env, paths, sharpWorker: '', never: host.folders }, TOOLS);
    const tools = toolboxOf(states);
    const builds = [...tools.values()].map(({ buildId }) => buildId).join(' ');
    if (before !== undefined && builds === this.builds) {
      return before;
    }
    this.builds = builds;
    const runner = createToolRunner({ tools, env });
    return { runner, facts: createToolFacts({ tools, runner, cache: cacheFolder(env), log: (message, error) => host.log(message, error) }) };
  }
}

function textSetting(value: unknown): readonly string[] {
  return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [];
}
