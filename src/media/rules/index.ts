import type { Problem } from '../problem.ts';
import { BOX_RULES } from './boxes.ts';
import { HF_RULES } from './huggingFace.ts';
import { NEMO_RULES } from './nemo.ts';
import { PAIR_RULES } from './pairs.ts';
import { ROW_RULES } from './row.ts';
import { SPEECH_RULES } from './speech.ts';
import type { Finding, FoundAt, Rule } from './rule.ts';

/** All rules by code. One group is one line here. */
export const RULES = {
  ...ROW_RULES,
  ...HF_RULES,
  ...NEMO_RULES,
  ...SPEECH_RULES,
  ...BOX_RULES,
  ...PAIR_RULES,
} as const;

export type RuleCode = keyof typeof RULES;

export function ruleOf(code: string): Rule | undefined {
  return Object.hasOwn(RULES, code) ? RULES[code as RuleCode] : undefined;
}

/** A finding as a problem of a file and row, as grave as its rule says. */
export function problemOf({ code, message, key, related }: Finding<RuleCode>, { file, row }: FoundAt): Problem {
  return {
    code,
    severity: RULES[code].severity,
    file,
    ...(row !== undefined && { row }),
    ...(key !== undefined && { key }),
    message,
    ...(related !== undefined && { related }),
  };
}
