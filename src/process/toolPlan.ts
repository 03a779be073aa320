/** Programs that Trainyard can be asked to run. One descriptor each in `toolCatalogue.ts`. */
export type ToolId = MediaToolId | AcceleratorToolId;

export type MediaToolId = 'ffmpeg' | 'ffprobe' | 'sox' | 'imagemagick' | 'sharp';

/** What comes with an accelerator's driver, and is here only where such a device is. */
export type AcceleratorToolId = 'nvidia-smi' | 'rocm-smi' | 'amd-smi' | 'xpu-smi' | 'intel_gpu_top' | 'tpu-info' | 'tegrastats' | 'npu-smi';

/** Bounds on one process; in a sequence on each run, but for the wall time, which is for all. Whatever is left out is unbounded. */
export interface ToolLimits {
  /** Bytes of address space (RLIMIT_AS); for `sharp` of writable memory (RLIMIT_DATA), as V8 reserves what it never touches. */
  readonly memory?: number;
  /** Size of the largest file it may write, in bytes (RLIMIT_FSIZE). */
  readonly fileSize?: number;
  /** CPU time in seconds (RLIMIT_CPU). */
  readonly cpuSeconds?: number;
  /** Wall time in seconds, after which the group is ended with reason `timeout`. */
  readonly wallSeconds?: number;
}

/** What a finished process left behind. `stderr` and `stdout` are bounded: the head and the tail are kept. */
export interface ToolOutput {
  /** 128 and the signal's number where a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes of both that were not kept; a line between head and tail says so. */
  readonly leftOut?: number;
  /** Wall time in milliseconds. */
  readonly ms: number;
}

/** Reads progress from a stream of the tool as it arrives. */
export interface ProgressReader {
  readonly stream: 'stdout' | 'stderr';
  /** Takes the next piece of text (any cut) and gives the fraction done, 0 to 1, where the piece told. */
  read(text: string): number | undefined;
}

/** A program to be run: made by a core function, executed by `runTool` and by nothing else. */
export interface ToolPlan<T = ToolOutput> {
  readonly tool: ToolId;
  readonly args: readonly string[];
  readonly stdin?: string;
  /**
   * Runs the tool once for each of these, one after the other, with `args` and then the run's own: one start of ours pays for
   * many of theirs. All have the same length. Their output is one; any exit code other than 0 ends in a single one that is not 0.
   * A run that exits with 255 or is ended by a signal is the last. No run reads stdin.
   */
  readonly sequence?: readonly (readonly string[])[];
  /** Added to the cleared environment (PATH, LC_ALL=C.UTF-8, TMPDIR, HOME of the private working folder). */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Symbolic links to make in the private working folder, which is the tool's current folder: plain name to absolute path.
   * For a tool that reads patterns or protocols into a path and has no way to say that it is literal.
   */
  readonly links?: Readonly<Record<string, string>>;
  readonly limits?: ToolLimits;
  /** Bytes of stdout and of stderr that are kept, half of them from the end; 8 MiB where left out. */
  readonly keep?: number;
  /** Exit codes that are not an error by themselves; `[0]` where left out. */
  readonly exitCodes?: readonly number[];
  /** Turns the output into a value; may throw a `ToolError` with reason `parse` or `lied`. */
  readonly parse: (output: ToolOutput) => T;
  readonly progress?: () => ProgressReader;
}
