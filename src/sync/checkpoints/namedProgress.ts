import type { Progress } from './facts.ts';

const STEP = /(?:^|[^a-z])(?:global_?step|steps?|iter(?:ation)?|checkpoint|ckpt)[-_=]?(\d+)(?!\.\d)/i;
const EPOCH = /(?:^|[^a-z])(?:epoch|ep)[-_=]?(\d+)/i;
const NAMED = /(?:^|[-_/])([a-z]\w*?)=(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?=[-_.]|$)/gi;

/** What a name tells: `epoch=3-step=1200-val_loss=0.42.ckpt`, `checkpoint-500`, `ckpt-7`. */
export function progressOfName(name: string): Progress {
  const metrics: Record<string, number> = {};
  for (const [, key = '', value] of name.matchAll(NAMED)) {
    if (!/^(?:epoch|step|global_step|version|v)$/i.test(key)) {
      metrics[key] = Number(value);
    }
  }
  const number = (pattern: RegExp) => {
    const digits = pattern.exec(name)?.[1];
    return digits === undefined || digits.length > 15 ? undefined : Number(digits);
  };
  return { step: number(STEP), epoch: number(EPOCH), metrics };
}

/** What it states itself, and where it does not, what its name tells. */
export function mergeProgress(stated: Progress, named: Progress): Progress {
  return { step: stated.step ?? named.step, epoch: stated.epoch ?? named.epoch, metrics: { ...named.metrics, ...stated.metrics } };
}

/** Of the texts that safetensors keeps beside its tensors. */
export function progressOfMetadata(metadata: Readonly<Record<string, string>>, name: string): Progress {
  const number = (...keys: string[]) => {
    const text = keys.map((key) => (Object.hasOwn(metadata, key) ? metadata[key] : undefined)).find((value) => value !== undefined && value.trim() !== '');
    return text !== undefined && Number.isFinite(Number(text)) ? Number(text) : undefined;
  };
  const metrics = Object.fromEntries(
    Object.entries(metadata)
      .filter(([key, value]) => /(?:^|_)(?:loss|accuracy|acc|score|wer|perplexity)$/i.test(key) && value.trim() !== '' && Number.isFinite(Number(value)))
      .map(([key, value]) => [key, Number(value)]),
  );
  return mergeProgress({ step: number('global_step', 'step', 'steps', 'ss_steps'), epoch: number('epoch', 'ss_epoch'), metrics }, progressOfName(name));
}
