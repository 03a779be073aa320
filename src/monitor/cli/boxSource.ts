import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Box } from '../boxes/box.ts';
import type { BoxState } from '../boxes/boxState.ts';
import type { StatusSample, StatusSource } from './statusSource.ts';

/** Milliseconds after the first sample in which a driver has mostly told which processes use it. */
const USES_WITHIN = 3000;

/** Samples of another machine over ssh. */
export function openBoxSource(box: Box): StatusSource {
  const sampled = new Emitter<StatusSample>();
  const failed = new Emitter<string>();
  let first: number | undefined;
  box.onSample((sample) => {
    // Rates are reckoned from one sample to the next.
    const isFirst = first === undefined;
    first ??= sample.time;
    const answered = sample.gpus.every(({ state }) => state.kind !== 'starting');
    const whole = !isFirst && ((answered && sample.gpus.length > 0) || sample.time - first >= USES_WITHIN);
    sampled.fire({ sample, whole, viewer: { uid: box.uid ?? -1, folders: [] } });
  });
  box.onDidChangeState((state) => {
    const words = troubleOf(box.alias, state);
    if (words !== undefined) {
      failed.fire(words);
    }
  });
  return {
    onSample: sampled.event,
    onFailure: failed.event,
    dispose() {
      box.dispose();
      sampled.dispose();
      failed.dispose();
    },
  };
}

function troubleOf(alias: string, state: BoxState): string | undefined {
  const name = printable(alias);
  switch (state.kind) {
    case 'connecting':
    case 'live':
      return undefined;
    case 'stale':
      return `${name}: the link is cut, and is tried again`;
    case 'signIn':
      return `${name}: sign in first: ${printable(shellLine(state.command))} (${printable(state.said)})`;
    case 'unreachable':
      return `${name} does not answer: ${printable(state.said)}`;
    case 'noShell':
      return `${name} has no shell that can be read from: ${printable(state.said)}`;
  }
}
