import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { icon } from '../../webview/icon.ts';
import { warningIcon } from '../../webview/icons.ts';
import { cell, percentWide, quantity } from './cells.ts';
import { share } from './model.ts';
import type { CpuFacts, DiskFacts, FabricFacts, HostFacts, HostSeries, MemoryFacts, NetworkFacts, PressureFacts } from './protocol.ts';
import { linkSpeed, memoryAs, memoryQuantity, oneDecimal, rateQuantity, whole } from './quantity.ts';

/** Percent of a file system from which on it is told with a warning. */
const NEARLY_FULL = 95;
/** From here on one cell stands for two cores. */
const MANY_CORES = 256;
const ROWS_OF_CORES = 4;

export function hostStrip(host: Partial<HostFacts>, machine: string, dense: boolean): TemplateResult {
  const { cpu, memory, pressure, disk, network, fabric } = host;
  if (cpu === undefined || memory === undefined || pressure === undefined || disk === undefined || network === undefined) {
    return html``;
  }
  if (dense) {
    return html`<div class="line1" role="group" aria-label="Host">
      <h2>Host</h2>
      <span>${spark('cpu', '%', 100)}CPU <b>${cell(cpu.busy, (busy) => `${whole(busy)}%`)}</b> <span class="dim">of ${coresWords(cpu)}</span></span>
      <span>${spark('memory', '%', 100)}Memory ${memoryTop(memory)}</span>
      <span>${spark('cpuPressure', '%', 100)}Pressure <b>CPU ${cell(pressure.cpu, percent)}</b> <span class="dim">I/O ${cell(pressure.io, percent)} mem ${cell(pressure.memory, percent)}</span></span>
      <span>${spark('diskRead', 'rate')}Disk ${rateTop(disk.read)} <span class="dim">read</span> ${diskWarning(disk)}</span>
      <span>${spark('networkReceived', 'rate')}Network ${rateTop(network.received)} <span class="dim">in</span></span>
      ${fabric ? html`<span>${spark('fabric', 'rate')}InfiniBand <b>${fabric.active}</b> <span class="dim">of ${fabric.ports} up</span>${fabric.active < fabric.ports ? warn() : nothing}</span>` : nothing}
    </div>`;
  }
  return html`<header class="sh"><h2>Host</h2><span class="ell">${machine}</span></header>
    <div class="host ${fabric ? '' : 'five'}">
      ${cpuCell(cpu)}${memoryCell(memory)}${pressureCell(pressure)}${diskCell(disk)}${networkCell(network)}${fabric ? fabricCell(fabric) : nothing}
    </div>`;
}

function spark(name: HostSeries, unit: '%' | 'rate', top?: number): TemplateResult {
  return html`<div class="spark" role="img" aria-label=${`${name} over the window`} data-series=${name} data-unit=${unit} data-top=${top ?? ''} data-tone="plain"></div>`;
}

function cpuCell(cpu: CpuFacts): TemplateResult {
  const load = known(cpu.load);
  return html`<section class="cell" aria-label="CPU">
    <div class="top"><span class="k">CPU</span><b>${cell(cpu.busy, (busy) => quantity({ digits: whole(busy), unit: '%' }))}</b><span class="end dim">${load === undefined ? '' : `load ${oneDecimal(load)} of ${coresWords(cpu)}`}</span></div>
    ${cpu.cores === '' ? html`<div class="spark tall" role="img" aria-label="CPU over the window" data-series="cpu" data-top="100" data-unit="%" data-tone="plain"></div>` : heat(cpu)}
    <div class="foot dim ell">${cpuNote(cpu)}</div>
  </section>`;
}

function coresWords({ coreCount, limit }: CpuFacts): string {
  return limit !== null && limit < coreCount ? `${limit % 1 === 0 ? limit : oneDecimal(limit)} allowed` : `${coreCount} ${coreCount === 1 ? 'core' : 'cores'}`;
}

function cpuNote({ throttled, sockets, cores, limit, coreCount, ioWait }: CpuFacts): string {
  if (throttled !== null && throttled >= 1) {
    return `held back by its quota ${throttled}% of the time`;
  }
  if (limit !== null && limit < coreCount) {
    return `${coreCount} cores in the machine`;
  }
  if (cores !== '' && cores.length >= MANY_CORES) {
    return `one cell per two cores${sockets === 2 ? ', upper half socket 0' : ''}`;
  }
  if (sockets === 2 && cores.length >= 16) {
    return 'upper half socket 0, lower half socket 1';
  }
  const wait = known(ioWait);
  return wait === undefined ? '' : `${whole(wait)}% waiting for disks`;
}

/** One cell for each core, or for two of them. */
function heat({ cores, coreCount }: CpuFacts): TemplateResult {
  const each = cores.length >= MANY_CORES ? 2 : 1;
  const cells = Array.from({ length: Math.ceil(cores.length / each) }, (_, index) => [...cores.slice(index * each, index * each + each)].sort().at(-1) ?? '-');
  const rows = cells.length >= 16 ? ROWS_OF_CORES : cells.length > 4 ? 2 : 1;
  const busy = [...cores].filter((sign) => Number(sign) >= 8).length;
  return html`<div class="heat rows${rows}" role="img" aria-label=${`${busy} of ${coreCount} cores above 80% busy`} .style=${`grid-template-columns:repeat(${Math.ceil(cells.length / rows)},1fr)`}>
    ${cells.map((sign) => html`<i class=${sign === '-' ? 'x' : `l${sign}`}></i>`)}
  </div>`;
}

function memoryTop({ used, total, limited }: MemoryFacts): TemplateResult {
  const unit = isAbsent(total) ? 'GiB' : memoryQuantity(total).unit;
  return html`<b>${cell(used, (bytes) => memoryAs(bytes, unit).digits)}</b
    ><span class="u">${isAbsent(total) ? '' : `of ${memoryAs(total, unit).digits} `}${unit}${limited ? ' allowed' : ''}</span>`;
}

function memoryCell(memory: MemoryFacts): TemplateResult {
  const { used, total, cached, sharedUsed, sharedTotal, swapUsed, swapTotal } = memory;
  const part = share(used, total);
  const cache = share(cached, total) ?? 0;
  const line = (title: string, value: Measured<number>, all?: Measured<number>) => {
    const unit = isAbsent(total) ? 'GiB' : memoryQuantity(known(all) ?? total).unit;
    return html`<span>${title}</span><span></span
      ><span>${cell(value, (bytes) => `${memoryAs(bytes, unit).digits}${all === undefined || isAbsent(all) ? '' : ` of ${memoryAs(all, unit).digits}`} ${unit}`)}</span>`;
  };
  const hasSwap = (known(swapTotal) ?? 0) > 0;
  return html`<section class="cell" aria-label="Memory">
    <div class="top"><span class="k">Memory</span>${memoryTop(memory)}</div>
    ${part === undefined
      ? html`<div class="bar wide hatch"></div>`
      : html`<div class="bar wide"><i class="p" .style=${percentWide(part)}></i><i class="cache" .style=${percentWide(Math.min(cache, 100 - part))}></i></div>`}
    <div class="kv">${line('page cache', cached)}${line('/dev/shm', sharedUsed, sharedTotal)}${hasSwap ? line('swap', swapUsed, swapTotal) : html`<span>swap</span><span></span><span>${cell(swapTotal, () => 'none')}</span>`}</div>
  </section>`;
}

function pressureCell(pressure: PressureFacts): TemplateResult {
  const line = (title: string, name: HostSeries, value: Measured<number>) => html`<span>${title}</span>${spark(name, '%', 100)}<span>${cell(value, percent)}</span>`;
  return html`<section class="cell" aria-label="Pressure">
    <div class="top"><span class="k">Pressure</span><b>CPU ${cell(pressure.cpu, (value) => quantity({ digits: oneDecimal(value), unit: '%' }))}</b><span class="end dim">10 s avg</span></div>
    <div class="kv wide">${line('CPU', 'cpuPressure', pressure.cpu)}${line('I/O', 'ioPressure', pressure.io)}${line('Mem', 'memoryPressure', pressure.memory)}</div>
  </section>`;
}

function percent(value: number): string {
  return `${oneDecimal(value)}%`;
}

function rateTop(value: Measured<number>): TemplateResult {
  return html`<b>${cell(value, (rate) => rateQuantity(rate).digits)}</b><span class="u">${isAbsent(value) ? '' : rateQuantity(value).unit}</span>`;
}

function inRate(value: Measured<number>) {
  return cell(value, (rate) => `${rateQuantity(rate).digits} ${rateQuantity(rate).unit}`);
}

function diskCell(disk: DiskFacts): TemplateResult {
  const { read, written, fullest } = disk;
  return html`<section class="cell" aria-label="Disk">
    <div class="top"><span class="k">Disk</span>${rateTop(read)}<span class="u">read</span></div>
    <div class="spark tall" role="img" aria-label="Disk reads over the window" data-series="diskRead" data-unit="rate" data-tone="plain"></div>
    <div class="kv">
      <span>write</span><span></span><span>${inRate(written)}</span>
      ${fullest === null ? nothing : html`<span class="ell" title=${fullest.mount}>${fullest.mount}</span><span></span><span>${diskWarning(disk)}${whole(fullest.share)}% full, ${freeWords(fullest.available)} free</span>`}
    </div>
  </section>`;
}

function diskWarning({ fullest }: DiskFacts): TemplateResult | typeof nothing {
  return fullest !== null && fullest.share >= NEARLY_FULL ? warn(`${fullest.mount} is ${whole(fullest.share)}% full`) : nothing;
}

function warn(title?: string): TemplateResult {
  return html`<span class="warnt" title=${title ?? nothing}>${icon(warningIcon, 'orange')}<span class="spoken">${title ?? 'warning'}</span></span>`;
}

function freeWords(bytes: number): string {
  return bytes >= 999.5e9 ? `${(bytes / 1e12).toFixed(1)} TB` : `${whole(bytes / 1e9)} GB`;
}

function networkCell({ received, sent, name, speed }: NetworkFacts): TemplateResult {
  return html`<section class="cell" aria-label="Network">
    <div class="top"><span class="k">Network</span>${rateTop(received)}<span class="u">in</span></div>
    <div class="spark tall" role="img" aria-label="Network in over the window" data-series="networkReceived" data-unit="rate" data-tone="plain"></div>
    <div class="kv"><span>out</span><span></span><span>${inRate(sent)}</span><span class="ell" title=${name}>${name}</span><span></span><span>${name === '' ? nothing : cell(speed, linkSpeed)}</span></div>
  </section>`;
}

function fabricCell({ active, ports, received, sent, speed, errors, loads }: FabricFacts): TemplateResult {
  return html`<section class="cell" aria-label="InfiniBand">
    <div class="top"><span class="k">InfiniBand</span><b>${active}</b><span class="u">of ${ports} ${ports === 1 ? 'link' : 'links'} up</span>${active < ports ? warn() : nothing}</div>
    <div class="ports" role="img" aria-label=${`Load of ${ports} links`}>${loads.map((load) => html`<span class=${load === null ? 'hatch' : ''}><i .style=${`height:${Math.max(load ?? 0, load === null ? 0 : 3)}%`}></i></span>`)}</div>
    <div class="kv"><span>in / out</span><span></span><span>${inOut(received, sent)}</span><span>per port</span><span></span><span>${cell(speed, linkSpeed)} · ${cell(errors, (count) => `${whole(count)} ${count === 1 ? 'error' : 'errors'}`)}</span></div>
  </section>`;
}

function inOut(received: Measured<number>, sent: Measured<number>) {
  if (isAbsent(received) || isAbsent(sent)) {
    return html`${inRate(received)} / ${inRate(sent)}`;
  }
  const [a, b] = [rateQuantity(received), rateQuantity(sent)];
  return a.unit === b.unit ? `${a.digits} / ${b.digits} ${a.unit}` : `${a.digits} ${a.unit} / ${b.digits} ${b.unit}`;
}
