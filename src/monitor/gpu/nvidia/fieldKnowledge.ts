import { ToolError } from '../../../process/toolError.ts';
import type { ToolStreams } from '../../../process/toolStreams.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { chooseColumns, parseFieldHelp, type Column } from './fields.ts';
import { readModuleVersion } from './problems.ts';

/** What the driver can be asked: found out once for each of its versions, and anew where it turned out to be otherwise. */
export class FieldKnowledge {
  private readonly streams: ToolStreams;
  private readonly files: KernelFiles;
  private known: { readonly version: string | undefined; readonly names: ReadonlySet<string> | undefined } | undefined;
  private readonly refused = new Set<string>();
  private answering: string | undefined;

  constructor(streams: ToolStreams, files: KernelFiles) {
    this.streams = streams;
    this.files = files;
  }

  /** Undefined where it takes none of the fields that tell GPUs apart. Rejects where there is no tool to ask. */
  async columns(): Promise<readonly Column[] | undefined> {
    const version = readModuleVersion(this.files);
    if (this.known?.version !== version || this.known === undefined) {
      this.known = { version, names: await this.ask() };
      this.answering = undefined;
    }
    return chooseColumns(this.known.names, this.refused);
  }

  refuse(field: string): void {
    this.refused.add(field);
    this.known = undefined;
  }

  forget(): void {
    this.refused.clear();
    this.known = undefined;
  }

  /** To be called with the version that each tick tells; whether it is another one than before, of which nothing is known. */
  isAnother(version: string): boolean {
    const isAnother = this.answering !== undefined && this.answering !== version;
    this.answering = version;
    if (isAnother) {
      this.forget();
    }
    return isAnother;
  }

  private async ask(): Promise<ReadonlySet<string> | undefined> {
    try {
      return parseFieldHelp((await this.streams.ask('nvidia-smi', ['--help-query-gpu'], { wallSeconds: 20 })).stdout);
    } catch (error) {
      if (ToolError.is(error, 'notFound') || ToolError.is(error, 'cancelled')) {
        throw error;
      }
      // Whatever else keeps it from telling its fields will say so when it is asked for values.
      return undefined;
    }
  }
}
