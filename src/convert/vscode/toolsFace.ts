import type { Services } from '../../platform/services.ts';
import type { ToolState } from '../../process/toolSearch.ts';
import type { TextDocuments } from './textDocuments.ts';
import { showTools } from './toolsPick.ts';

/** Tools as the window knows them: looked for when somebody asks, or when the view of jobs is seen for the first time. */
export class ToolsFace {
  private hasLooked = false;

  constructor(
    private readonly services: Pick<Services, 'trust' | 'keys' | 'log'>,
    private readonly find: () => Promise<readonly ToolState[]>,
    private readonly documents: TextDocuments,
  ) {}

  async show(): Promise<void> {
    if (await this.services.trust.check()) {
      await showTools(() => this.look(), this.documents, (error) => this.services.log.error('The list of tools was lost', error));
    }
  }

  /** Lets the welcome text say what is missing. Looking runs each tool for its banner, so it waits for trust. */
  lookOnce(): void {
    if (this.services.trust.isGranted && !this.hasLooked) {
      this.look().catch((error: unknown) => this.services.log.error('Tools could not be looked for', error));
    }
  }

  private async look(): Promise<readonly ToolState[]> {
    this.hasLooked = true;
    const states = await this.find();
    for (const { title, found, rejected } of states) {
      this.services.log.info(found === undefined ? `${title} was not found` : `${title} ${found.version} at ${found.path}`);
      rejected.forEach(({ path, reason }) => this.services.log.info(`${path} is not taken for ${title}: ${reason}`));
    }
    this.services.keys.set({ 'trainyard.tools.missing': states.some(({ found }) => found === undefined) });
    return states;
  }
}
