import type { GpuProblem } from '../../gpuSample.ts';
import { Inquiry } from '../inquiry.ts';
import type { GpuMachine } from '../vendor.ts';
import { AMD_SMI_METRIC, AMD_SMI_STATIC, parseAmdSmi } from './amdSmi.ts';
import { AMD_SMI_PROCESS, parseAmdSmiProcesses, type ToolUse } from './amdSmiProcesses.ts';
import { overlay } from './merge.ts';
import { parseRocmSmi, ROCM_SMI_ARGS } from './rocmSmi.ts';
import type { ToolCard } from './toolCard.ts';

/** Milliseconds. Each call starts Python and opens every device. */
const EVERY = 10_000;
const STATIC_EVERY = 600_000;

/** What amd-smi tells, and where it is not installed rocm-smi. */
export class AmdTools {
  private readonly metric: Inquiry<readonly ToolCard[]>;
  private readonly fixed: Inquiry<readonly ToolCard[]>;
  private readonly processes: Inquiry<readonly ToolUse[]>;
  private readonly rocm: Inquiry<readonly ToolCard[]>;

  constructor({ streams }: GpuMachine) {
    const options = { wallSeconds: 20 };
    this.metric = new Inquiry('amd-smi', EVERY, () => streams.ask('amd-smi', AMD_SMI_METRIC, options), ({ stdout }) => parseAmdSmi(stdout));
    this.fixed = new Inquiry('amd-smi', STATIC_EVERY, () => streams.ask('amd-smi', AMD_SMI_STATIC, options), ({ stdout }) => parseAmdSmi(stdout));
    this.processes = new Inquiry('amd-smi', EVERY, () => streams.ask('amd-smi', AMD_SMI_PROCESS, options), ({ stdout }) => parseAmdSmiProcesses(stdout));
    this.rocm = new Inquiry('rocm-smi', EVERY, () => streams.ask('rocm-smi', ROCM_SMI_ARGS, options), ({ stdout }) => parseRocmSmi(stdout));
  }

  /** Asks where it is time. `onNews`: when something was heard. */
  turn(now: number, wantProcesses: boolean, onNews: () => void): void {
    if (this.metric.answer === undefined && this.metric.problem !== undefined) {
      this.rocm.turn(now, onNews);
    }
    // One of them that is not there is looked for again now and then.
    this.metric.turn(now, () => {
      if (this.metric.problem === undefined) {
        this.fixed.turn(now);
        if (wantProcesses) {
          this.processes.turn(now);
        }
      } else if (this.rocm.answer === undefined) {
        this.rocm.turn(now, onNews);
        return;
      }
      onNews();
    });
  }

  cards(now: number): readonly ToolCard[] | undefined {
    const answer = this.metric.fresh(now);
    if (answer !== undefined) {
      const fixed = this.fixed.answer?.value ?? [];
      return answer.value.map((card) => {
        const below = fixed.find(({ index }) => index === card.index);
        return below === undefined ? card : overlay(below, card);
      });
    }
    return this.rocm.fresh(now)?.value;
  }

  /** When what `cards` gives was measured. */
  get time(): number {
    return Math.max(this.metric.answer?.time ?? 0, this.rocm.answer?.time ?? 0);
  }

  uses(now: number): readonly ToolUse[] | undefined {
    return this.processes.fresh(now)?.value;
  }

  /** Why neither tells anything; undefined before both were asked. */
  get problem(): GpuProblem | undefined {
    if (this.metric.problem === undefined || this.rocm.problem === undefined) {
      return undefined;
    }
    return this.metric.isMissing ? this.rocm.problem : this.metric.problem;
  }
}
