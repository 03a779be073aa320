import { absent, known, type Measured } from '../../../base/absent.ts';
import type { GpuProblem, GpuReading, GpuSourceState } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { blankGpu } from '../blankGpu.ts';
import { MEGAHERTZ, quantityOf, shortened } from '../quantity.ts';
import { problemOf } from '../toolProblem.ts';
import type { GpuMachine, GpuSource, GpuVendor } from '../vendor.ts';
import { parseTegrastats, type Tegrastats } from './tegrastats.ts';

const TREE = '/proc/device-tree';

export const jetson: GpuVendor = {
  id: 'jetson',
  title: 'NVIDIA Jetson',
  // Strings with a zero byte after each: `nvidia,p3737-0000+p3701-0005`, `nvidia,tegra234`.
  isPresent: (files) => /\bnvidia,tegra\d/.test(known(files.text(`${TREE}/compatible`)) ?? ''),
  start: (machine, sink, interval) => {
    const name = boardName(machine.files);
    const clockMax = topClock(machine.files);
    return openStats(machine, interval, (state, stats, time) => {
      sink(readingOf(name, clockMax, state, stats, time));
    });
  },
};

type Listener = (state: GpuSourceState, stats: Tegrastats | undefined, time: number) => void;

/** Keeps the tool running and tells of each line, and of trouble. */
function openStats({ streams, now }: GpuMachine, milliseconds: number, listener: Listener): GpuSource {
  let interval = milliseconds;
  let last: Tegrastats | undefined;
  let lastTime = 0;
  let isOver = false;
  const tell: Listener = (...told) => {
    if (!isOver) {
      listener(...told);
    }
  };
  const open = (): ReturnType<typeof streams.open> =>
    streams.open(
      { tool: 'tegrastats', args: ['--interval', String(interval)], silence: 5000 + 3 * interval },
      {
        onLine(line) {
          const stats = parseTegrastats(line);
          if (stats !== undefined) {
            last = stats;
            lastTime = now();
            tell({ kind: 'answering' }, last, lastTime);
          }
        },
        onSilent() {
          tell({ kind: 'silent', since: lastTime === 0 ? now() : lastTime }, undefined, lastTime);
        },
        onEnd({ said, error }) {
          const problem: GpuProblem = problemOf('tegrastats', said, error);
          tell({ kind: 'failed', problem }, undefined, lastTime);
        },
      },
    );
  let stream = open();
  return {
    setInterval(value) {
      if (value !== interval) {
        interval = value;
        stream.dispose();
        stream = open();
      }
    },
    dispose() {
      isOver = true;
      stream.dispose();
    },
  };
}

/** The board has one GPU, whose memory is the host's. */
function readingOf(name: string, clockMax: Measured<number>, state: GpuSourceState, stats: Tegrastats | undefined, time: number): GpuReading {
  const silence = absent(state.kind === 'failed' ? state.problem.text : 'tegrastats does not answer');
  const identity = { index: 0, uuid: 'JETSON-0', name, vendor: 'jetson' } as const;
  const gpu = { ...blankGpu(identity, stats === undefined ? silence : absent('not told by tegrastats')), unifiedMemory: true, clockMax, ...stats };
  return { vendor: 'jetson', state, time, gpus: [gpu], uses: absent('not told by tegrastats') };
}

function boardName(files: KernelFiles): string {
  const model = shortened((known(files.text(`${TREE}/model`)) ?? '').replaceAll('\0', '').trim());
  return model === '' ? 'NVIDIA Jetson' : model;
}

/** devfreq of the GPU, in hertz: `17000000.gpu`, `17000000.ga10b`, `57000000.gv11b`. */
function topClock(files: KernelFiles): Measured<number> {
  const folder = '/sys/class/devfreq';
  const device = (known(files.list(folder)) ?? []).find((name) => /\.(?:gpu|g[a-z]\d+b)$/.test(name));
  return device === undefined ? absent('not there') : quantityOf(files.text(`${folder}/${device}/max_freq`), { scale: MEGAHERTZ.scale / 1e6, most: MEGAHERTZ.most * 1e6 });
}
