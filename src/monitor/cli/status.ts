import type { Disposable } from '../../base/disposable.ts';
import { EXIT, type CliIo } from '../../base/cliIo.ts';
import { printable } from '../../base/printable.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import type { WantedGpus } from '../wantedGpus.ts';
import { freedom, freeGpus, freeMemory } from '../view/free.ts';
import { readHoldings, type HeldGpu, type Holdings } from '../view/holders.ts';
import type { Viewer } from '../view/viewer.ts';
import { openBoxSource } from './boxSource.ts';
import { paintFor } from './paint.ts';
import { parseStatusArguments, type StatusArguments } from './statusArguments.ts';
import { statusDocument } from './statusDocument.ts';
import { openStatusSource, type StatusSample, type StatusServices, type StatusSource } from './statusSource.ts';
import { statusText } from './statusText.ts';

const USAGE = `trainyard status [options]

Shows the GPUs of this machine, who uses them, and the machine itself. Where VS Code watches it already, nothing more is read.
  --watch            again each second, until Ctrl-C
  --json             one JSON document; with --watch one a line. Bytes, percent, watts, degrees Celsius, milliseconds since the
                     epoch; what was not measured is { "absent": REASON }
  --wait-free 2x40G  waits until two GPUs are free with 40 GiB each, and prints their UUIDs, a line each
  --host NAME        another machine, over your own ssh and without a question; nothing is installed there. Where VS Code
                     reads it already, no further link is opened
Exit codes: 0 all done, 1 something is wrong with the request, 17 a GPU, its driver or the host does not answer, 130 interrupted.
`;

type Io = CliIo & { readonly env: NodeJS.ProcessEnv };

/** Milliseconds. */
const INTERVAL = 1000;
/** Milliseconds after which is shown what there is, whoever has not answered. */
const LONGEST_WAIT = 15_000;
/** ECMA-48: to the first line and column, erase what follows; the cursor hidden and shown is DEC's. */
const REDRAW = '\u001b[H';
const ERASE_LINE = '\u001b[K';
const ERASE_BELOW = '\u001b[J';
const FIRST_DRAW = '\u001b[2J\u001b[?25l';
const LAST_DRAW = '\u001b[?25h';

/** `trainyard status …`. Resolves to the exit code. `services` is asked for when the arguments make sense. */
export async function status(args: readonly string[], io: Io, services: () => Promise<StatusServices>): Promise<number> {
  const parsed = parseStatusArguments(args);
  if (parsed === 'help') {
    io.out(USAGE);
    return EXIT.done;
  }
  if ('fault' in parsed) {
    io.err(`${printable(parsed.fault)}\n\n${USAGE}`);
    return EXIT.badRequest;
  }
  const source = await openSource(parsed, await services());
  const show = parsed.waitFree === undefined ? shower(parsed, io) : waiter(parsed.waitFree, parsed.json, io);
  const began = Date.now();
  let listening: readonly Disposable[] = [];
  try {
    return await new Promise<number>((resolve, reject) => {
      const take = async ({ sample, whole, viewer = viewerHere(io) }: StatusSample): Promise<void> => {
        if (whole || Date.now() - began > LONGEST_WAIT) {
          const code = show.take(readHoldings(sample, viewer));
          await io.drained?.();
          if (code !== undefined) {
            resolve(code);
          }
        }
      };
      const fail = (words: string): void => {
        io.err(`${words}\n`);
        if (!parsed.watch && parsed.waitFree === undefined) {
          resolve(EXIT.someFailed);
        }
      };
      listening = [
        source.onSample((sample) => void take(sample).catch(reject)),
        ...(source.onFailure === undefined ? [] : [source.onFailure(fail)]),
        io.onInterrupt(() => resolve(EXIT.cancelled)),
      ];
    });
  } finally {
    listening.forEach((one) => one.dispose());
    show.end();
    source.dispose();
  }
}

interface Shower {
  /** The exit code, where this was all. */
  take(holdings: Holdings): number | undefined;
  end(): void;
}

function shower({ watch, json }: StatusArguments, io: Io): Shower {
  const isTerminal = io.outColumns !== undefined;
  const paint = paintFor(io.env, isTerminal);
  const redraws = watch && !json && isTerminal && io.env['TERM'] !== 'dumb';
  let drawn = 0;
  return {
    take(holdings) {
      if (json) {
        io.out(`${JSON.stringify(statusDocument(holdings))}\n`);
      } else {
        const text = statusText(holdings, paint, io.outColumns);
        io.out(redraws ? `${drawn === 0 ? FIRST_DRAW : ''}${REDRAW}${text.replaceAll('\n', `${ERASE_LINE}\n`)}${ERASE_BELOW}` : drawn === 0 ? text : `\n${text}`);
      }
      drawn++;
      return watch ? undefined : codeOf(holdings.sample);
    },
    end() {
      if (redraws && drawn > 0) {
        io.out(LAST_DRAW);
      }
    },
  };
}

function codeOf({ gpus }: SystemSample): number {
  const isAmiss = gpus.some(({ state, gpus: all }) => state.kind === 'failed' || state.kind === 'silent' || all.some((gpu) => gpu.state === 'lost' || gpu.state === 'resetRequired'));
  return isAmiss ? EXIT.someFailed : EXIT.done;
}

function waiter({ count, memory }: WantedGpus, json: boolean, io: Io): Shower {
  let told = '';
  const erase = (): void => {
    if (told !== '') {
      io.err(`\r${ERASE_LINE}`);
      told = '';
    }
  };
  return {
    take({ gpus }) {
      const fitting = gpus.filter(({ gpu }) => typeof gpu.memoryTotal !== 'number' || gpu.memoryTotal >= memory);
      if (fitting.length < count) {
        erase();
        io.err(`There are ${gpus.length} GPUs here, ${fitting.length} of them with so much memory: ${count} are never free at once.\n`);
        return EXIT.badRequest;
      }
      const free = freeGpus(gpus).filter((held) => memory === 0 || (freeMemory(held) ?? 0) >= memory);
      if (free.length >= count) {
        erase();
        io.out(json ? `${JSON.stringify({ gpus: free.slice(0, count).map(freeDocument) })}\n` : free.slice(0, count).map(({ gpu }) => `${printable(gpu.uuid)}\n`).join(''));
        return EXIT.done;
      }
      const line = `${free.length} of ${count} GPUs free, ${gpus.filter((held) => freedom(held) === 'taken').length} taken. Waiting; Ctrl-C ends it.`;
      if ((io.errColumns ?? 0) > 1 && line !== told) {
        told = line;
        io.err(`\r${ERASE_LINE}${line.slice(0, (io.errColumns ?? 1) - 1)}`);
      }
      return undefined;
    },
    end: erase,
  };
}

function freeDocument({ gpu }: HeldGpu): object {
  const { index, uuid, name, vendor, memoryUsed, memoryTotal } = gpu;
  return { index, uuid, name, vendor, memoryUsed, memoryTotal };
}

async function openSource({ host, json }: StatusArguments, services: StatusServices): Promise<StatusSource> {
  const wish: SampleWish = { interval: INTERVAL, detail: json ? 'full' : 'gpus' };
  return host === undefined ? openStatusSource(services, wish) : openBoxSource(services, host, wish);
}

function viewerHere({ cwd }: Io): Viewer {
  return { uid: process.getuid?.() ?? -1, folders: [cwd] };
}
