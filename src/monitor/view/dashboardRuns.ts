import type { RunRow } from '../webview/protocol.ts';
import { ranges } from '../webview/quantity.ts';
import type { HeldGpu, Holdings } from './holders.ts';
import { isMine } from './viewer.ts';

/** What each run waits for, as far as a doctor has said so. */
export function runRows({ sample, gpus, runs }: Holdings): readonly RunRow[] {
  const reports = new Map((sample.runs ?? []).map((report) => [report.key, report]));
  return runs.flatMap((run) => {
    const report = reports.get(run.key);
    if (report === undefined) {
      return [];
    }
    const { kind, sentence, suggestion, minutes } = report;
    return [
      {
        key: run.key,
        title: run.title,
        who: isMine(run.owner) ? 'you' : run.user,
        mine: isMine(run.owner),
        gpus: words(gpus.filter(({ gpu }) => run.gpus.includes(gpu.uuid))),
        gpuKeys: run.gpus,
        verdict: kind,
        sentence,
        suggestion: suggestion ?? null,
        minutes: minutes.map((minute) => minute.kind),
      },
    ];
  });
}

/** `0–3`; with the vendors where there are several. */
function words(held: readonly HeldGpu[]): string {
  return held.every(({ label, gpu }) => label === String(gpu.index)) ? ranges(held.map(({ gpu }) => gpu.index)) : held.map(({ label }) => label).join(', ');
}
