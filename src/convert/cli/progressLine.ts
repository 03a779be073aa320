import { isAbsent } from '../../base/absent.ts';
import { formatPercent } from '../../base/format.ts';
import type { JobStatus } from '../job.ts';
import { progressLine } from '../view/jobRow.ts';
import { planningLine } from '../view/planLine.ts';
import type { CliIo } from '../../base/cliIo.ts';

/** ECMA-48: back to the first column, then erase to the line's end. */
const ERASE = '\r\u001b[K';

/** One line that is overwritten, on a terminal alone. */
export class ProgressLine {
  private shown = '';
  private readonly columns: number;

  constructor(
    private readonly io: CliIo,
    isWanted: boolean,
  ) {
    this.columns = isWanted ? (io.errColumns ?? 0) : 0;
  }

  show(status: JobStatus): void {
    const text = textOf(status);
    if (this.columns > 1 && text !== undefined && text !== this.shown) {
      // The last column stays free: some terminals go to the next line when it is written.
      this.io.err(`${ERASE}${text.slice(0, this.columns - 1)}`);
      this.shown = text;
    }
  }

  clear(): void {
    if (this.shown !== '') {
      this.io.err(ERASE);
      this.shown = '';
    }
  }
}

function textOf(status: JobStatus): string | undefined {
  switch (status.state) {
    case 'planning':
      return planningLine(status);
    case 'running':
      return isAbsent(status.secondsLeft) ? progressLine(status) : `${formatPercent(status.progress)} · ${progressLine(status)}`;
    default:
      return undefined;
  }
}
