import { known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { Fleet, FleetHolder, FleetRun, FreeBlock } from '../webview/fleetProtocol.ts';
import { ranges } from '../webview/quantity.ts';
import { runRows } from './dashboardRuns.ts';
import { fleetBox, isReadNow } from './fleetBox.ts';
import type { FleetMachine } from './fleetBox.ts';
import { freedom } from './free.ts';
import { shortName } from './gpuNames.ts';
import { gpuState } from './gpuRow.ts';
import type { HeldGpu } from './holders.ts';
import { isMine } from './viewer.ts';

/** All boxes at a glance. What is not read now counts as neither free nor held, and that is said. */
export function fleet(machines: readonly FleetMachine[], now: number): Fleet {
  const boxes = machines.map((machine) => fleetBox(machine, now));
  const read = machines.filter((machine) => isReadNow(machine, now));
  const fresh = read.flatMap(({ holdings }) => holdings?.gpus.filter((held) => held.fresh) ?? []);
  return {
    now,
    boxes,
    holders: holdersOf(read, now),
    uncounted: boxes.filter(({ isRead }) => !isRead).map(({ title, note }) => (note === '' ? title : `${title} (${note.toLowerCase()})`)),
    free: freeBlocks(read),
    runs: ownRuns(machines, now),
    known: fresh.length,
    freeCount: fresh.filter((held) => freedom(held) === 'free').length,
    mine: fresh.filter(({ owner }) => isMine(owner)).length,
  };
}

/** By person, most GPUs first; one's own before all. A GPU that several share counts for each of them. */
function holdersOf(machines: readonly FleetMachine[], now: number): readonly FleetHolder[] {
  const found = new Map<string, { tone: 'mine' | 'others'; readonly boxes: Set<string>; gpus: number; idle: number }>();
  for (const { title, holdings, watch } of machines) {
    for (const held of holdings?.gpus.filter(({ fresh }) => fresh) ?? []) {
      const idle = gpuState(held, watch.of(held.gpu.uuid), now).tone === 'idle';
      for (const [name, tone] of peopleOf(held)) {
        const entry = found.get(name) ?? { tone, boxes: new Set<string>(), gpus: 0, idle: 0 };
        found.set(name, entry);
        entry.boxes.add(title);
        entry.gpus++;
        entry.idle += idle ? 1 : 0;
      }
    }
  }
  return [...found]
    .map(([name, { tone, boxes, gpus, idle }]): FleetHolder => ({ name, tone, where: boxes.size === 1 ? ([...boxes][0] ?? '') : `${boxes.size} boxes`, gpus, idle }))
    .sort((a, b) => Number(b.tone === 'mine') - Number(a.tone === 'mine') || b.gpus - a.gpus || a.name.localeCompare(b.name));
}

function peopleOf(held: HeldGpu): ReadonlyMap<string, 'mine' | 'others'> {
  const people = new Map<string, 'mine' | 'others'>();
  for (const { owner, use, run, process } of known(held.holders) ?? []) {
    if (use.kind !== 'graphics') {
      people.set(isMine(owner) ? 'you' : owner === 'hidden' ? 'hidden' : (run?.user ?? process?.user ?? 'hidden'), isMine(owner) ? 'mine' : 'others');
    }
  }
  if (people.size === 0 && (known(held.hiddenMemory) ?? 0) > 0) {
    people.set('hidden', 'others');
  }
  return people;
}

/** The largest block first. */
function freeBlocks(machines: readonly FleetMachine[]): readonly FreeBlock[] {
  return machines
    .flatMap(({ alias, title, holdings }) => {
      const byModel = new Map<string, HeldGpu[]>();
      for (const held of holdings?.gpus.filter((one) => freedom(one) === 'free') ?? []) {
        const model = shortName(held.gpu.name);
        byModel.set(model, [...(byModel.get(model) ?? []), held]);
      }
      const whole = [...byModel].map(([model, held]): FreeBlock => ({ key: alias ?? '', title, count: held.length, isSlice: false, model, numbers: ranges(held.map(({ gpu }) => gpu.index)) }));
      return [...whole, ...(holdings?.gpus ?? []).flatMap((held) => freeSlices(held).map((block): FreeBlock => ({ key: alias ?? '', title, ...block })))];
    })
    .sort((a, b) => Number(a.isSlice) - Number(b.isSlice) || b.count - a.count);
}

/** Of a GPU in MIG mode, by profile. */
function freeSlices({ gpu, fresh, holders, label }: HeldGpu): readonly Pick<FreeBlock, 'count' | 'model' | 'numbers' | 'isSlice'>[] {
  const named = known(holders);
  if (!fresh || named === undefined) {
    return [];
  }
  const profiles = new Map<string, number>();
  for (const { gpuInstance, computeInstance, profile } of gpu.slices) {
    const model = known(profile);
    if (model !== undefined && !named.some(({ use }) => use.gpuInstance === gpuInstance && (use.computeInstance ?? computeInstance) === computeInstance)) {
      profiles.set(model, (profiles.get(model) ?? 0) + 1);
    }
  }
  return [...profiles].map(([profile, count]) => ({ count, model: `MIG ${printable(profile)}`, numbers: `on GPU ${label}`, isSlice: true }));
}

function ownRuns(machines: readonly FleetMachine[], now: number): readonly FleetRun[] {
  return machines.flatMap((machine) => {
    const { alias, title, holdings } = machine;
    const read = isReadNow(machine, now);
    const told = holdings === undefined ? [] : runRows(holdings);
    return (holdings?.runs ?? [])
      .filter(({ owner }) => isMine(owner))
      .map((run): FleetRun => ({ key: alias ?? '', title: run.title, where: title, verdict: read ? (told.find(({ key }) => key === run.key)?.verdict ?? 'unknown') : 'stale' }));
  });
}
