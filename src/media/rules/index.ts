import type { Problem } from '../problem.ts';
import { BOX_RULES } from './boxes.ts';
import { CONVERSATION_RULES } from './conversations.ts';
import { HF_RULES } from './huggingFace.ts';
import { LHOTSE_RULES } from './lhotse.ts';
import { MEDIA_RULES } from './media.ts';
import { NEMO_RULES } from './nemo.ts';
import { NUSCENES_RULES } from './nuscenes.ts';
import { PAIR_RULES } from './pairs.ts';
import { ROBOT_RULES } from './robots.ts';
import { ROW_RULES } from './row.ts';
import { SHARD_RULES } from './shards.ts';
import { SPEECH_RULES } from './speech.ts';
import { SPLIT_RULES } from './splits.ts';
import type { Finding, FoundAt, Rule } from './rule.ts';

/** All rules by code. One group is one line here. */
export const RULES = {
  ...MEDIA_RULES,
  ...SPLIT_RULES,
  ...ROW_RULES,
  ...HF_RULES,
  ...NEMO_RULES,
  ...SPEECH_RULES,
  ...BOX_RULES,
  ...PAIR_RULES,
  ...SHARD_RULES,
  ...CONVERSATION_RULES,
  ...LHOTSE_RULES,
  ...ROBOT_RULES,
  ...NUSCENES_RULES,
} as const;

export type RuleCode = keyof typeof RULES;

export function ruleOf(code: string): Rule | undefined {
  return Object.hasOwn(RULES, code) ? RULES[code as RuleCode] : undefined;
}

/** A finding as a problem of a file and row, as grave as its rule says. */
export function problemOf({ code, message, key, related }: Finding<RuleCode>, { file, row, line }: FoundAt): Problem {
  return {
    code,
    severity: RULES[code].severity,
    file,
    ...(row !== undefined && { row }),
    ...(line !== undefined && { line }),
    ...(key !== undefined && { key }),
    message,
    ...(related !== undefined && { related }),
  };
}
