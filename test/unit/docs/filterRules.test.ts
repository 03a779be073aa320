import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FILTER_RULES_FILE, filterRuleTable } from '../../docs/filterRuleTable.ts';

it('the table of filter rules is the one that the code gives: node --import ./test/setup/typescript.mjs test/docs/filterRuleTable.ts', () => {
  expect(readFileSync(FILTER_RULES_FILE, 'utf8')).toBe(filterRuleTable());
});
