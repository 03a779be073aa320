import { known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { ProcessSample } from '../hostSample.ts';
import type { OwnProcess } from './viewer.ts';

const PYTHON = /^(?:python|pypy)[\d.]*$/;
/** Options by which training scripts name a run, the most telling first. */
const NAMING = ['run-name', 'run_name', 'experiment-name', 'experiment_name', 'exp-name', 'exp_name', 'wandb-name', 'wandb_name', 'served-model-name'];
const CONFIGURING = ['config', 'cfg', 'config-name', 'config_name', 'config-file', 'config_file'];
const NAMING_ENVIRONMENT = ['WANDB_NAME', 'MLFLOW_RUN_NAME', 'SLURM_JOB_NAME'];
/** Job names that a batch system gives on its own. */
const NAMELESS_JOBS = new Set(['bash', 'sh', 'interactive', 'wrap', 'jupyter', 'python']);
/** Modules that start what is meant. */
export const LAUNCHER_MODULES = /^(?:torch\.distributed\.(?:run|launch)|accelerate\.commands\.(?:launch|accelerate_cli)|deepspeed\.launcher\.\w+|lightning(?:\.\w+)*)$/;
const LAUNCHERS = /^(?:torchrun|accelerate|deepspeed|fabric|lightning|uv|uvx|poetry|pdm|pixi|conda|mamba|micromamba|mpirun|mpiexec|orterun|srun|horovodrun|composer|nohup|time|env|numactl|taskset|nice|stdbuf|hatch|rye)$/;

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function commandOf(process: ProcessSample): readonly string[] {
  const words = known(process.command) ?? [];
  return words.length === 0 ? [process.name] : words;
}

/** The program of a command: `python` of `/opt/conda/bin/python3.11`, `train.sh` of `bash train.sh`. */
export function program(process: ProcessSample): string {
  const name = basename(commandOf(process)[0] ?? process.name).replace(/^-/, '');
  return PYTHON.test(name) ? 'python' : name;
}

export function isPython(process: ProcessSample): boolean {
  return program(process) === 'python' || /^(?:ray::|pt_|python)/.test(process.name);
}

/** A program that starts the processes of a run and is part of it. */
export function isLauncher(process: ProcessSample): boolean {
  if (LAUNCHERS.test(program(process))) {
    return true;
  }
  const words = commandOf(process);
  const script = basename(words[1] ?? '');
  return isPython(process) && (LAUNCHERS.test(script) || LAUNCHER_MODULES.test(moduleOf(words) ?? ''));
}

/** One line that a person recognises: the program without its folder, then its words as they are. */
export function shortCommand(process: ProcessSample): string {
  const [, ...rest] = commandOf(process);
  return printable([program(process), ...rest].join(' ').trim());
}

/** What is run, in two or three words for a narrow place: `python train.py`, `vllm serve`, `ipykernel`. */
export function label(process: ProcessSample): string {
  const words = commandOf(process);
  const module = moduleOf(words);
  if (module !== undefined && !LAUNCHER_MODULES.test(module)) {
    return printable(module === 'ipykernel_launcher' || module.startsWith('ipykernel') ? 'ipykernel' : `python -m ${module}`);
  }
  const script = scriptOf(words);
  if (script === undefined) {
    return printable(program(process));
  }
  if (isPython(process)) {
    return printable(/\.pyw?$/.test(script) ? `python ${basename(script)}` : basename(script));
  }
  return printable(`${program(process)} ${basename(script)}`);
}

/** What a run is called: as its own words say, else after its configuration or its script. */
export function runTitle(process: ProcessSample, own: OwnProcess | undefined): string {
  const words = commandOf(process);
  const environment = known(own?.environment) ?? {};
  const named = optionOf(words, NAMING) ?? NAMING_ENVIRONMENT.map((name) => environment[name]).find((value) => value !== undefined && value !== '' && !NAMELESS_JOBS.has(value));
  if (named !== undefined) {
    return printable(basename(named));
  }
  const config = optionOf(words, CONFIGURING);
  if (config !== undefined && config !== '') {
    return printable(stem(config));
  }
  const module = moduleOf(words);
  if (module !== undefined && !LAUNCHER_MODULES.test(module)) {
    return printable(module.startsWith('ipykernel') ? 'ipykernel' : (module.split('.')[0] ?? module));
  }
  const script = scriptOf(words);
  if (script === undefined) {
    return printable(program(process));
  }
  return printable(isPython(process) || /\.\w+$/.test(script) ? stem(script) : `${program(process)} ${basename(script)}`);
}

/** Which of a run's ranks a process is, where it says so. */
export function rankOf(process: ProcessSample, own: OwnProcess | undefined): number | undefined {
  const environment = known(own?.environment) ?? {};
  const text = environment['RANK'] ?? environment['SLURM_PROCID'] ?? environment['OMPI_COMM_WORLD_RANK'] ?? environment['LOCAL_RANK'] ?? optionOf(commandOf(process), ['local_rank', 'local-rank', 'rank']);
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function moduleOf(words: readonly string[]): string | undefined {
  const at = words.indexOf('-m');
  return at > 0 && at <= 4 ? words[at + 1] : undefined;
}

/** The first word that is no option, and is a script where there is one: what a launcher launches. */
function scriptOf(words: readonly string[]): string | undefined {
  const rest = words.slice(1);
  return rest.find((word) => /\.(?:py|sh|ipynb)$/.test(word) && !word.startsWith('-')) ?? rest.find((word, index) => /^[\w./]/.test(word) && !(rest[index - 1] ?? '').startsWith('-'));
}

function optionOf(words: readonly string[], names: readonly string[]): string | undefined {
  for (const name of names) {
    const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`) || word.startsWith(`${name}=`));
    const word = words[at];
    if (word !== undefined) {
      return word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[at + 1];
    }
  }
  return undefined;
}

function stem(path: string): string {
  return basename(path.replace(/\/+$/, '')).replace(/\.\w{1,5}$/, '');
}

/** The kernel's own: it has no command line, and was started by the kernel. */
export function isKernelThread({ pid, parent, command }: ProcessSample): boolean {
  return known(command) === undefined && (pid === 2 || parent === 2);
}
