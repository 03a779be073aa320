import type { Rules } from './rule.ts';

export const PAIR_RULES = {
  'pairs/caption-missing': { severity: 'warning', title: 'File without its caption', help: 'Trainers fall back to the folder’s name or to no words at all.' },
  'pairs/caption-orphan': { severity: 'warning', title: 'Caption without its file', help: 'No picture or sound of this name is beside it: it is never read.' },
  'pairs/caption-empty': { severity: 'warning', title: 'Caption is empty', help: 'The file is trained on without words.' },
} as const satisfies Rules;
