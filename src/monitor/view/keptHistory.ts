import { formatDuration } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { GAP } from '../history/levels.ts';
import type { HistoryEvent as KeptEvent } from '../history/historyReader.ts';
import type { HistoryRange, HistorySeries, RangeQuery } from '../history/range.ts';
import { LIMIT_VALUES, gpuSeries } from '../webview/protocol.ts';
import type { GpuSeries, History, HistoryEvent, HostSeries, LimitKind, Series } from '../webview/protocol.ts';
import { leadsAway } from './dashboardHost.ts';

type Cells = readonly (number | null)[];

/** Which kept limits are which on the page, the gravest last. */
const LIMIT_FIELDS: readonly (readonly [field: string, kind: LimitKind])[] = [
  ['limit.powerCap', 'power'],
  ['limit.hardwareSlowdown', 'slowdown'],
  ['limit.powerBrake', 'brake'],
  ['limit.softwareThermal', 'heat'],
  ['limit.hardwareThermal', 'heat'],
];
const HOST_FIELDS: Readonly<Partial<Record<HostSeries, string>>> = {
  cpu: 'cpu.utilization',
  cpuPressure: 'pressure.cpu.someAverage10',
  ioPressure: 'pressure.io.someAverage10',
  memoryPressure: 'pressure.memory.someAverage10',
};
const SUMMED: readonly (readonly [HostSeries, kind: string, field: string])[] = [
  ['diskRead', 'disk', 'read'],
  ['networkReceived', 'network', 'received'],
  ['fabric', 'infiniband', 'received'],
];
const MEMORY = ['memory.used', 'memory.total', 'limits.memoryUsed', 'limits.memoryLimit'] as const;
const MOST_COLUMNS = 5000;

/** What has to be read for the charts of the dashboard; its columns begin at multiples of `step`. */
export function chartQuery(host: string, { from, to, step }: { readonly from: number; readonly to: number; readonly step: number }): RangeQuery {
  const start = Math.floor(from / step) * step;
  const points = Math.max(1, Math.min(MOST_COLUMNS, Math.ceil((to - start) / step)));
  return {
    host,
    from: start,
    to: start + points * step,
    points,
    series: [
      ...['gpu.utilization', 'gpu.power', ...LIMIT_FIELDS.map(([field]) => `gpu.${field}`)],
      ...[...Object.values(HOST_FIELDS), ...MEMORY].map((field) => `host.${field}`),
      ...SUMMED.map(([, kind, field]) => `${kind}.${field}`),
    ],
  };
}

/** A range of the history as the page's charts take it. */
export function chartHistory({ from, step, resolution, series }: HistoryRange): History {
  const of = (kind: string, field: string) => series.filter((one) => one.kind === kind && one.field === field);
  const one = (field: string) => of('host', field)[0];
  const found: Record<string, Series> = {};
  for (const [name, field] of [['busy', 'utilization'], ['power', 'power']] as const satisfies readonly (readonly [GpuSeries, string])[]) {
    for (const { key, min, max } of of('gpu', field)) {
      found[gpuSeries(key, name)] = { min, max };
    }
  }
  for (const key of new Set(series.filter(({ kind }) => kind === 'gpu').map((each) => each.key))) {
    found[gpuSeries(key, 'limit')] = limits(LIMIT_FIELDS.map(([field, kind]) => [of('gpu', field).find((each) => each.key === key), kind]));
  }
  for (const [name, field] of Object.entries(HOST_FIELDS)) {
    const kept = one(field);
    if (kept !== undefined) {
      found[name] = { min: kept.min, max: kept.max };
    }
  }
  for (const [name, kind, field] of SUMMED) {
    const all = of(kind, field).filter(({ key }) => kind !== 'network' || leadsAway(key));
    if (all.length > 0) {
      found[name] = { min: summed(all.map(({ mean }) => mean)) };
    }
  }
  const memory = memoryShare(MEMORY.map(one));
  return { from, step, gap: Math.max(GAP, resolution * 1.5), series: { ...found, ...(memory && { memory }) } };
}

/** The gravest limit of each column. */
function limits(kept: readonly (readonly [HistorySeries | undefined, LimitKind])[]): Series {
  const length = Math.max(0, ...kept.map(([series]) => series?.max.length ?? 0));
  return {
    min: Array.from({ length }, (_, column) => {
      const active = kept.map(([series, kind]) => {
        const share = series?.max[column];
        return share === undefined || share === null ? null : share > 0 ? LIMIT_VALUES[kind] : 0;
      });
      const known = active.filter((value) => value !== null);
      return known.length === 0 ? null : Math.max(...known);
    }),
  };
}

/** Percent of what may be used: of a limit of ours where there is one. */
function memoryShare([used, total, ownUsed, ownLimit]: readonly (HistorySeries | undefined)[]): Series | undefined {
  const [part, whole] = ownLimit?.mean.some((value) => value !== null) === true ? [ownUsed, ownLimit] : [used, total];
  const share = (cells: Cells | undefined): Cells =>
    (cells ?? []).map((value, column) => {
      const all = whole?.mean[column] ?? null;
      return value === null || all === null || all <= 0 ? null : Math.min(100, (100 * value) / all);
    });
  return part === undefined || whole === undefined ? undefined : { min: share(part.min), max: share(part.max) };
}

function summed(all: readonly Cells[]): Cells {
  return (all[0] ?? []).map((_, column) => {
    const known = all.map((cells) => cells[column] ?? null).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}

const LIMIT_WORDS: Readonly<Record<string, string>> = { softwareThermal: 'slowed by heat', hardwareThermal: 'slowed by heat', hardwareSlowdown: 'slowed by hardware', powerBrake: 'slowed by its power supply' };

/** What happened, as the scrubber marks it: a power cap is no event, it is normal under full load. */
export function scrubberEvents(events: readonly KeptEvent[], gpuLabel: (uuid: string) => string): readonly HistoryEvent[] {
  return events.flatMap(({ kind, since, until, facts }): readonly HistoryEvent[] => {
    const gpu = facts.gpu === undefined ? 'A GPU' : `GPU ${gpuLabel(facts.gpu)}`;
    const lasted = until === null || until - since < 1000 ? '' : ` for ${formatDuration((until - since) / 1000)}`;
    switch (kind) {
      case 'limit': {
        const words = LIMIT_WORDS[facts.what ?? ''];
        return words === undefined ? [] : [{ time: since, kind: 'heat', words: `${gpu} ${words}${lasted}` }];
      }
      case 'gpu':
        return [{ time: since, kind: 'lost', words: `${gpu} ${facts.what === 'lost' ? 'lost' : 'needs a reset'}` }];
      case 'driver':
        return [{ time: since, kind: 'lost', words: `A driver ${facts.what === 'silent' ? 'did not answer' : 'failed'}${lasted}` }];
      case 'process':
        return until === null ? [] : [{ time: until, kind: 'ended', words: printable(`${titleOf(facts.command)} (${facts.pid ?? '?'}) ended`) }];
    }
  });
}

function titleOf(command: readonly string[] | string | undefined): string {
  const words = typeof command === 'string' ? command.split(' ') : (command ?? []);
  const [program = 'process', ...rest] = words.map((word) => word.slice(word.lastIndexOf('/') + 1));
  const script = rest.find((word) => word.endsWith('.py') || word.endsWith('.sh'));
  return script === undefined ? program : `${program} ${script}`;
}
