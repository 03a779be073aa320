/** What a target is written with: keys, what they hold, and what they mean. Parser and JSON schema are made from this table. */
export interface Field {
  readonly kind: 'text' | 'texts' | 'textOrTexts' | 'choice' | 'flag' | 'bytes' | 'number';
  readonly words: string;
  readonly choices?: readonly string[];
  /** As the schema tells it; text for what depends on another key. */
  readonly default?: unknown;
  readonly required?: true;
  /** Names a program: honoured from user settings alone. */
  readonly userOnly?: true;
}

export const FIELDS = {
  name: { kind: 'text', words: 'How the target is called, here and on the command line. The box’s name where left out.' },
  box: { kind: 'textOrTexts', words: 'The box, or several, as ssh knows them: an alias of ~/.ssh/config, or user@host. A pull has exactly one.', required: true },
  remote: { kind: 'text', words: 'The folder on the box: from / or from ~/.', required: true },
  local: { kind: 'text', words: 'The folder here, from the workspace’s.', default: '.' },
  direction: { kind: 'choice', words: 'push: from here to the box. pull: from the box to here.', choices: ['push', 'pull'], default: 'push' },
  send: { kind: 'choice', words: 'git: what git does not ignore, where the folder is in a work tree. all: everything. A push sends what git says where left out, a pull everything.', choices: ['git', 'all'] },
  rules: { kind: 'texts', words: 'Filter rules as rsync has them, first match wins: “- *.tmp” leaves out, “+ keep/” takes in, “P runs/” protects from deletion.', default: [] },
  largest: { kind: 'bytes', words: 'Larger files are skipped: bytes, or text such as “500 MB”.' },
  deletions: { kind: 'choice', words: 'plan: what is gone on the sending side is planned for deletion, and deleted once you tick it. never: nothing is ever deleted.', choices: ['never', 'plan'], default: 'never' },
  runUnasked: { kind: 'flag', words: 'Runs without asking where a plan has no deletions, conflicts or guards.', default: false },
  checkpoints: { kind: 'texts', words: 'Patterns, relative to the folder, of what is moved as checkpoints: complete ones only, marker files last.', default: [] },
  bandwidth: { kind: 'number', words: 'The most to send, in kilobytes (1000 bytes) a second.' },
  rsyncPath: { kind: 'text', words: 'What runs in place of rsync on the boxes. From user settings alone.', userOnly: true },
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof FIELDS;

/** Of `.vscode/trainyard.json` (JSON Schema, draft 7). */
export function targetsSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Trainyard',
    description: 'Pairs of folders, here and on boxes, that Trainyard keeps in step.',
    type: 'object',
    properties: { $schema: { type: 'string' }, targets: { type: 'array', description: 'Each a folder here and one on a box, or on several.', items: targetSchema() } },
    additionalProperties: false,
    allowComments: true,
    allowTrailingCommas: true,
  };
}

function targetSchema(): object {
  const fields = Object.entries(FIELDS).filter(([, field]) => !('userOnly' in field)) as readonly [string, Field][];
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([key, field]) => [key, { ...TYPES[field.kind], ...(field.choices && { enum: field.choices }), description: field.words, ...(field.default !== undefined && { default: field.default }) }])),
    required: fields.filter(([, { required }]) => required).map(([key]) => key),
    additionalProperties: false,
    defaultSnippets: [{ label: 'target', body: { box: '${1:box}', remote: '~/${2:folder}' } }],
  };
}

const TYPES: Readonly<Record<Field['kind'], object>> = {
  text: { type: 'string', minLength: 1 },
  texts: { type: 'array', items: { type: 'string', minLength: 1 } },
  textOrTexts: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } }] },
  choice: { type: 'string' },
  flag: { type: 'boolean' },
  bytes: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'string', pattern: '^\\d+(\\.\\d+)? ?([kKMGT]i?B?|B)?$' }] },
  number: { type: 'number', exclusiveMinimum: 0 },
};
