import { isAbsent, known } from '../../base/absent.ts';
import { age, memoryQuantity, whole } from '../webview/quantity.ts';
import { freedom } from './free.ts';
import { cardsLine, vendorTitle } from './gpuNames.ts';
import { gpuState, heldBy, isHot, limitOf } from './gpuRow.ts';
import type { HeldGpu, Holdings } from './holders.ts';
import { escapeMarkdown, markdownTable } from './markdown.ts';
import { findTroubles } from './trouble.ts';
import type { GpuWatch } from './watch.ts';

export interface TooltipOptions {
  readonly now: number;
  readonly memoryWarning: number;
  readonly watch?: GpuWatch;
  /** Below the table: what a click runs. The text that shows them has to trust just these commands. */
  readonly links?: readonly { readonly title: string; readonly command: string }[];
}

const NOT_KNOWN = '–';
/** Beyond these a tooltip is longer than a screen. */
const MOST_ROWS = 16;

/** The status bar's hover, as Markdown with theme icons: a table of the GPUs, what is amiss, and links. */
export function tooltipMarkdown(holdings: Holdings, options: TooltipOptions): string {
  const { sample, gpus } = holdings;
  const cards = cardsLine(gpus.map(({ gpu }) => gpu));
  const head = `**${escapeMarkdown(sample.host)}**${cards === '' ? '' : ` · ${escapeMarkdown(cards)}`} · sampled ${age(options.now - sample.time)} ago`;
  const rows = gpus.slice(0, MOST_ROWS).map((held) => row(held, options));
  const table = rows.length === 0 ? [] : [markdownTable([['GPU', 'left'], ['Held by', 'left'], ['Busy', 'right'], ['VRAM', 'right'], ['Power', 'right'], ['Temp', 'right']], rows)];
  const more = gpus.length > MOST_ROWS ? [`${gpus.length - MOST_ROWS} more GPUs, ${gpus.slice(MOST_ROWS).filter((held) => freedom(held) === 'free').length} of them free`] : [];
  const links = (options.links ?? []).map(({ title, command }) => `[${escapeMarkdown(title)}](command:${encodeURI(command)})`).join(' &nbsp; ');
  return [head, ...table, ...more, ...troubles(holdings, options), ...(links === '' ? [] : ['---', links])].join('\n\n');
}

function row(held: HeldGpu, { watch, now }: TooltipOptions): readonly string[] {
  const { gpu, label, fresh } = held;
  const past = watch?.of(gpu.uuid) ?? {};
  const { who, what, tone } = heldBy(held, past);
  const name = escapeMarkdown(what === '' ? who : `${who} ${what}`);
  const holder = tone === 'mine' ? `**${escapeMarkdown(who)}** ${escapeMarkdown(what)}` : name;
  if (!fresh) {
    return [`**${escapeMarkdown(label)}**`, holder, `*${escapeMarkdown(gpuState(held, past, now).words.toLowerCase())}*`, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN];
  }
  const busy = known(gpu.utilization);
  const memory = known(gpu.memoryUsed);
  const power = known(gpu.power);
  const degrees = known(gpu.temperature);
  const limit = limitOf(gpu);
  return [
    `**${escapeMarkdown(label)}**`,
    holder.trimEnd(),
    busy === undefined ? NOT_KNOWN : `${whole(busy)}%`,
    memory === undefined ? NOT_KNOWN : `${memoryQuantity(memory).digits} ${memoryQuantity(memory).unit}`,
    `${limit?.kind === 'power' || limit?.kind === 'brake' ? '$(zap) ' : ''}${power === undefined ? NOT_KNOWN : `${whole(power)} W`}`,
    `${isHot(gpu) ? '$(flame) ' : ''}${degrees === undefined ? NOT_KNOWN : `${whole(degrees)} °C`}`,
  ];
}

function troubles(holdings: Holdings, options: TooltipOptions): readonly string[] {
  const lines = findTroubles(holdings, options).map(({ icon, sentence }) => `$(${icon}) ${escapeMarkdown(sentence)}`);
  const failures = holdings.sample.gpus.flatMap(({ vendor, state }) =>
    state.kind === 'failed'
      ? [`$(info) ${escapeMarkdown(`${vendorTitle(vendor)}: ${state.problem.text}`)}${state.problem.remedy === undefined ? '' : ` ${escapeMarkdown(state.problem.remedy)}`}`]
      : [],
  );
  const hidden = holdings.gpus
    .map(({ label, hiddenMemory }) => ({ label, memory: isAbsent(hiddenMemory) ? 0 : hiddenMemory }))
    .filter(({ memory }) => memory > 0)
    .map(({ label, memory }) => `$(eye-closed) ${escapeMarkdown(`GPU ${label}: ${memoryQuantity(memory).digits} ${memoryQuantity(memory).unit} held by processes that cannot be seen here`)}`);
  return [...lines, ...failures.filter((line) => !lines.includes(line)), ...hidden.slice(0, 4)];
}
