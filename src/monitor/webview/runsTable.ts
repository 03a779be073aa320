import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../../webview/icon.ts';
import { passIcon, warningIcon } from '../../webview/icons.ts';
import { arrowSwapIcon, flameIcon, questionIcon, zapIcon } from './icons.ts';
import type { RunRow } from './protocol.ts';

export const VERDICTS: Readonly<Record<RunRow['verdict'], { readonly words: string; readonly svg: string; readonly tone: string }>> = {
  computeBound: { words: 'Compute-bound', svg: passIcon, tone: 'green' },
  inputBound: { words: 'Input-bound', svg: warningIcon, tone: 'orange' },
  communicationBound: { words: 'Communication-bound', svg: arrowSwapIcon, tone: 'purple' },
  memoryBound: { words: 'Memory-bound', svg: warningIcon, tone: 'orange' },
  powerCapped: { words: 'Power-capped', svg: zapIcon, tone: 'yellow' },
  heatCapped: { words: 'Slowed by heat', svg: flameIcon, tone: 'red' },
  unknown: { words: 'Unknown', svg: questionIcon, tone: 'dim' },
};

export interface RunsState {
  readonly runs: readonly RunRow[];
  readonly selected: ReadonlySet<string>;
}

/** What each run is waiting for, in the words of the verdict that the host gave. */
export function runsTable({ runs, selected }: RunsState, select: (key: string) => void): TemplateResult {
  return html`<header class="sh"><h2>Runs</h2><span class="ell">what each one is waiting for</span></header>
    <div class="runs" role="grid" aria-label="Runs">
      ${repeat(
        runs,
        ({ key }) => key,
        (run) => {
          const { words, svg, tone } = VERDICTS[run.verdict];
          const sentence = run.suggestion === null ? run.sentence : `${run.sentence} ${run.suggestion}`;
          return html`<div class="row run ${run.mine ? 'mk' : ''} ${selected.has(run.key) ? 'sel' : ''}" role="row" tabindex="-1" data-key=${run.key} aria-selected=${selected.has(run.key)} title=${sentence} @click=${() => select(run.key)}>
            <span class="ell" role="rowheader"><b>${run.title}</b> <span class="dim">${run.who} · GPU ${run.gpus}</span></span>
            <span class="verdict" role="gridcell">${icon(svg, tone)}<span class="ell">${words}</span></span>
            <span class="minutes" role="gridcell">${minutes(run)}</span>
            <span class="ell dim sentence" role="gridcell">${sentence}</span>
          </div>`;
        },
      )}
    </div>`;
}

/** One mark for each minute of the last hour. */
function minutes({ minutes: verdicts }: RunRow): TemplateResult | typeof nothing {
  if (verdicts.length === 0) {
    return nothing;
  }
  const label = `The last ${verdicts.length} min: ${[...new Set(verdicts)].map((verdict) => `${verdicts.filter((other) => other === verdict).length} ${VERDICTS[verdict].words.toLowerCase()}`).join(', ')}`;
  return html`<span class="marks" role="img" aria-label=${label} title=${label}>${verdicts.map((verdict) => html`<i class="v-${verdict}"></i>`)}</span>`;
}
