import type { WordShape } from '../../../recipe/shape.ts';
import { wordsFor } from '../../../recipe/checkShape.ts';
import type { ToolHelp, ToolOption } from './tools/parseFfmpeg.ts';

const MOST_ROWS = 40;

/** `Has to be a whole number from 0 to 8. By itself 5.` */
export function aboutWord(shape: WordShape): string {
  const value = shape.default === undefined ? '' : ` Without it: \`${String(shape.default)}\`.`;
  return `${shape.about}\n\n${wordsFor(shape)}.${value}`;
}

/** `int · 0 to 51 · default 23` */
export function factsLine({ type, min, max, default: value }: ToolOption): string {
  const range = min === undefined && max === undefined ? undefined : `${min ?? '…'} to ${max ?? '…'}`;
  return [type, range, value !== undefined && value !== '' && `default ${value}`].filter(Boolean).join(' · ');
}

/** Text of a tool is shown as it is: it is no Markdown. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+\-.!|~]/g, '\\$&');
}

export function optionHover(owner: string, option: ToolOption): string {
  const values = option.constants.length === 0 ? '' : `\n\n${option.constants.slice(0, MOST_ROWS).map(({ name, about }) => `- \`${name}\`${about === '' ? '' : ` ${plain(about)}`}`).join('\n')}`;
  return `**${plain(option.name)}** of ${plain(owner)} · ${plain(factsLine(option))}\n\n${plain(option.about)}${values}`;
}

export function helpHover(name: string, { about, options, sampleRates }: ToolHelp): string {
  const rows = options.slice(0, MOST_ROWS).map((option) => `| \`${option.name}\` | ${plain(factsLine(option))} | ${plain(option.about)} |`);
  const more = options.length > rows.length ? `\n\nand ${options.length - rows.length} more` : '';
  const rates = sampleRates === undefined ? '' : `\n\nSample rates: ${sampleRates.join(', ')} Hz`;
  const table = rows.length === 0 ? '' : `\n\n| Option | Takes | |\n|---|---|---|\n${rows.join('\n')}${more}`;
  return `**${plain(name)}** ${plain(about)}${rates}${table}`;
}
