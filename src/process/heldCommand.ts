import type { ToolId, ToolLimits } from './toolPlan.ts';
import type { HardLimits, Wrappers } from './wrappers.ts';

/**
 * The words that go before a tool's own, so that it keeps to its limits and does not outlive us.
 *
 * setpriv has the kernel send SIGALRM when our thread dies. By then it has become GNU timeout, which takes that for its own
 * alarm and answers with SIGKILL to the whole group: xargs, what it runs, and what a tool may have started. A duration of 0
 * means that no other alarm comes. Without timeout the tool itself gets SIGKILL.
 */
export function holdingWords(tool: ToolId | 'ssh', limits: ToolLimits | undefined, wrappers: Wrappers): readonly string[] {
  const { setpriv, timeout } = wrappers;
  if (setpriv === undefined) {
    return limitingWords(tool, limits, wrappers);
  }
  const signal = timeout === undefined ? 'KILL' : 'ALRM';
  return [
    setpriv,
    '--pdeathsig',
    signal,
    ...limitingWords(tool, limits, wrappers),
    ...(timeout === undefined ? [] : [timeout, '-s', 'KILL', '0']),
  ];
}

/**
 * The words between xargs and each of its runs: a forked process does not inherit what setpriv set. With timeout the group's
 * leader takes care of them, which costs nothing per run.
 */
export function holdingEachRun({ setpriv, timeout }: Wrappers): readonly string[] {
  return setpriv === undefined || timeout !== undefined ? [] : [setpriv, '--pdeathsig', 'KILL'];
}

function limitingWords(tool: ToolId | 'ssh', limits: ToolLimits | undefined, { prlimit, ceilings }: Wrappers): readonly string[] {
  const options = limitOptions(tool, limits ?? {}, ceilings);
  // A core dump of somebody's data is nobody's business, and costs time.
  return prlimit === undefined || options.length === 0 ? [] : [prlimit, '--core=0', ...options, '--'];
}

function limitOptions(tool: ToolId | 'ssh', { memory, fileSize, cpuSeconds }: ToolLimits, ceilings: HardLimits): readonly string[] {
  return [
    memory !== undefined && memoryOption(tool, memory, ceilings),
    fileSize !== undefined && `--fsize=${bounded(fileSize, ceilings.fileSize)}`,
    // SIGXCPU at the first, SIGKILL at the second.
    cpuSeconds !== undefined && `--cpu=${bounded(cpuSeconds, ceilings.cpuSeconds)}:${bounded(cpuSeconds + 1, ceilings.cpuSeconds)}`,
  ].filter((option) => option !== false);
}

/**
 * V8 reserves address space by the gigabyte that it never touches, so that RLIMIT_AS would end it at the start. RLIMIT_DATA
 * counts what can be written to (since Linux 4.7 also what is mapped).
 */
function memoryOption(tool: ToolId | 'ssh', memory: number, ceilings: HardLimits): string {
  return tool === 'sharp' ? `--data=${bounded(memory, ceilings.data)}` : `--as=${bounded(memory, ceilings.addressSpace)}`;
}

function bounded(limit: number, ceiling: number): number {
  return Math.min(Math.ceil(limit), ceiling);
}
