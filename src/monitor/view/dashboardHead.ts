import { isAbsent, known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { BoxState } from '../boxes/boxState.ts';
import type { CollectorState } from '../collectorClient.ts';
import type { GpuReading } from '../gpuSample.ts';
import type { HostInventory } from '../hostSample.ts';
import type { Head, Trouble } from '../webview/protocol.ts';
import { age, gibibytes, whole } from '../webview/quantity.ts';
import { linkTrouble } from './boxLink.ts';
import { freedom } from './free.ts';
import { cardsLine, vendorTitle } from './gpuNames.ts';
import type { HeldGpu, Holdings } from './holders.ts';
import { STALE_AFTER } from './statusBar.ts';
import { isMine } from './viewer.ts';

export interface HeadOptions {
  /** A box's name and how it stands; left out of this machine. */
  readonly box?: { readonly alias: string; readonly link: BoxState };
  readonly now: number;
  readonly collector: CollectorState;
  readonly inventory: HostInventory | undefined;
  /** From playback: values are of another time, and not stale for that. */
  readonly past?: boolean;
}

/** With more GPUs rows are lower, and processes stand grouped by run. */
export const MANY_GPUS = 8;

export function head(holdings: Holdings, options: HeadOptions): Head {
  const { sample, gpus } = holdings;
  const drivers = [...new Set(gpus.map(({ gpu }) => known(gpu.driverVersion)).filter((version) => version !== undefined))];
  const cards = cardsLine(gpus.map(({ gpu }) => gpu));
  const stale = options.past !== true && options.now - sample.time > STALE_AFTER;
  const troubles = sample.gpus.flatMap((reading) => troublesOf(reading, options.past === true ? sample.time : options.now));
  const link = options.past === true ? undefined : options.box?.link;
  const ofLink = link && linkTrouble(sample.host, link, options.now);
  return {
    key: options.box?.alias ?? '',
    host: printable(sample.host),
    line: [cards !== '' ? cards : sample.gpus.length === 0 ? 'no GPU' : 'GPUs not known', ...(drivers.length === 1 ? [`driver ${printable(drivers[0] ?? '')}`] : [])].join(' · '),
    machine: machineLine(options.inventory),
    state: options.collector.kind === 'stopped' ? 'off' : stale || (link && link.kind !== 'live' && link.kind !== 'connecting') ? 'stale' : link?.kind === 'connecting' ? 'starting' : stateOf(sample.gpus, troubles),
    troubles: [...(options.collector.kind === 'stopped' ? [stopped(options.collector.reason)] : []), ...(ofLink ? [ofLink] : []), ...troubles, ...(sample.gpus.length === 0 ? [NO_GPU] : [])],
    counts: countsLine(gpus),
    sums: sumsLine(gpus),
    hasGpus: gpus.length > 0,
    grouped: gpus.length > MANY_GPUS,
    noProcesses: isAbsent(sample.processes) ? sample.processes.absent : null,
    hiddenProcesses: sample.processScope.namespaced
      ? 'This is a container: the driver counts processes as the host does, so those of others cannot be told apart.'
      : sample.processScope.hidden
        ? 'This machine shows each user only their own processes.'
        : null,
  };
}

const NO_GPU: Trouble = {
  level: 'info',
  title: 'No GPU found on this machine',
  text: 'Nothing on its buses is a GPU or an accelerator that Trainyard knows. CPU, memory, disks and network are read as usual.',
  facts: [],
  said: null,
  way: null,
};

function stateOf(readings: readonly GpuReading[], troubles: readonly Trouble[]): Head['state'] {
  if (readings.some(({ state }) => state.kind === 'silent')) {
    return 'silent';
  }
  if (troubles.some(({ level }) => level !== 'info')) {
    return 'trouble';
  }
  return readings.length > 0 && readings.every(({ state }) => state.kind === 'starting') ? 'starting' : 'ok';
}

function troublesOf({ vendor, state, gpus }: GpuReading, now: number): readonly Trouble[] {
  const title = vendorTitle(vendor);
  if (state.kind === 'silent') {
    const since = age(now - state.since);
    return [
      {
        level: 'error',
        title: `${title} driver not answering for ${since}`,
        text: `It answered last at ${clock(state.since)}. Nothing more is asked of it until it does; the machine’s own readings go on.`,
        facts: [],
        said: null,
        way: null,
      },
    ];
  }
  if (state.kind === 'answering' && state.remark !== undefined) {
    return [{ level: 'info', title: `${title} is read more seldom`, text: printable(state.remark), facts: [], said: null, way: null }];
  }
  if (state.kind !== 'failed') {
    return [];
  }
  const { reason, text, remedy, said } = state.problem;
  return [
    {
      level: reason === 'noDevices' || reason === 'toolMissing' || reason === 'driverNotLoaded' ? 'info' : reason === 'gpuLost' ? 'error' : 'warning',
      title: TITLES[reason](title),
      text: printable([text, remedy].filter((line) => line !== undefined).join(' ')),
      facts: [...(gpus.length > 0 ? [['Seen before', cardsLine(gpus)] as const] : [])],
      said: said === undefined || said.trim() === '' ? null : said.split('\n').map(printable).join('\n').trim(),
      way: null,
    },
  ];
}

const TITLES: Readonly<Record<Extract<GpuReading['state'], { kind: 'failed' }>['problem']['reason'], (vendor: string) => string>> = {
  driverMismatch: () => 'Driver and library versions differ',
  driverNotLoaded: (vendor) => `The ${vendor} driver is not loaded`,
  noPermission: (vendor) => `${vendor} GPUs may not be read`,
  noDevices: (vendor) => `No ${vendor} GPU is there`,
  deviceCgroupLost: () => 'This container has lost its GPUs',
  libraryMissing: (vendor) => `A library of the ${vendor} driver is missing`,
  gpuLost: (vendor) => `A ${vendor} GPU is lost`,
  powerCable: () => 'A GPU lacks its power cable',
  toolMissing: (vendor) => `The ${vendor} tool is missing`,
  unknown: (vendor) => `${vendor} GPUs are not known`,
};

export function stopped(reason: string): Trouble {
  return { level: 'info', title: 'Collecting is off', text: `${printable(reason)} What was kept before can still be played back.`, facts: [], said: null, way: null };
}

function machineLine(inventory: HostInventory | undefined): string {
  if (inventory === undefined) {
    return '';
  }
  const { cpuModel, sockets, cores, kernel, machine } = inventory;
  const model = known(cpuModel)?.replace(/\((?:R|TM)\)|\b(?:Intel|AMD|Processor|CPU|Platinum|Gold)\b|@.*$/g, ' ').replace(/\s+/g, ' ').trim();
  const count = known(sockets);
  return [
    known(machine),
    model === undefined ? undefined : `${count !== undefined && count > 1 ? `${count} × ` : ''}${model}`,
    `${cores} ${cores === 1 ? 'core' : 'cores'}`,
    known(kernel)?.replace(/^(Linux )?(\d+\.\d+).*$/, 'Linux $2'),
  ]
    .filter((part) => part !== undefined)
    .map(printable)
    .join(' · ');
}

function countsLine(gpus: readonly HeldGpu[]): string {
  const count = (wanted: (held: HeldGpu) => boolean) => gpus.filter(wanted).length;
  const answering = gpus.filter(({ fresh }) => fresh);
  const mig = count(({ gpu, fresh }) => fresh && gpu.slices.length > 0);
  const some = (words: string, value: number) => (value > 0 ? [`${value} ${words}`] : []);
  if (gpus.length === 0) {
    return '';
  }
  return [
    ...(answering.length > 0 ? [`${count((held) => held.fresh && isMine(held.owner))} mine`] : []),
    ...some('by others', count((held) => held.fresh && (held.owner === 'others' || held.owner === 'hidden'))),
    ...some('in MIG mode', mig),
    ...(answering.length > 0 ? [`${count((held) => freedom(held) === 'free')} free`] : []),
    ...some('lost', count(({ gpu }) => gpu.state === 'lost')),
    ...some('not known', count((held) => held.gpu.state !== 'lost' && freedom(held) === 'unknown')),
  ].join(' · ');
}

/** Of what is known of all GPUs: a sum that leaves one out would be too small, and is not said. */
function sumsLine(gpus: readonly HeldGpu[]): string {
  const all = (value: (held: HeldGpu) => number | undefined) => {
    const values = gpus.map(value).filter((one) => one !== undefined);
    return values.length === 0 || values.length < gpus.length ? undefined : values.reduce((sum, one) => sum + one, 0);
  };
  const power = all(({ gpu, fresh }) => (fresh ? known(gpu.power) : undefined));
  const limit = all(({ gpu }) => known(gpu.powerLimit));
  const memory = all(({ gpu, fresh }) => (fresh && !gpu.unifiedMemory ? known(gpu.memoryUsed) : undefined));
  const total = all(({ gpu }) => (gpu.unifiedMemory ? undefined : known(gpu.memoryTotal)));
  return [
    ...(power !== undefined ? [limit === undefined ? watts(power) : limit >= 1000 ? `${(power / 1000).toFixed(2)} of ${(limit / 1000).toFixed(2)} kW` : `${whole(power)} of ${whole(limit)} W`] : []),
    ...(memory !== undefined && total !== undefined ? [`${gibibytes(memory)} of ${gibibytes(total)} GiB`] : []),
  ].join(', ');
}

function watts(power: number): string {
  return power >= 1000 ? `${(power / 1000).toFixed(2)} kW` : `${whole(power)} W`;
}

function clock(time: number): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(time);
}
