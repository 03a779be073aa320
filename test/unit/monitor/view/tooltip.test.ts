import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../../src/base/printable.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import { escapeMarkdown } from '../../../../src/monitor/view/markdown.ts';
import { tooltipMarkdown } from '../../../../src/monitor/view/tooltip.ts';
import { LENA_ON_EIGHT, NOW, eightGpus, inventedGpu, inventedProcess, inventedReading, inventedSample, inventedUse, nothingKnown, silentDriver, sixteenGpus } from './invented.ts';

const OPTIONS = { now: NOW + 1000, memoryWarning: 98 };
// It comes with @vscode/vsce, without types.
const MarkdownIt = createRequire(import.meta.url)('markdown-it') as new (options: object) => { render(text: string): string };
const markdown = new MarkdownIt({ html: true, linkify: true });

/** What a reader sees of Markdown, tags left out. */
const seen = (text: string) => markdown.render(text).replace(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll(/\u00a0{2}/g, '').trim();

describe('the hover', () => {
  it('is a table of the GPUs with what slows them', () => {
    const lines = tooltipMarkdown(readHoldings(eightGpus(), LENA_ON_EIGHT), { ...OPTIONS, links: [{ title: 'Open System', command: 'trainyard.monitor.open' }] }).split('\n');
    expect(lines.filter((line) => line !== '').map(seen)).toEqual([
      'hgx-01 · 8 × H100 80GB HBM3 · sampled 1 s ago',
      '|GPU|Held by|Busy|VRAM|Power|Temp|',
      '|:--|:--|--:|--:|--:|--:|',
      '|0|you llama-8b-sft|97%|71.4 GiB|671 W|64 °C|',
      '|1|you llama-8b-sft|96%|71.2 GiB|$(zap) 698 W|66 °C|',
      '|2|you llama-8b-sft|96%|71.2 GiB|667 W|63 °C|',
      '|3|you llama-8b-sft|97%|70.9 GiB|588 W|$(flame) 87 °C|',
      '|4|you vit-l-aug, raj|34%|35.3 GiB|286 W|49 °C|',
      '|5|you vit-l-aug|33%|29.1 GiB|281 W|48 °C|',
      '|6|mkim vllm serve|22%|71.0 GiB|243 W|44 °C|',
      '|7|raj ipykernel|0%|18.2 GiB|71 W|31 °C|',
      '$(flame) Heat slows GPU 3 down at 87 °C.',
      '',
      'Open System',
    ]);
  });

  it('has rows of as many cells whatever a process is called', () => {
    const name = 'a | b $(error) [x](command:evil) <img src=x> `c`\n| d |';
    const process = inventedProcess(5, 'ra|j', ['python', 'x.py', '--run-name', name]);
    const text = tooltipMarkdown(readHoldings(inventedSample({ host: 'h|$(x)', gpus: [inventedReading([inventedGpu(0)], [inventedUse(0, 5, 20)])], processes: [process] }), LENA_ON_EIGHT), OPTIONS);
    expect(text).not.toMatch(/\$\((?:error|x)\)|<img|command:/);
    const html = markdown.render(text);
    expect([html.match(/<td/g)?.length, html.includes('<a'), html.includes('<code')]).toEqual([6, false, false]);
    expect(html.replace(/<[^>]*>/g, '')).toContain('b $(error) [x](command:evil)');
  });

  it('shows what is not known as not known', () => {
    const rows = tooltipMarkdown(readHoldings(nothingKnown(), LENA_ON_EIGHT), OPTIONS).replaceAll('&nbsp;', '').split('\n').filter((line) => line.startsWith('|**'));
    expect(rows).toEqual(['|**0**|not told|–|–|–|–|', '|**1**|not told|–|–|–|–|']);
    const silent = tooltipMarkdown(readHoldings(silentDriver(), LENA_ON_EIGHT), OPTIONS);
    expect(silent).not.toMatch(/\d+%|GiB\|/);
    expect(silent).toContain('$(debug-disconnect) The NVIDIA driver has not answered for 4 min');
  });

  it('names a lost GPU', () => {
    expect(tooltipMarkdown(readHoldings(sixteenGpus(), LENA_ON_EIGHT), OPTIONS)).toContain('$(error) GPU 11 no longer answers on its bus');
  });
});

describe('text in Markdown', () => {
  it('reads as itself, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('[a](b)', '<b>x</b>', '$(flame)', '**x**', '| a |', 'www.evil.test', 'https://evil.test', '# a', '1. a', '&amp;', '\\')), (text) => {
        const shown = printable(text).replace(/\s+/g, ' ').trim();
        fc.pre(shown !== '');
        const html = markdown.render(`x${escapeMarkdown(printable(text)).replace(/\s+/g, ' ')}`);
        expect(html.replace(/^<p>x|<\/p>\n$/g, '')).not.toMatch(/<[a-z]/);
      }),
    );
  });

  it.each(['a|b', '$(flame)', '<script>', '[x](command:y)', '`', '*', 'https://x.test'])('leaves no sign of %j to be understood', (text) => {
    expect(escapeMarkdown(text)).toMatch(/^(?:[a-z]|&#\d+;)+$/);
  });
});
